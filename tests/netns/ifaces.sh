# SPDX-License-Identifier: GPL-2.0-or-later
# Which interfaces are counted, and what becomes of it when they change.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"

new_ns a b c
modes="tcx clsact"
[ "$(in_ns a "$guest" query lo)" != none ] || modes=clsact

# pair DEVICE: a veth of namespace a that is up
pair() {
	ip -n a link add "$1" type veth peer name "p-$1" netns b
	ip -n b link set dev "p-$1" up
	ip -n a link set dev "$1" up
}

# send DEVICE COUNT PORT: 60 bytes each
send() {
	in_ns a "$spray" frames "$1" "$2" to=02:00:00:00:00:02 from=02:00:00:00:00:01 \
		ip=10.9.0.1,10.9.0.2 udp="$3,$3" pad=18
}

# rows NAME PORT: interface, packets and bytes of the flows of a port
rows() {
	report "$1" --argjson port "$2" '.flows[] | select(.src_port == $port) |
		"\(.in_if) \(.packets) \(.bytes)"'
}
interfaces() { report "$1" '[.interfaces[] | "\(.name) \(.state)"] | sort | join(", ")'; }
names() { report "$1" '[.interfaces[] | select(.state == "attached") | .name] | sort | join(" ")'; }

# ---- names and patterns

for device in v0 v1 w0; do
	pair $device
done
# choice WANT ARGUMENT...
choice() {
	want=$1
	shift
	in_ns a "$pktop" -t 100ms --json "$@" >"$dir/choice.out" 2>"$dir/choice.err"
	is "counts on $want: $*" "$(names choice)" "$want"
}
choice v0 -i v0
choice "v0 w0" -i v0 -i w0
choice "v0 w0" -i v0,w0
choice "v0 v1" -i 'v*'
choice "v0 w0" -i '[vw]0'
choice "v0 v1" -i 'v*' -i v0
choice "lo v0 v1 w0" -i any
choice "v0 v1 w0"
choice "v0" -i v0 -i none0
like "a name that matches nothing beside one that does is told" "$(cat "$dir/choice.err")" \
	'^pktop: no interface matches -i none0 yet$'
in_ns a "$pktop" -t 100ms -i none0 --json >"$dir/none.out" 2>"$dir/none.err"
is "no such interface: status" $? 1
is "no such interface: sentence" "$(cat "$dir/none.err")" \
	"pktop: no interface matches -i none0; there are: lo v0 v1 w0"
is "no such interface: nothing else" "$(cat "$dir/none.out")" ""

# one end of the default choice: a bridge whose ports are veths
ip -n c link add br0 type bridge
ip -n c link set dev br0 up
for port in p0 p1; do
	ip -n c link add $port type veth peer name "c-$port" netns b
	ip -n c link set dev $port master br0 up
	ip -n b link set dev "c-$port" up
done
ip -n c link add alone type veth peer name c-alone netns b
ip -n c link set dev alone up
in_ns c "$pktop" -t 100ms --json >"$dir/bridge.out"
is "the default: the bridge, not its ports, nor a veth" "$(names bridge)" br0
ip -n c link del br0
in_ns c "$pktop" -t 100ms --json >"$dir/pairs.out"
is "the default without a bridge: veths" "$(names pairs)" "alone p0 p1"
for device in alone p0 p1; do
	ip -n c link del $device
done
in_ns c "$pktop" -t 100ms --json >"$dir/loopback.out"
is "the default without anything: loopback" "$(names loopback)" lo

# ---- more than one, and one packet on more than one

ok "several: start" start several a -i v0,v1 --json
send v0 10 1001
send v1 20 1002
stop several
is "several: each has its own" "$(rows several 1001), $(rows several 1002)" "v0 10 600, v1 20 1200"
is "several: totals" "$(report several '.totals | [.in.packets, .out.packets, .both.packets,
	.both.bytes, .overlap] | join(" ")')" "0 30 30 1800 false"
ok "overlap: start" start overlap a -i v0,v1 --json
send v0 10 1001
send v1 10 1001
stop overlap
is "overlap: a row each" "$(rows overlap 1001 | sort)" "v0 10 600
v1 10 600"
is "overlap: the totals say so" "$(report overlap '.totals | [.both.packets, .overlap,
	.flows_elsewhere] | join(" ")')" "20 true 2"
is "overlap: and so do the rows" "$(report overlap '[.flows[].elsewhere] | join(" ")')" "true true"

ok "loopback: start" start loopback a -i lo --json
in_ns a "$spray" udp 127.0.0.1 9 127.0.0.1 9 25 58
stop loopback
is "loopback: out and in" "$(ledger loopback lo)" "in 25 2500 out 25 2500"

for device in v0 v1 w0; do
	ip -n a link del $device
done

# ---- changes

