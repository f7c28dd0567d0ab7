# SPDX-License-Identifier: GPL-2.0-or-later
# The back end on XDP, native and generic: its totals are those of the kernel, every flow has what
# was sent, others are left alone, and nothing is left behind.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command awk bpftool iperf3 mkfifo

new_ns a b
join a va 1 b vb 2 1
to_b="to=02:00:00:00:01:02 from=02:00:00:00:01:01"
in_ns b "$pktop" check -x -i vb >"$dir/check.out" 2>&1 || skip_all "the kernel has no XDP links"
modes="native generic"

# native: wire frames come by NAPI, of which the kernel counts the bytes without Ethernet header
header_of() { [ "$1" = native ] && echo 14 || echo 0; }

# begin MODE ARGUMENT...: b counts what it gets
begin() {
	begin_mode=$1
	shift
	before_dropped="$(dropped a va) $(dropped b vb)"
	start_on run b vb -x --xdp-mode "$begin_mode" --json "$@"
}
end() {
	after_run=$(counters b vb)
	stop run
}

# kernel MODE: the counters of the kernel over the run, as ledger() prints the totals
kernel() {
	minus "$after_run" "$before_run" | awk -v header="$(header_of "$1")" \
		'{ print "in", $2, $3 + header * $2 }'
}

# check_run MODE NAME
check_run() {
	is "$1, $2: ends well" "$status $(cat "$dir/run.err")" "0 "
	is "$1, $2: nothing is dropped" "$(dropped a va) $(dropped b vb)" "$before_dropped"
	is "$1, $2: the books balance" "$(unbalanced run)" ""
	is "$1, $2: totals of the kernel, of what comes in alone" "$(ledger run vb)" "$(kernel "$1")"
	is "$1, $2: nothing is said of what goes out" \
		"$(report run '[.totals.out, ([.flows[] | select(.direction == "out")] | length)] | tojson')" \
		"[null,0]"
	is "$1, $2: attached as asked" "$(report run '.interfaces[0].attach')" "xdp-$1"
}

# shellcheck disable=SC2086 # words
frames_to_b() {
	n=$1
	shift
	in_ns a "$spray" frames va "$n" $to_b "$@"
}
sent_frames() {
	frames_to_b 30 vlan=5 ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=50
	frames_to_b 20 qinq=7 vlan=8 ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=50
	frames_to_b 25 vlan=5 ip=fd09:1::1,fd09:1::99 udp=1000,2000 pad=50
	frames_to_b 6 ip=10.9.1.1,10.9.1.99 frag=1480,0 proto=17 pad=100
	frames_to_b 4 arp=2,10.9.1.1,10.9.1.99 pad=18
	frames_to_b 11 type=88b5 pad=46
	frames_to_b 5 ip=10.9.1.1,10.9.1.99 udp=1,2 cut=33
	frames_to_b 7 ip=fd09:1::1,fd09:1::99 tcp=1,2,2 cut=60
}

offloads a va off
offloads b vb off
for mode in $modes; do
	ok "$mode, traffic: start" begin $mode
	in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 100 100
	in_ns a "$spray" udp fd09:1::1 4001 fd09:1::99 5001 90 1452
	ok "$mode, traffic: echo" in_ns a "$spray" echo 10.9.1.2 20 56
	ok "$mode, traffic: TCP" tcp a b 10.9.1.2 -n 3M
	ok "$mode, traffic: TCP over 6, the other way" tcp a b fd09:1::2 -R -n 3M
	end
	check_run $mode traffic
	is "$mode, traffic: UDP" "$(flow run '.dst_port == 5001 and .src_addr == "10.9.1.1"')" \
		"100 $((100 * 142))"
	is "$mode, traffic: UDP over 6" "$(flow run '.dst_port == 5001 and .src_addr == "fd09:1::1"')" \
		"90 $((90 * 1514))"
	is "$mode, traffic: echo" "$(flow run '.detail == "echo-request"')" "20 $((20 * 98))"
	ok "$mode, traffic: TCP is there" [ "$(flow run '.proto == "tcp" and .dst_port == 5201 and
		.src_addr == "10.9.1.1"' | cut -d' ' -f2)" -gt 1000000 ]

	ok "$mode, frames: start" begin $mode
	ok "$mode, frames: sent" sent_frames
	end
	check_run $mode frames
	is "$mode, frames: one tag" "$(flow run '.vlan == 5 and .src_addr == "10.9.1.1"')" "30 $((30 * 96))"
	is "$mode, frames: two tags, the outer one counts" "$(flow run '.vlan == 7')" "20 $((20 * 100))"
	is "$mode, frames: one tag, 6" "$(flow run '.vlan == 5 and .src_addr == "fd09:1::1"')" \
		"25 $((25 * 116))"
	is "$mode, frames: ARP" "$(flow run '.proto == "arp"')" "4 $((4 * 60))"
	is "$mode, frames: other" "$(report run '.ledger[0].other | [.not_ip.packets, .not_ip.bytes,
		.malformed.packets, .malformed.bytes, .no_room.packets] | join(" ")')" \
		"11 $((11 * 60)) 12 $((5 * 33 + 7 * 60)) 0"

	ok "$mode, --layer ip: start" begin $mode --layer ip --no-arp
	ok "$mode, --layer ip: sent" sent_frames
	end
	is "$mode, --layer ip: IP octets" "$(flow run '.vlan == 5 and .src_addr == "fd09:1::1"')" \
		"25 $((25 * 98))"
	is "$mode, --layer ip: no ARP" "$(report run '.ledger[0].other.not_ip.packets')" 15
	is "$mode, --layer ip: the books balance" "$(unbalanced run)" ""
