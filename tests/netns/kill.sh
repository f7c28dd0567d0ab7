# SPDX-License-Identifier: GPL-2.0-or-later
# SIGKILL at any moment leaves nothing that the next start does not remove, and nothing of others is
# touched. Two runs on one interface do not disturb each other.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command awk bpftool mkfifo

new_ns a b
# v0 is clean, v1 has programs of others on TCX, v2 on clsact, v3 an empty clsact
for i in 0 1 2 3; do
	ip -n a link add v$i type veth peer name p$i netns b
	ip -n b link set dev p$i up
	ip -n a link set dev v$i up
done
wait_for 10 is_not sh -c 'ip -n a link show | grep -q NO-CARRIER'
modes="tcx clsact"
[ "$(in_ns a "$guest" query v0)" != none ] || modes=clsact

# start_guest N KIND DEVICE: in the background, asked on file descriptor N
start_guest() {
	mkfifo "$dir/guest$1"
	nsenter --net=/run/netns/a -- "$guest" "$2" "$3" <"$dir/guest$1" >"$dir/guest$1.out" &
	pids="$pids $!"
	eval "exec $1>\"\$dir/guest$1\""
	wait_for 10 has_lines "guest$1" 1
}
has_lines() { [ "$(wc -l <"$dir/$1.out")" -ge "$2" ]; }
# runs N: how often its programs ran
runs() {
	before_runs=$(wc -l <"$dir/guest$1.out")
	echo >&"$1"
	wait_for 10 has_lines "guest$1" $((before_runs + 1))
	tail -n 1 "$dir/guest$1.out"
}
[ "$modes" = clsact ] || ok "a guest on TCX" start_guest 7 tcx v1
ok "a guest on clsact" start_guest 8 clsact v2
tc -n a qdisc add dev v3 clsact
# shellcheck disable=SC2086 # words
send() {
	in_ns a "$spray" frames "$1" "$2" to=02:00:00:00:01:02 from=02:00:00:00:01:01 \
		ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=18
}