for mode in $modes; do
	pair x0
	ok "$mode: start" start change a -i 'x*' --attach "$mode" --json
	send x0 10 1

	pair x1
	ok "$mode: a new interface is attached to" wait_for 10 attached a x1
	send x1 20 2

	ip -n a link set dev x1 down
	ip -n a link set dev x1 up
	send x1 5 2
	ip -n a link set dev x1 down
	ip -n a link set dev x1 name y1
	ip -n a link set dev y1 up
	pair x2 # when this one is attached, what came before is known
	ok "$mode: another new interface" wait_for 10 attached a x2
	ok "$mode: down, up and a new name: still attached" attached a y1
	send y1 5 2

	ip -n a link del x0
	pair x0
	ok "$mode: one that went and came is attached again" wait_for 10 attached a x0
	send x0 7 1
	for again in 1 2 3 4 5; do
		ip -n a link del x0
		pair x0
	done
	ok "$mode: also when it does so often" wait_for 10 attached a x0
	send x0 3 1

	ip -n a link set dev x2 down
	pair late
	ip -n a link set dev late down
	ip -n a link set dev late name x3
	ok "$mode: a name that comes to match" wait_for 10 attached a x3
	ip -n a link set dev x3 up
	send x3 4 4
	ip -n a link set dev x3 netns b
	pair x4
	ok "$mode: the last new one" wait_for 10 attached a x4
	stop change
	is "$mode: ends well" "$status $(cat "$dir/change.err")" "0 "
	is "$mode: gone and come: one row" "$(rows change 1)" "x0 20 1200"
	is "$mode: down, up, new name: one row, under the new name" "$(rows change 2)" "y1 30 1800"
	is "$mode: a name that came to match" "$(rows change 4)" "x3 4 240"
	is "$mode: interfaces" "$(interfaces change)" \
		"x0 attached, x2 down, x3 gone, x4 attached, y1 attached"
	is "$mode: the ledger has them all" "$(report change '[.ledger[] |
		select(.direction == "out") | "\(.interface) \(.total.packets)"] | sort |
		join(", ")')" "x0 20, x2 0, x3 4, x4 0, y1 30"
	is "$mode: the books balance" "$(unbalanced change)" ""
	is "$mode: detached from all" "$(for device in x0 x2 x4 y1; do
		hooks a $device
	done)" ""
	ip -n b link del x3
	for device in x2 x4 y1; do
		ip -n a link del $device
	done

	ok "$mode, the only one goes: start" start vanish a -i x0 --attach "$mode" --json
	send x0 8 1
	ip -n a link del x0
	pair x0
	ok "$mode, the only one goes: and comes" wait_for 10 attached a x0
	send x0 8 1
	ip -n a link del x0
	ok "$mode, the only one goes: pktop goes on" counts "$pid_vanish"
	stop vanish
	is "$mode, the only one goes: ends well" "$status" 0
	is "$mode, the only one goes: its flows stay" "$(rows vanish 1)" "x0 16 960"
	is "$mode, the only one goes: interfaces" "$(interfaces vanish)" "x0 gone"
done
[ "$modes" = clsact ] && pass "tcx # SKIP the kernel has no TCX"

# Filters that somebody removes come back, and it is said.
pair x0
ok "filters removed: start" start lost a -i x0 --attach clsact --json
send x0 10 1
tc -n a qdisc del dev x0 clsact
ok "filters removed with the qdisc: attached again" wait_for 10 attached a x0
send x0 5 1
tc -n a filter del dev x0 ingress
tc -n a filter del dev x0 egress
ok "filters removed: attached again" wait_for 10 attached a x0
send x0 3 1
stop lost
is "filters removed: the rest is counted" "$(rows lost 1)" "x0 18 1080"
like "filters removed: it is said" "$(cat "$dir/lost.err")" \
	"^pktop: x0: somebody removed what counts there"
is "filters removed: nothing is left" "$(hooks a x0)" ""
ip -n a link del x0

# The table does not wait for all interfaces: those that are still to come are attached to while it
# runs.
new_ns many
n=0
while [ "$n" -lt 40 ]; do
	echo "link add m$n type veth peer name n$n"
	echo "link set dev m$n up"
	n=$((n + 1))
done | ip -n many -batch -
if command -v tmux >/dev/null; then
	on_terminal many 80 24 "-i 'm*' -o '$dir/many.out'"
	ok "many interfaces: the table appears" shown 'LIVE.* up '
	ok "many interfaces: the last one" wait_for 20 attached many m39
	tm set-option -g remain-on-exit on
	tm send-keys q
	ok "many interfaces: what takes so long" shown 'pktop: detaching from 40 interfaces'
	ok "many interfaces: the end" wait_for 20 test -e "$dir/many.out"
	end_terminal
	is "many interfaces: all are attached" \
		"$(grep -c '^m[0-9]* *attached .* in ' "$dir/many.out")" 40
else
	pass "many interfaces # SKIP needs the command tmux"
fi
done_testing