done

# ---- tags that a device takes off are not in the frame any more

tag_offloads="on off"
if ! ip -n a link add va.6 link va type vlan id 6 2>/dev/null; then
	pass "tag offload # SKIP the kernel has no VLAN devices"
	tag_offloads=
fi
for offload in $tag_offloads; do
	ip -n a link set dev va.6 up
	in_ns a ethtool -K va tx-vlan-offload $offload >/dev/null
	[ $offload = on ] && want="null 60" || want="6 64"
	ok "tag offload $offload: start" begin native
	in_ns a "$spray" frames va.6 10 to=02:00:00:00:01:02 from=02:00:00:00:01:01 \
		ip=10.9.1.1,10.9.1.99 udp=66,66 pad=18
	end
	is "tag offload $offload: vlan and bytes per frame" "$(report run '.flows[] |
		select(.src_port == 66) | "\(.vlan) \(.bytes / .packets)"')" "$want"
done
if [ -n "$tag_offloads" ]; then
	in_ns a ethtool -K va tx-vlan-offload on >/dev/null
	ip -n a link del va.6
fi
like "the report says so" "$(report run .note)" 'nor VLAN tags that a device takes off$'

# ---- jumbo frames: more than one buffer

ip -n a link set dev va mtu 9000
ip -n b link set dev vb mtu 9000
if grep -q 'XDP frags.*jumbo' "$dir/check.out"; then
	for mode in $modes; do
		ok "$mode, jumbo: start" begin $mode
		in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 100 8972
		in_ns a "$spray" udp fd09:1::1 4001 fd09:1::99 5001 90 8952
		ok "$mode, jumbo: TCP" tcp a b 10.9.1.2 -n 10M
		ok "$mode, jumbo: TCP over 6" tcp a b fd09:1::2 -n 10M
		end
		check_run $mode jumbo
		is "$mode, jumbo: UDP" "$(flow run '.dst_port == 5001 and .src_addr == "10.9.1.1"')" \
			"100 $((100 * 9014))"
		is "$mode, jumbo: UDP over 6" "$(flow run '.dst_port == 5001 and
			.src_addr == "fd09:1::1"')" "90 $((90 * 9014))"
		ok "$mode, jumbo: TCP in large frames" [ "$(report run '[.flows[] |
			select(.dst_port == 5201 and .bytes > 1000000) | .bytes / .packets | floor] | min')" -gt 7000 ]
	done
else
	pass "jumbo # SKIP the kernel has no XDP frags"
fi
ip -n a link set dev va mtu 1500
ip -n b link set dev vb mtu 1500

# ---- super-frames: the driver has none for native XDP; generic XDP counts each as one, as the kernel

offloads a va on
for mode in $modes; do
	ok "$mode, super-frames: start" begin $mode
	ok "$mode, super-frames: start at the other end" start other a -i va --json
	# no more under way than the ring of the device holds: a busy machine drops the rest
	ok "$mode, super-frames: TCP" tcp a b 10.9.1.2 -n 10M -w 64K
	end
	stop other
	check_run $mode super-frames
	sent=$(flow other '.direction == "out" and .dst_port == 5201')
	got=$(flow run '.dst_port == 5201')
	if [ $mode = native ]; then
		is "$mode, super-frames: what leaves comes in" "$got" "$sent"
		is "$mode, super-frames: nothing to say" "$(report run '.interfaces[0].note')" null
	else
		ok "$mode, super-frames: each is one" [ "${got% *}" -lt "${sent% *}" ]
		is "$mode, super-frames: the report says so" "$(report run '.interfaces[0].note')" \
			"super-frames count as one packet"
	fi
