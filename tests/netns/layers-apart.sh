# SPDX-License-Identifier: GPL-2.0-or-later
# One transfer, counted by every back end at a time: what they say differs by their layer alone.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"

mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$mount" ] || skip_all "cgroup version 2 is not mounted"
cgroup=$mount/pktop-apart-$$
mkdir "$cgroup" || skip_all "cannot make a cgroup"
trap 'clean_up; rmdir "$cgroup" 2>/dev/null' EXIT

new_ns a b
join a va 1 b vb 2 1
offloads a va off
offloads b vb off

ok "tc: start" start tc a -i va --json
ok "tc, IP octets: start" start ip a -i va --layer ip --json
ok "xdp: start" start xdp b -x -i vb --xdp-mode generic --json
ok "cgroup: start" start cgroup a -c "$cgroup" --json
ok "process: start" start process a -k --json

# N datagrams of SIZE octets of payload, to nobody
n=100 size=200
# shellcheck disable=SC2016 # the inner shell expands
in_ns a sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
	"$spray" udp 10.9.1.1 4001 10.9.1.99 5001 $n $size
# shellcheck disable=SC2016
in_ns a sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
	"$spray" udp fd09:1::1 4002 fd09:1::99 5002 $n $size
for name in tc ip xdp cgroup process; do
	stop $name
	is "$name: ends well" "$status" 0
	is "$name: the books balance" "$(unbalanced $name)" ""
done

# all NAME DIRECTION: packets and bytes of both families
all() { echo "$(flow "$1" ".dst_port == 5001 and .direction == \"$2\"") $(flow "$1" \
	".dst_port == 5002 and .direction == \"$2\"")"; }
ethernet=14 ipv4=20 ipv6=40 udp=8
is "process: the payload, calls for packets" "$(all process out)" \
	"$n $((n * size)) $n $((n * size))"
is "cgroup: and the headers of UDP and IP" "$(all cgroup out)" \
	"$n $((n * (size + udp + ipv4))) $n $((n * (size + udp + ipv6)))"
is "tc, IP octets: the same" "$(all ip out)" "$(all cgroup out)"
is "tc: and the Ethernet header" "$(all tc out)" \
	"$n $((n * (size + udp + ipv4 + ethernet))) $n $((n * (size + udp + ipv6 + ethernet)))"
is "xdp, on the other side of the wire: the same" "$(all xdp in)" "$(all tc out)"
is "each says what its bytes are" \
	"$(for name in process cgroup ip tc xdp; do report $name .layer; done | tr '\n' ' ')" \
	"payload ip ip l2 l2 "
is "and whose they are" "$(for name in process cgroup ip tc; do
	report $name '[.flows[] | select(.dst_port == 5001) | .owner.comm] | unique | join(" ")'
done | tr '\n' ' ')" "spray spray spray spray "
done_testing