# state: all that a run could leave, but programs
state() {
	ip -n a link show
	for device in v0 v1 v2 v3; do
		echo "$device $(in_ns a "$guest" query $device)"
		tc -n a qdisc show dev $device
		tc -n a filter show dev $device ingress
		tc -n a filter show dev $device egress
	done
}
# programs: those of pktop that no process holds
programs() {
	held=$(sed -n 's/^prog_id:	//p' /proc/[0-9]*/fdinfo/* 2>/dev/null)
	bpftool -j prog show | jq -r '.[] | select(.name == "on_ingress" or .name == "on_egress") |
		.id' | grep -vxF "$held"
}
no_more_programs() {
	for id in $(programs); do
		case " $old_programs " in *" $id "*) ;; *) return 1 ;; esac
	done
}
# what is not a link of TCX goes with the next start
next_start() { in_ns a "$pktop" -i 'v*' -t 100ms "$@" --total >/dev/null; }
old_programs=$(programs | tr '\n' ' ')
clean_state=$(state)

# leaves MODE: cheaper than the whole state, where that a run leaves something is allowed
leaves() {
	if [ "$1" = clsact ]; then
		[ -n "$(tc -n a filter show dev v0 ingress)$(tc -n a filter show dev v3 egress)" ]
	else
		[ "$(state)" != "$clean_state" ]
	fi
}

# delays N FROM TO SEED: N random times, in seconds
delays() {
	awk -v n="$1" -v from="$2" -v to="$3" -v seed="$4" 'BEGIN { srand(seed)
		for (i = 0; i < n; i++) printf "%.3f\n", (from + rand() * (to - from)) / 1000 }'
}
now_ms() { awk '{ print int($1 * 1000) }' /proc/uptime; }
seed=$(date +%s)
echo "# seed $seed"

for mode in $modes; do
	# while it starts, and just after: how long that takes depends on what else there is to do
	started=$(now_ms)
	ok "$mode, at the start: one that may live" start run a -i 'v*' --attach "$mode" --json
	takes=$(($(now_ms) - started))
	stop run
	killed=0 left=0
	for delay in $(delays 20 0 $((takes * 3 / 2)) "$seed"); do
		nsenter --net=/run/netns/a -- "$pktop" -i 'v*' --attach "$mode" --json \
			>/dev/null 2>&1 &
		run_pid=$!
		sleep "$delay"
		kill -KILL $run_pid
		wait $run_pid 2>/dev/null
		[ $? = 137 ] && killed=$((killed + 1))
		leaves "$mode" && left=$((left + 1))
	done
	is "$mode, at the start: killed" $killed 20
	echo "# $mode: $left of 20 left something for the next start"
	[ "$mode" = clsact ] || is "$mode, at the start: nothing is left" $left 0
	next_start --attach "$mode"
	is "$mode, at the start: nothing is left by the next one" "$(state)" "$clean_state"

	# while it detaches; some are done before
	left=0
	for delay in $(delays 12 0 40 "$seed"); do
		start run a -i 'v*' --attach "$mode" --json || left=100
		kill -INT "$pid_run"
		sleep "$delay"
		stop run KILL
		leaves "$mode" && left=$((left + 1))
	done
	echo "# $mode: $left of 12 left something for the next start"
	ok "$mode, at the end: all had started" [ $left -lt 100 ]
	[ "$mode" = clsact ] || is "$mode, at the end: nothing is left" $left 0
	next_start --attach "$mode"
	is "$mode, at the end: nothing is left by the next one" "$(state)" "$clean_state"

	# while it counts; one that is alive meanwhile loses nothing
	ok "$mode, counting: start" start alive a -i 'v*' --attach "$mode" --json
	alive_state=$(state)
	guest_tcx=$([ "$modes" = clsact ] || runs 7)
	guest_clsact=$(runs 8)
	for round in 1 2 3; do
		ok "$mode, counting: start $round" start run a -i 'v*' --attach "$mode" --json
		for device in v0 v1 v2 v3; do
			send $device 10
		done
		stop run KILL
	done
	next_start --attach "$mode"
	is "$mode, counting: the other one is left alone" "$(state)" "$alive_state"
	for device in v0 v1 v2 v3; do
		send $device 5
	done
	stop alive
	is "$mode, counting: and counted everything" "$(report alive '[.ledger[] |
		select(.direction == "out") | "\(.interface) \(.total.packets)"] | join(", ")')" \
		"v0 35, v1 35, v2 35, v3 35"
	is "$mode, counting: nothing is left" "$(state)" "$clean_state"
	[ "$modes" = clsact ] || is "$mode: the guest on TCX ran" "$(runs 7)" \
		"in 0 out $((${guest_tcx#in 0 out } + 35))"
	is "$mode: the guest on clsact ran" "$(runs 8)" \
		"in 0 out $((${guest_clsact#in 0 out } + 35))"

	# one way of attaching cleans up after the other
	ok "$mode, then the automatic choice: start" start run a -i 'v*' --attach "$mode" --json
	stop run KILL
	next_start
	is "$mode, then the automatic choice: nothing is left" "$(state)" "$clean_state"
done

for pair in "$modes" "tcx tcx" "clsact clsact"; do
	# shellcheck disable=SC2086 # words
	set -- $pair
	[ $# = 2 ] || continue
	case $modes in *"$1"*) ;; *) continue ;; esac
	ok "two, $1 and $2: start" start first a -i v0 --attach "$1" --json
	send v0 10
	ok "two, $1 and $2: start the second" start second a -i v0 --attach "$2" --json
	send v0 20
	in_ns b "$spray" frames p0 7 ip=10.9.1.99,10.9.1.1 proto=89 pad=40
	stop first
	send v0 30
	stop second
	is "two, $1 and $2: the first" "$(ledger first v0)" "in 7 518 out 30 1800"
	is "two, $1 and $2: the second" "$(ledger second v0)" "in 7 518 out 50 3000"
	is "two, $1 and $2: flows" "$(flow first '.direction == "out"'), $(flow second \
		'.direction == "out"')" "30 1800, 50 3000"
	is "two, $1 and $2: nothing is left" "$(state)" "$clean_state"
done

mkdir "$dir/reports"
ok "a report to come: start" start run a -i v0 --total -o "$dir/reports/a"
stop run KILL
is "a report to come: no file is left" "$(ls -A "$dir/reports")" ""
next_start

ok "no program is left in the kernel" wait_for 20 no_more_programs
done_testing