done
offloads a va off

# ---- a flood

for mode in $modes; do
	ok "$mode, flood: start" begin $mode --max-flows 2048
	frames_to_b 60000 ip=11.0.0.0,10.9.1.98 udp=0,80 pad=18 random=src
	frames_to_b 60000 ip=fd11::,fd09:1::98 udp=0,80 random=src
	end
	check_run $mode flood
	is "$mode, flood: nothing in other" "$(report run '[.ledger[].other.packets] | add')" 0
	is "$mode, flood: all packets" "$(ledger run vb | cut -d' ' -f2)" 120000
	ok "$mode, flood: more flows than room" [ "$(report run .capacity.evicted)" -gt 0 ]
done

# ---- beside the tc hooks: the same of what comes in

ok "beside tc: start" begin auto
ok "beside tc: start tc" start other b -i vb --json
in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 100 100
ok "beside tc: TCP" tcp a b 10.9.1.2 -n 1M
end
stop other
is "beside tc: native where the driver has it" "$(report run '.interfaces[0].attach')" xdp-native
is "beside tc: the same flows" "$(report run '.flows[] | [.src_port, .dst_port, .packets, .bytes] |
	join(" ")' | sort)" "$(report other '.flows[] | select(.direction == "in") |
	[.src_port, .dst_port, .packets, .bytes] | join(" ")' | sort)"

ok "a driver without XDP: start" start run b -i lo -x --json
in_ns b "$spray" udp 127.0.0.1 9 127.0.0.1 9 25 58
stop run
is "a driver without XDP: generic instead, and why" "$(report run '.interfaces[0] |
	"\(.attach): \(.note)"')" \
	"xdp-generic: the driver has no native XDP; super-frames count as one packet"
is "a driver without XDP: counted" "$(ledger run lo)" "in 25 2500"

# ---- what is refused

# refused NAME SENTENCE ARGUMENT...
refused() {
	refused_name=$1 refused_sentence=$2
	shift 2
	in_ns b timeout 60 "$pktop" -t 100ms --json -x "$@" >"$dir/refused.out" 2>"$dir/refused.err"
	is "$refused_name: status" $? 1
	like "$refused_name: sentence" "$(tail -n 1 "$dir/refused.err")" \
		"^pktop: cannot count on any interface: $refused_sentence\$"
	is "$refused_name: nothing else" "$(cat "$dir/refused.out")" ""
}
# state: all that a run could leave on the devices
state() {
	for ns in a b; do
		ip -n $ns -d link show | grep -v '^ *link/'
		for device in $(ip -n $ns -j link show | jq -r '.[].ifname'); do
			in_ns $ns ethtool -k "$device"
		done
	done
}
clean_state=$(state)
refused "native on a driver without" \
	"lo: not attached: its driver takes no XDP program: Operation not supported" \
	-i lo --xdp-mode native
refused "offload" "vb: not attached: it runs no XDP program by itself \(offload\): .*" \
	-i vb --xdp-mode offload

# a program of others
mkfifo "$dir/guest"
nsenter --net=/run/netns/b -- "$guest" xdp vb <"$dir/guest" >"$dir/guest.out" &
pids="$pids $!" guest_pid=$!
exec 8>"$dir/guest"
has_lines() { [ "$(wc -l <"$dir/guest.out")" -ge "$1" ]; }
ok "a program of others is there" wait_for 10 has_lines 1
ip -n b link add other type veth peer name other2 netns a
ip -n a link set dev other2 address 02:00:00:00:02:01 up
ip -n b link set dev other address 02:00:00:00:02:02 up
taken="not attached: XDP program guest \(id [0-9]+\) is there, and a device runs one"
for mode in auto native generic; do
	refused "a program of others, $mode" "vb: $taken" -i vb --xdp-mode $mode
