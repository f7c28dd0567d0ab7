# SPDX-License-Identifier: GPL-2.0-or-later
# What one cgroup sends and receives is counted to the octet, and nothing else is.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command iperf3 python3

mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$mount" ] || skip_all "cgroup version 2 is not mounted"
cgroup=$mount/pktop-test-$$
mkdir "$cgroup" || skip_all "cannot make a cgroup"
# shellcheck disable=SC2154
trap 'clean_up; sleep 0; rmdir "$cgroup/inner" "$cgroup" 2>/dev/null' EXIT
mkdir "$cgroup/inner"

new_ns a b
join a va 1 b vb 2 1
# so that the interface counts segments one by one
offloads a va off
offloads b vb off

# within NS COMMAND...: in the inner cgroup
# shellcheck disable=SC2016 # the inner shell expands
within() {
	ns=$1
	shift
	in_ns "$ns" sh -c 'echo $$ >"$0/inner/cgroup.procs" && exec "$@"' "$cgroup" "$@"
}

ok "by path" start all a -c "$cgroup" --json
ok "by path below the mount" start below a -c "/pktop-test-$$/inner" --json
ok "by name" start named a -c "pktop-test-$$" --json

within a "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 100 100
within a "$spray" udp fd09:1::1 4002 fd09:1::99 5002 50 200
in_ns a "$spray" udp 10.9.1.1 4003 10.9.1.99 5003 70 100 # another cgroup

# TCP: what the cgroup sees is what passes the interface, super-frames as well, since all of it is
# to or from its socket. A socket that waits for the other side's FIN for no more than a minute is
# replaced by one of no cgroup (tcp_time_wait() in Linux), which would get that FIN.
in_ns a sysctl -qw net.ipv4.tcp_fin_timeout=120
nsenter --net=/run/netns/b -- iperf3 -s -1 >"$dir/server.log" 2>&1 &
server=$!
pids="$pids $server"
ok "the server listens" wait_for 10 listens b 5201
before=$(counters a va)
ok "TCP" within a iperf3 -c 10.9.1.2 -n 3M
wait "$server"
wait_for 10 closed a
after=$(counters a va)
for name in all below named; do
	stop $name
	is "$name: ends well" $status 0
	is "$name: nothing to say" "$(cat "$dir/$name.err")" ""
	is "$name: the books balance" "$(unbalanced $name)" ""
	is "$name: UDP" "$(flow $name '.dst_port == 5001 and .direction == "out"')" "100 12800"
	is "$name: UDP over 6" "$(flow $name '.dst_port == 5002 and .direction == "out"')" "50 12400"
	is "$name: nothing of others" "$(flow $name '.dst_port == 5003')" "0 0"
	is "$name: layer" "$(report $name .layer)" ip
	is "$name: interface" "$(report $name '.interfaces[] | "\(.name) \(.attach)"')" "va cgroup"
done
# shellcheck disable=SC2046,SC2086 # words
set -- $(minus "$after" "$before")
is "TCP in" "$(flow all '.proto == "tcp" and .direction == "in"')" "$2 $(($3 - 14 * $2))"
is "TCP out" "$(flow all '.proto == "tcp" and .direction == "out"')" "$5 $(($6 - 14 * $5))"

# The namespace of another interface, by number
ok "elsewhere" start far b -c "$cgroup" --json
within a "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 3 100
stop far
index=$(ip -n a -j link show dev va | jq '.[0].ifindex')
is "an interface of another namespace" "$(report far '.interfaces[].name')" \
	"$index@$(in_ns a stat -Lc %i /proc/self/ns/net)"
is "its packets" "$(flow far '.dst_port == 5001')" "3 384"

# More flows than there is room for, and more of their own ports than folding rows
ok "full" start full a -c "$cgroup" --json --max-flows 1024 --interval 1h
within a python3 - <<-'END'
	import socket

	for port in range(10000, 14000):
	    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
	        sender.bind(("10.9.1.1", port))
	        sender.sendto(bytes(100), ("10.9.1.99", 5001))
END
stop full
is "full: all of it" "$(report full '.ledger[] | select(.direction == "out") |
	"\(.total.packets) \(.total.bytes)"')" "4000 512000"
is "full: the books balance" "$(unbalanced full)" ""
# 1024 flows and 2048 rows; the table of all intervals folds some of the flows again
is "full: what found no room" "$(report full '.ledger[] | select(.direction == "out") |
	.other.no_room.packets')" 928
is "full: some folded" "$(report full '.ledger[] | select(.direction == "out") |
	.folded.packets > 2047 and .flows.packets > 0')" true

# Names that mean nothing
refused() {
	status=0
	in_ns a "$pktop" --batch -t 1s "$@" >"$dir/refused.out" 2>"$dir/refused.err" || status=$?
	[ $status = 1 ] && [ "$(wc -l <"$dir/refused.err")" = 1 ]
}
ok "no such name" refused -c no-such.service
ok "which says where it looked" grep -q "no cgroup \"no-such.service\" is below $mount" \
	"$dir/refused.err"
ok "no such path" refused -c "$cgroup/none"
ok "not a cgroup" refused -c /tmp

# A cgroup that goes
mkdir "$cgroup/inner/gone"
ok "one that will go" start gone a -c "$cgroup/inner/gone" --json
rmdir "$cgroup/inner/gone"
stop gone
is "its end is told" "$(report gone '.note | test("was removed: nothing more is counted")')" true

done_testing
