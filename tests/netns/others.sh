# SPDX-License-Identifier: GPL-2.0-or-later
# What the manual says to users of other programs works as it stands there.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command curl
need_library JANSSON HTP CURL
need_module http.server

new_ns a b
join a eth0 1 b vb 2 1
nsenter --net=/run/netns/a -- python3 "${top_srcdir:-.}/tests/netns/http-server.py" 8090 \
	"$dir/posted" 2>"$dir/server" &
pids="$pids $!"
ok "a server for the callback" wait_for 20 listens a 8090
sed -n '/^\.Ss Streams of other/,/^\.El/s/^\.Dl pktop //p' "${top_srcdir:-.}/man/pktop.8" >"$dir/lines"
is "there are some" "$(wc -l <"$dir/lines")" 6
has() { grep -q "$1" "$2"; }
while IFS= read -r line; do
	eval "set -- $line" # quotes as in a shell
	ok "$line" start other a "$@" -o "$dir/records"
	in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 5001 1 100
	in_ns b curl -s -m 20 -o "$dir/body" http://10.9.1.1:8090/ok
	case $line in
	*--external*) want='"type":"meta"' ;; # all of it is internal
	*flows*) want=5001 ;;
	*conns*) want='"type":"accept".*"dst_port":8090' ;;
	*) want='"type":"http".*"path":"/ok"' ;;
	esac
	ok "$line: has records" wait_for 10 has "$want" "$dir/records"
	stop other
	is "$line: ends well" "$status" 0
	rm -f "$dir/records"
done <"$dir/lines"
ok "the callback had them" has '"path":"/ok"' "$dir/posted"
done_testing