done
ok "beside a program of others: start" start run b -i vb,other -x --json
frames_to_b 10 ip=10.9.1.1,10.9.1.99 udp=1,2 pad=18
in_ns a "$spray" frames other2 7 to=02:00:00:00:02:02 from=02:00:00:00:02:01 type=88b5 pad=46
stop run
is "beside a program of others: the other device is counted" "$(ledger run other)" "in 7 420"
like "beside a program of others: the report says why not" "$(report run '.interfaces[] |
	select(.name == "vb") | "\(.state): \(.note)"')" "^failed: $taken\$"
echo >&8
ok "the program of others: answers" wait_for 10 has_lines 2
is "the program of others ran" "$(tail -n 1 "$dir/guest.out")" "in 10 out 0"
exec 8>&-
wait $guest_pid
ip -n b link set dev vb xdp off
ip -n b link del other

# ---- interfaces that come and go

rows() {
	report "$1" --argjson port "$2" '.flows[] | select(.src_port == $port) |
		"\(.in_if) \(.packets) \(.bytes)"'
}
pair() {
	ip -n b link add "$1" type veth peer name "p-$1" netns a
	ip -n a link set dev "p-$1" up
	ip -n b link set dev "$1" up
}
send() {
	in_ns a "$spray" frames "p-$1" "$2" to=02:00:00:00:00:02 from=02:00:00:00:00:01 \
		ip=10.9.0.1,10.9.0.2 udp="$3,$3" pad=18
}
has_xdp() { ip -n b link show dev "$1" 2>/dev/null | grep -q 'prog/xdp id'; }
for mode in $modes; do
	pair x0
	ok "$mode, changes: start" start run b -x --xdp-mode $mode -i 'x*' --json
	send x0 10 1
	pair x1
	ok "$mode, changes: a new interface is attached to" wait_for 10 has_xdp x1
	send x1 20 2
	ip -n b link set dev x1 down
	ip -n b link set dev x1 name y1
	ip -n b link set dev y1 up
	send x1 5 2
	ip -n b link del x0
	pair x0
	ok "$mode, changes: one that went and came is attached again" wait_for 10 has_xdp x0
	send x0 7 1
	stop run
	is "$mode, changes: ends well" "$status $(cat "$dir/run.err")" "0 "
	is "$mode, changes: gone and come: one row" "$(rows run 1)" "x0 17 1020"
	is "$mode, changes: down, up, new name: one row" "$(rows run 2)" "y1 25 1500"
	is "$mode, changes: the ledger" "$(report run '[.ledger[] |
		"\(.interface) \(.direction) \(.total.packets)"] | sort | join(", ")')" \
		"x0 in 17, y1 in 25"
	is "$mode, changes: the books balance" "$(unbalanced run)" ""
	ok "$mode, changes: detached" is_not has_xdp x0
	ip -n b link del x0
	ip -n b link del y1
done

# ---- SIGKILL

is "nothing is left so far" "$(state)" "$clean_state"
old_programs=$(bpftool -j prog show | jq -r '.[] | select(.name == "on_xdp") | .id' | tr '\n' ' ')
no_more_programs() {
	for id in $(bpftool -j prog show | jq -r '.[] | select(.name == "on_xdp") | .id'); do
		case " $old_programs " in *" $id "*) ;; *) return 1 ;; esac
	done
}
is_clean() { [ "$(state)" = "$clean_state" ]; }
for mode in $modes; do
	killed=0 left=0
	for delay in $(awk -v seed="$(date +%s)" 'BEGIN { srand(seed)
		for (i = 0; i < 10; i++) printf "%.3f\n", rand() * 0.3 }'); do
		nsenter --net=/run/netns/b -- "$pktop" -x --xdp-mode $mode -i vb --json \
			>/dev/null 2>&1 &
		run_pid=$!
		sleep "$delay"
		kill -KILL $run_pid
		wait $run_pid 2>/dev/null
		[ $? = 137 ] && killed=$((killed + 1))
		# the kernel ends a link some moments after the process
		wait_for 10 is_clean || left=$((left + 1))
	done
	is "$mode, SIGKILL at the start: killed, left something" "$killed $left" "10 0"
	ok "$mode, SIGKILL: start" begin $mode
	ok "$mode, SIGKILL: attached" has_xdp vb
	frames_to_b 10 ip=10.9.1.1,10.9.1.99 udp=1,2 pad=18
	stop run KILL
	ok "$mode, SIGKILL while counting: nothing is left" wait_for 10 is_clean
done
ok "no program is left in the kernel" wait_for 20 no_more_programs

done_testing
