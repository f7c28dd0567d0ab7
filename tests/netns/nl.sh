#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Links, events and clsact filters against a real kernel, in network namespaces of its own.

: "${top_srcdir:=.}" "${top_builddir:=.}"
. "$top_srcdir/tests/lib.sh"

tool=$top_builddir/tests/nl-tool
need_root
need_command ip tc unshare mkfifo mktemp
[ -x "$tool" ] || skip_all "tests/nl-tool is not built"
if [ -z "${NL_TEST_NAMESPACE-}" ]; then
	unshare -n true 2>/dev/null || skip_all "cannot make a network namespace"
	NL_TEST_NAMESPACE=1 exec unshare -n sh "$0"
fi

dir=$(mktemp -d) || exit 1
peer=pktop-nl-$$
cleanup() {
	exec 3>&- 4>&- 5>&-
	ip netns del "$peer" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

if [ -e /proc/sys/net/ipv6/conf/default/disable_ipv6 ]; then
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 # no frames but ours
fi
ip link add v0 type veth peer name v1 2>/dev/null || skip_all "the kernel has no veth"
tc qdisc add dev v0 clsact 2>/dev/null || skip_all "the kernel has no clsact"
tc filter add dev v0 ingress protocol all u32 match u32 0 0 classid 1:1 2>/dev/null ||
	skip_all "the kernel has no u32 classifier"
tc qdisc del dev v0 clsact
ip link set v0 up
ip link set v1 up

# start N ARGUMENT...: the tool in the background, its input on file descriptor N (3, 4 or 5)
start() {
	n_tool=$1
	shift
	rm -f "$dir/in$n_tool"
	mkfifo "$dir/in$n_tool"
	: >"$dir/out$n_tool"
	"$tool" "$@" <"$dir/in$n_tool" >"$dir/out$n_tool" 2>&1 3>&- 4>&- 5>&- &
	eval "pid$n_tool=\$! && exec $n_tool>\"\$dir/in$n_tool\""
}

pid3=
stop() {
	eval "exec $1>&- && wait \$pid$1"
}

n_lines() { wc -l <"$dir/out$1"; }
more_lines() { [ "$(n_lines "$1")" -gt "$2" ]; }

# ask N COMMAND...: sends a command and prints the answer, without the command
ask() {
	n_tool=$1 before=$(n_lines "$1")
	shift
	echo "$*" >&"$n_tool"
	wait_for 10 more_lines "$n_tool" "$before"
	tail -n 1 "$dir/out$n_tool" | sed "s/^$* //"
}

qdisc() { tc qdisc show dev "$1" | sed -n 's/^qdisc \(clsact\|ingress\) .*/\1/p'; }
# names of the BPF filters, with the IDs of runs replaced
filters() {
	tc filter show dev "$1" "$2" | sed -n 's/.* handle 0x[0-9a-f]* \([^ ]*\) .*/\1/p' |
		sed 's/^pktop-[0-9a-f]\{16\}\(+q\)\{0,1\}$/pktop-ID\1/' | sort | tr '\n' ' '
}
priorities() {
	tc filter show dev "$1" "$2" | sed -n 's/.* pref \([0-9]*\) bpf.* handle .*/\1/p' |
		tr '\n' ' '
}
n_u32() { tc filter show dev "$1" "$2" | grep -c 'u32.* fh 800::800'; }
clear_hooks() { tc qdisc del dev "$1" clsact 2>/dev/null || :; }

# ---- requests and dumps

tc qdisc add dev v0 clsact
is "batch: one system call, a failure does not stop the rest" "$("$tool" batch v0 v1)" \
	"too few results: -22
sends 1 results -17 0 0 -17"
clear_hooks v0
is "a dump that its reader gives up leaves the socket usable" "$("$tool" give-up)" \
	"-125 after 1, then 3"

i=0
while [ $i -lt 100 ]; do
	echo "link add x$i type veth peer name y$i"
	i=$((i + 1))
done >"$dir/many"
ip -batch "$dir/many"
is "a dump that a change interrupts starts over" \
	"$("$tool" interrupt 'ip link add late type veth peer name later')" "restarts 1 links 205"
is "the list holds all of many links" "$("$tool" links | grep -c ' kind=veth ')" 204
sed -n 's/link add \([^ ]*\) .*/link del \1/p' "$dir/many" >"$dir/none"
ip -batch "$dir/none"
ip link del late

# ---- the list

ip netns add "$peer"
ip link add far type veth peer name near netns "$peer"
ip link add br0 type bridge
ip link set v1 master br0
ip link add mv0 link v0 type macvlan
v0=$(ip -o link show dev v0 | sed 's/:.*//') br0=$(ip -o link show dev br0 | sed 's/:.*//')
v1=$(ip -o link show dev v1 | sed 's/:.*//')
list=$("$tool" links)
like "loopback" "$list" "^lo kind= type=772 master=0 lower=0 loopback rx=0$"
like "veth with its peer here" "$list" "^v0 kind=veth type=1 master=0 lower=$v1 up rx="
like "a port of a bridge" "$list" "^v1 kind=veth type=1 master=$br0 lower=$v0 up rx="
like "veth with its peer elsewhere" "$list" "^far kind=veth type=1 master=0 lower=0 elsewhere rx=0$"
like "a stacked device" "$list" "^mv0 kind=macvlan type=1 master=0 lower=$v0 rx=0$"
like "a bridge" "$list" "^br0 kind=bridge type=1 master=0 lower=0 rx=0$"

ip link set v1 nomaster
before=$("$tool" links | sed -n 's/^v1 .* rx=//p')
"$tool" frames v0 v1 4 >/dev/null
is "counters of the kernel" "$("$tool" links | sed -n 's/^v1 .* rx=//p')" $((before + 4))

ip addr add 192.0.2.1/24 dev v0
ip route add default via 192.0.2.2 table 100
ip route add 198.51.100.0/24 via 192.0.2.2
is "other routes than the default of the main table" "$("$tool" links | grep -c default)" 0
ip route add default via 192.0.2.2
like "IPv4 default route" "$("$tool" links)" "^v0 .* up default rx="
ip route del default
ip addr add 203.0.113.1/24 dev v1
ip route add default nexthop via 192.0.2.2 nexthop via 203.0.113.2
is "IPv4 default route with two next hops" \
	"$("$tool" links | sed -n 's/ .* default .*//p' | sort | tr '\n' ' ')" "v0 v1 "
ip route del default
if [ -e /proc/sys/net/ipv6/conf/v0/disable_ipv6 ]; then
	echo 0 >/proc/sys/net/ipv6/conf/v0/disable_ipv6
	ip -6 route add default dev v0
	like "IPv6 default route" "$("$tool" links)" "^v0 .* up default rx="
	echo 1 >/proc/sys/net/ipv6/conf/v0/disable_ipv6
else
	pass "IPv6 default route # SKIP the kernel has no IPv6"
fi

ip link set br0 up
is "the default choice leaves veths out where there is a bridge" "$("$tool" choose)" br0
is "names and patterns" "$("$tool" choose lo 'v?' | sort | tr '\n' ' ')" "lo v0 v1 "
ip link del mv0
ip link del br0
is "where only veths are" "$("$tool" choose | sort | tr '\n' ' ')" "v0 v1 "

# ---- events

# the last whole list that the tool printed
followed() {
	awk '/^\.$/ { last = list; list = ""; next }
		{ list = list $0 "\n" }
		END { printf "%s", last }' "$dir/out3"
}
follows() { followed | grep -Eq -- "$1"; }
follows_not() { [ -n "$(followed)" ] && ! follows "$1"; }
n_lists() { grep -c '^\.$' "$dir/out3"; }

start 3 follow
ok "follow: the list at first" wait_for 10 follows "^v1 .* master=0 "
ip link set far name renamed
ok "follow: a new name" wait_for 10 follows "^renamed "
is "follow: the old name is gone" "$(followed | grep -c '^far ')" 0
ip link add br0 type bridge
ok "follow: a new link" wait_for 10 follows "^br0 kind=bridge "
br0=$(ip -o link show dev br0 | sed 's/:.*//')
ip link set v1 master br0
ok "follow: a new port" wait_for 10 follows "^v1 .* master=$br0 "
ip link set br0 up # the bridge tells of its port in a message that looks like one about the link
ip link set renamed name far
wait_for 10 follows "^far "
like "follow: what bridges say of their ports is no link" "$(followed)" \
	"^v1 kind=veth type=1 master=$br0 lower=$v0 up "
ip link set far name renamed
ip link set v1 nomaster
ok "follow: a port that leaves its bridge is still a link" wait_for 10 follows "^v1 .* master=0 "
ip link del br0
ok "follow: a link is deleted" wait_for 10 follows_not "^br0 "
ip route add default via 192.0.2.2
ok "follow: a new default route" wait_for 10 follows "^v0 .* default "
ip route del default
ok "follow: a default route is deleted" wait_for 10 follows_not "^v0 .* default "
ip route add default via 192.0.2.2
wait_for 10 follows "^v0 .* default "
ip link set v0 down
ok "follow: a link goes down and takes its route along" wait_for 10 follows_not "^v0 .* default "
is "follow: it is down" "$(followed | grep -c '^v0 .* up')" 0
ip link set v0 up
ok "follow: up again" wait_for 10 follows "^v0 .* up "

kill -STOP "$pid3"
before=$(n_lists)
for name in n0 n1 n2 n3; do
	ip link set renamed name $name
	ip link set $name name renamed
done
ip link set renamed name once
kill -CONT "$pid3"
ok "follow: many changes at once" wait_for 10 follows "^once "
is "follow: one report for a batch of events" $(($(n_lists) - before)) 1

i=0
while [ $i -lt 400 ]; do
	echo "link set once mtu $((1400 + i % 2))"
	i=$((i + 1))
done >"$dir/flood"
n_drops() { awk '$2 == 0 && $9 > 0' /proc/net/netlink | wc -l; }
kill -STOP "$pid3"
ip -batch "$dir/flood"
ip link set once name twice
ip link set v1 down
is "the flood was too much for the socket" "$(n_drops)" 1
kill -CONT "$pid3"
ok "follow: right after events were lost" wait_for 10 follows "^twice "
is "follow: also about other links" "$(followed | grep -c '^v1 .* up ')" 0
ip link set v1 up
ok "follow: goes on after that" wait_for 10 follows "^v1 .* up "
ok "follow: ends well" stop 3
ip link del twice

# ---- filters

start 3 attach
is "attach: both ends" "$(ask 3 attach v0) $(ask 3 attach v1)" "0 0"
is "attach: makes the qdisc and says so" \
	"$(qdisc v0) $(filters v0 ingress)$(filters v0 egress)" \
	"clsact pktop-ID+q pktop-ID+q "
is "attach: not twice" "$(ask 3 attach v0)" -17
is "attach: traffic goes on" "$("$tool" frames v0 v1 10)" 10
is "attach: every frame is seen once on its way out and once in" "$(ask 3 runs)" "in 10 out 10"
is "others: none" "$("$tool" others v0)" 0
is "sweep leaves the living alone" "$("$tool" sweep) $(filters v0 ingress)" "0 pktop-ID+q "
is "detach" "$(ask 3 detach v0) $(qdisc v0)$(filters v0 ingress)" "0 "
is "detach: the other interface stays attached" \
	"$(qdisc v1) $(filters v1 egress)" "clsact pktop-ID+q "
is "detach: what is not attached" "$(ask 3 detach v0)" 0
is "attach again" "$(ask 3 attach v0) $(filters v0 ingress)" "0 pktop-ID+q "
stop 3
is "close detaches everywhere" "$(tail -n 1 "$dir/out3") $(qdisc v0)$(qdisc v1)" "closed "
is "others: no clsact" "$("$tool" others v0)" -2

start 3 attach
is "what is no program is refused, and leaves no qdisc" "$(ask 3 wrong v0) $(qdisc v0)" "-22 "
tc qdisc add dev v0 clsact
is "what is no program leaves the qdisc of others" \
	"$(ask 3 wrong v0) $(qdisc v0)$(filters v0 ingress)" \
	"-22 clsact"
is "no such interface" "$(ask 3 attach '#4242')" -19
clear_hooks v0
tc qdisc add dev v0 ingress
is "an ingress qdisc is in the way" "$(ask 3 attach v0) $(qdisc v0)" "-16 ingress"
tc qdisc del dev v0 ingress

# two runs on one interface
start 4 attach
is "two runs: both attach" "$(ask 3 attach v0) $(ask 4 attach v0)" "0 0"
is "two runs: the newcomer carries the mark on" "$(filters v0 egress)" "pktop-ID+q pktop-ID+q "
is "two runs: the other one is no other" "$("$tool" others v0)" 0
"$tool" frames v0 v1 3 >/dev/null
is "two runs: both see every frame" "$(ask 3 runs), $(ask 4 runs)" "in 0 out 3, in 0 out 3"
is "two runs: the maker of the qdisc leaves it" \
	"$(ask 3 detach v0) $(qdisc v0) $(filters v0 ingress)" \
	"0 clsact pktop-ID+q "
"$tool" frames v0 v1 3 >/dev/null
is "two runs: the other one counts on" "$(ask 4 runs)" "in 0 out 6"
is "two runs: the last one out removes it" "$(ask 4 detach v0) $(qdisc v0)" "0 "

# beside others
tc qdisc add dev v0 clsact
is "empty qdisc of others" "$(ask 3 attach v0) $(filters v0 ingress)" "0 pktop-ID "
is "empty qdisc of others stays" \
	"$(ask 3 detach v0) $(qdisc v0) $(filters v0 ingress)" "0 clsact "
tc filter add dev v0 ingress protocol all prio 7 u32 match u32 0 0 classid 1:1
"$tool" filter v0 egress 9 -1 guest
is "others: one u32, one bpf" "$("$tool" others v0)" 2
is "beside filters of others" "$(ask 3 attach v0) $(filters v0 egress)" "0 guest pktop-ID "
is "beside filters of others: right in front" \
	"$(priorities v0 ingress)$(priorities v0 egress)" "6 8 9 "
is "others: ours do not count" "$("$tool" others v0)" 2
is "filters of others stay" \
	"$(ask 3 detach v0) $(qdisc v0) $(n_u32 v0 ingress) $(filters v0 egress)" \
	"0 clsact 1 guest "
clear_hooks v0
ask 3 attach v0 >/dev/null
tc filter add dev v0 ingress protocol all u32 match u32 0 0 classid 1:1
is "filters of others keep a qdisc that we made" \
	"$(ask 3 detach v0) $(qdisc v0) $(n_u32 v0 ingress) $(filters v0 egress)" \
	"0 clsact 1 "
clear_hooks v0

tc qdisc add dev v1 clsact
"$tool" filter v1 ingress 1 0 guest # TC_ACT_OK: nothing behind it is asked
before=$(ask 3 runs)
is "in front of a bpf filter at priority 1" \
	"$(ask 3 attach v1) $(priorities v1 ingress)" "0 1 1 "
"$tool" frames v0 v1 5 >/dev/null
is "and so every frame is seen" "$before, $(ask 3 runs)" "in 0 out 3, in 5 out 3"
is "leaves priority 1 to the other one" "$(ask 3 detach v1) $(filters v1 ingress)" "0 guest "
clear_hooks v1
tc qdisc add dev v1 clsact
tc filter add dev v1 ingress protocol all prio 1 u32 match u32 0 0 classid 1:1
is "behind what leaves no place in front, and says so" \
	"$(ask 3 attach v1) $(priorities v1 ingress)" \
	"1 49152 "
is "behind what leaves no place in front: detach" "$(ask 3 detach v1) $(n_u32 v1 ingress)" "0 1"
clear_hooks v1

# the interface goes away
ip link add w0 type veth peer name w1
w0=$(ip -o link show dev w0 | sed 's/@.*//;s/:.*//')
is "an interface that is down" "$(ask 3 attach w0)" 0
ip link del w0
is "an interface that is gone" "$(ask 3 detach "#$w0")" 0
stop 3

# killed
start 3 attach
ask 3 attach v0 >/dev/null
ask 3 attach v1 >/dev/null
ask 4 attach v1 >/dev/null
"$tool" filter v1 egress 9 -1 guest
kill -9 "$pid3"
wait "$pid3" 2>/dev/null
exec 3>&-
is "killed: leaves filters" "$(filters v0 ingress)$(filters v1 egress)" \
	"pktop-ID+q guest pktop-ID+q pktop-ID+q "
is "killed: a newcomer beside the dead one" "$(ask 4 attach v0) $(filters v0 ingress)" \
	"0 pktop-ID+q pktop-ID+q "
is "sweep: two interfaces" "$("$tool" sweep)" 2
is "sweep: leaves the living and the guest" \
	"$(qdisc v0) $(filters v0 ingress)$(filters v0 egress)$(filters v1 ingress)$(filters v1 egress)" \
	"clsact pktop-ID+q pktop-ID+q pktop-ID+q guest pktop-ID+q "
is "sweep: nothing more to do" "$("$tool" sweep)" 0
stop 4
is "the last one out, again" "$(qdisc v0) $(qdisc v1) $(filters v1 egress)" " clsact guest "
clear_hooks v1

start 3 attach
ask 3 attach v0 >/dev/null
ask 3 attach v1 >/dev/null
kill -9 "$pid3"
wait "$pid3" 2>/dev/null
exec 3>&-
start 4 attach
is "last one out beside a dead one" "$(ask 4 attach v1) $(ask 4 detach v1) $(qdisc v1)" "0 0 "
is "killed alone: sweep takes the qdisc as well" "$("$tool" sweep) $(qdisc v0)" "1 "
stop 4

# names decide, and strictly
tc qdisc add dev v0 clsact
for name in pktop-0123456789abcde pktop-0123456789abcdef0 pktop-0123456789ABCDEF \
	pktop-0123456789abcdef+ pktop-0123456789abcdef+qq pktop-0123456789abcdeg \
	xpktop-0123456789abcdef pktop- "pktop-0123456789abcdef q" ""; do
	"$tool" filter v0 ingress 0 -1 "$name"
done
is "sweep: names that only resemble ours" "$("$tool" sweep) $("$tool" others v0)" "0 10"
clear_hooks v0
tc qdisc add dev v0 clsact
"$tool" filter v0 ingress 0 -1 pktop-0123456789abcdef
start 5 hold pktop-0123456789abcdef
wait_for 10 more_lines 5 0
is "sweep: a name that is held" "$("$tool" sweep) $(filters v0 ingress)" "0 pktop-ID "
stop 5
is "sweep: a name that is free, without mark: the qdisc stays" \
	"$("$tool" sweep) $(qdisc v0) $(filters v0 ingress)" "1 clsact "
clear_hooks v0

start 5 hold pktop-tc
wait_for 10 more_lines 5 0
start 3 attach
before=$(date +%s)
is "a stranger who holds the lock stops nobody" "$(ask 3 attach v0) $(qdisc v0)" "0 clsact"
ok "but he is waited for" [ "$(date +%s)" -gt "$before" ]
is "and not a second time" "$(ask 3 detach v0) $(qdisc v0)" "0 "
stop 3
stop 5

done_testing
