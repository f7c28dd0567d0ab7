# SPDX-License-Identifier: GPL-2.0-or-later
# What the manual says to users of other programs works as it stands there.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
for library in JANSSON HTP CURL; do
	grep -q "^#define HAVE_$library 1" "$top_builddir/config.h" ||
		skip_all "built without $library"
done
python3 -c 'import http.server' 2>/dev/null || skip_all "needs Python's http.server"
unset http_proxy all_proxy HTTP_PROXY ALL_PROXY

new_ns a b
join a eth0 1 b vb 2 1
nsenter --net=/run/netns/a -- python3 "${top_srcdir:-.}/tests/netns/http-server.py" 8090 \
	2>"$dir/server" &
pids="$pids $!"
ok "a server for the callback" wait_for 20 listens a 8090
sed -n '/^\.Ss Streams of other/,/^\.El/s/^\.Dl pktop //p' "${top_srcdir:-.}/man/pktop.8" >"$dir/lines"
is "there are some" "$(wc -l <"$dir/lines")" 6
while IFS= read -r line; do
	eval "set -- $line" # quotes as in a shell
	ok "$line" start other a "$@" -o "$dir/records"
	in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 5001 1 100
	stop other
	is "$line: ends well" "$status" 0
	case $line in
	*--unique* | *eth0*dir*) ok "$line: has records" grep -q 5001 "$dir/records" ;;
	*) ok "$line: has records" grep -q '"type":"meta"' "$dir/records" ;;
	esac
	rm -f "$dir/records"
done <"$dir/lines"
done_testing
