# SPDX-License-Identifier: GPL-2.0-or-later
# Under a flood of spoofed addresses the totals stay exact, the flows that matter are named, and
# memory does not grow.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"

new_ns a b
join a va 1 b vb 2 1
# what b answers to anybody leaves by the pair, and is not answered
ip -n b route add default via 10.9.1.1
ip -n b -6 route add default via fd09:1::1
ip -n a route add blackhole 11.0.0.0/8
ip -n a -6 route add blackhole fd11::/16
to_b="to=02:00:00:00:01:02 from=02:00:00:00:01:01"
to_a="to=02:00:00:00:01:01 from=02:00:00:00:01:02"
max_flows=2048
n_spoofed=40000 # per wave, family and direction
n_known=100 n_each=300

# What is known has flow i with n_each + i frames; near the host ports 20000 + i.
# background NS DEVICE COUNT WORD...
background() {
	bg_ns=$1
	shift
	nsenter --net="/run/netns/$bg_ns" -- "$spray" frames "$@" 2>>"$dir/spray.err" &
	pids="$pids $!" waves="$waves $!"
}
# shellcheck disable=SC2086 # words
wave() {
	waves=
	background a va $n_each $to_b ip=10.9.1.1,10.9.1.99 udp=30000,20000 pad=18 flows=$n_known
	background a va $n_each $to_b ip=fd09:1::1,fd09:1::99 udp=30000,20000 flows=$n_known
	background b vb $n_each $to_a ip=10.9.1.2,10.9.1.99 udp=20000,30000 pad=18 flows=$n_known
	background b vb $n_each $to_a ip=fd09:1::2,fd09:1::99 udp=20000,30000 flows=$n_known
	background a va $n_spoofed $to_b ip=11.0.0.0,10.9.1.98 udp=0,80 pad=18 random=src
	background a va $n_spoofed $to_b ip=fd11::,fd09:1::98 udp=0,80 random=src
	background b vb $n_spoofed $to_a ip=10.9.1.98,11.0.0.0 udp=80,0 pad=18 random=dst
	background b vb $n_spoofed $to_a ip=fd09:1::98,fd11:: udp=80,0 random=dst
	wave_failed=0
	for pid in $waves; do
		wait "$pid" || wave_failed=1
	done
	return $wave_failed
}

before_dropped="$(dropped a va) $(dropped b vb)"
ok "start" start_on flood b vb --max-flows $max_flows --json
ok "a wave" wave
ok "a second wave" wave
after=$(counters b vb)
stop flood
is "ends well" "$status $(cat "$dir/flood.err" "$dir/spray.err")" "0 "
is "no drops" "$(dropped a va) $(dropped b vb)" "$before_dropped"
is "totals of the kernel" "$(ledger flood vb)" "$(minus "$after" "$before_flood")"
n_wave=$((n_known * n_each + n_known * (n_known - 1) / 2))
n_sent=$((2 * 2 * (n_wave + n_spoofed)))
is "totals sent" "$(ledger flood vb | awk '{ print $2, $5 }')" "$n_sent $n_sent"
is "the books balance" "$(unbalanced flood)" ""
is "nothing in other" "$(report flood '[.ledger[].other.packets] | add')" 0
ok "there were more flows than room" [ "$(report flood .capacity.evicted)" -gt $max_flows ]
ok "the table kept its size" [ "$(report flood .capacity.flows)" -le $max_flows ]

# known DIRECTION NEAR: flows that are named; the most that one of them lacks in packets; how many
# have too much, with or without what is folded for their port
known() {
	report flood --arg direction "$1" --arg near "$2" --argjson each $((2 * n_each)) '
		[.flows[] | select(.direction == $direction and (.dst_addr == $near or
			.src_addr == $near))] as $rows |
		[range(100) | . as $i | [$rows[] | select((if $direction == "in" then .dst_port
			else .src_port end) == 20000 + $i)] as $port |
			{sent: ($each + 2 * $i),
			named: ([$port[] | select(.folded | not) | .packets] | add // 0),
			folded: ([$port[] | select(.folded) | .packets] | add // 0)}] |
		[(map(select(.named > 0)) | length), (map(.sent - .named) | max),
		(map(select(.named + .folded > .sent)) | length)] | join(" ")'
}
while read -r direction near; do
	found=$(known "$direction" "$near")
	echo "# $direction $near: named, lacks at most, too many: $found"
	# shellcheck disable=SC2086 # words
	set -- $found
	is "$direction $near: every known flow is named" "$1" $n_known
	# of 600 packets or more; what a flow lacks is folded, since the books balance, and how much
	# that is depends on who came first in an interval
	ok "$direction $near: with what it has, or most of it" [ "$2" -le 200 ]
	is "$direction $near: and not with more" "$3" 0
done <<END
in 10.9.1.99
in fd09:1::99
out 10.9.1.2
out fd09:1::2
END

# ---- memory, over as many intervals as it takes to touch all there is

memory() { sed -n "s/^$1:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$pid_memory/status"; }
n_intervals() { wc -l <"$dir/memory.out"; }
intervals_passed() { [ "$(n_intervals)" -ge "$1" ]; }
# two more intervals have ended and what they had is in the table
settle() { wait_for 20 intervals_passed $(($(n_intervals) + 3)); }

ok "memory: start" start memory b -i vb --max-flows $max_flows --total --interval 100ms
at_start=$(memory VmRSS)
ok "memory: waves" wave && settle && wave && settle
after_two=$(memory VmRSS)
ok "memory: more waves" wave && settle && wave && settle
after_four=$(memory VmRSS)
high=$(memory VmHWM)
stop memory
is "memory: ends well" "$status $(cat "$dir/memory.err")" "0 "
echo "# kB: $at_start at start, $after_two after two waves, $after_four after four, $high at most"
# tables of the kernel, seen through a mapping, and of the program
cpus=$(getconf _NPROCESSORS_CONF)
ok "memory: bounded" [ $((high - at_start)) -lt $((12288 + 4096 * cpus)) ]
# another record for every source would be more than 15 MB
ok "memory: does not grow" [ $((after_four - after_two)) -lt 1024 ]

# ---- what is asked is answered

n_syn=20000
ok "SYN: start" start_on syn b vb --max-flows $max_flows --json
waves=
# shellcheck disable=SC2086 # words
background a va $n_syn $to_b ip=11.0.0.0,10.9.1.2 tcp=0,81,2 pad=6 random=src
# shellcheck disable=SC2086 # words
background a va $n_syn $to_b ip=fd11::,fd09:1::2 tcp=0,81,2 random=src
for pid in $waves; do
	wait "$pid"
done
after=$(counters b vb)
stop syn
is "SYN: totals of the kernel" "$(ledger syn vb)" "$(minus "$after" "$before_syn")"
is "SYN: every one counted, and its reset" "$(report syn '[.ledger[] |
	"\(.direction) \(.total.packets) syn \(.syn) syn_ack \(.syn_ack) rst \(.rst)"] |
	join(", ")')" "in $((2 * n_syn)) syn $((2 * n_syn)) syn_ack 0 rst 0, out $((2 * n_syn)) \
syn 0 syn_ack 0 rst $((2 * n_syn))"
is "SYN: the books balance" "$(unbalanced syn)" ""
is "SYN: nothing in other" "$(report syn '[.ledger[].other.packets] | add')" 0
is "SYN: the victim is what most is folded into" "$(report syn '[.flows[] |
	select(.folded and .direction == "in")] | sort_by(-.packets) | .[0:2] |
	map("\(.dst_addr) \(.dst_port)") | sort | join(", ")')" "10.9.1.2 81, fd09:1::2 81"

done_testing
