# SPDX-License-Identifier: GPL-2.0-or-later
# Sockets older than pktop, and their processes: what sock_diag and /proc say of them in several
# network namespaces, and that they are named on every kernel.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command mkfifo python3 setpriv timeout

tool=$top_builddir/tests/owner-tool
[ -x "$tool" ] || skip_all "tests/owner-tool is not built"
new_ns a b
for ns in a b; do
	mkfifo "$dir/go.$ns"
	nsenter --net="/run/netns/$ns" -- timeout 120 python3 \
		"${top_srcdir:-.}/tests/netns/owner-cast.py" 20000 sockets silent \
		<"$dir/go.$ns" >"$dir/said.$ns" &
	pids="$pids $!"
done
exec 3>"$dir/go.a" 4>"$dir/go.b"
has_all() { [ "$(wc -l <"$1")" -ge 8 ]; }
ok "sockets in one namespace" wait_for 20 has_all "$dir/said.a"
ok "sockets in another namespace" wait_for 20 has_all "$dir/said.b"

in_ns a "$tool" >"$dir/all"
is "sock_diag tells" $? 0
like "nothing was left out" "$(tail -n 1 "$dir/all")" '^others 0, refused 0, '
if grep -q ' icmp ' "$dir/all"; then
	told=.
	pass "raw sockets"
else
	told=' (tcp|udp) '
	pass "raw sockets # SKIP the kernel has no raw_diag"
fi
# want NS: what the processes in a namespace say, of what the kernel can tell
want() { grep -E "$told" "$dir/said.$1" | sort; }
for ns in a b; do
	netns=$(in_ns "$ns" stat -L -c %i /proc/self/ns/net)
	is "$ns: each is there, once, with its process" \
		"$(sed -n "s/^$netns //p" "$dir/all" | sort)" "$(want "$ns")"
done
# another user, who may not enter them nor read the files of others
cp "$tool" "$dir/tool"
in_ns a setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all "$dir/tool" \
	>"$dir/all"
is "without privileges: what is missing" "$(tail -n 1 "$dir/all")" \
	"others 0, refused 0, denied some"
is "without privileges: the same sockets, of nobody" "$(sed -n '$d; s/^[0-9]* //p' "$dir/all" |
	sort)" "$(want a | sed 's/[0-9]* [^ ]*$/0 /')"

# ---- the whole program

echo >&3
has_silent() { tail -n 1 "$dir/said.a" | grep -Eq '^[0-9]+ [0-9]+ silent$'; }
ok "a socket that nobody reads from" wait_for 20 has_silent
port=$(tail -n 1 "$dir/said.a")
pid=${port#* } port=${port%% *}
ok "start" start run a -i lo --json
in_ns a "$spray" udp 127.0.0.1 4009 127.0.0.1 "$port" 3 100
stop run
is "ends well" "$status $(cat "$dir/run.err")" "0 "
is "who has it is named, estimated" "$(report run --argjson port "$port" '.flows[] |
	select(.direction == "in" and .dst_port == $port) | .owner |
	"\(.pid) \(.comm) \(.estimated)"')" "$pid true"
done_testing
