# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever ends a run, its report is right, its status is the one that was promised, and nothing is
# left on the hooks.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command env head mkfifo setpriv timeout

new_ns a b
join a va 1 b vb 2 1
modes="tcx clsact"
[ "$(in_ns a "$guest" query va)" != none ] || modes=clsact

# send COUNT [WORD...]: 60 bytes each
send() {
	n=$1
	shift
	in_ns a "$spray" frames va "$n" to=02:00:00:00:01:02 from=02:00:00:00:01:01 \
		ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=18 "$@"
}
# clean NAME: nothing is left
clean() { is "$1: nothing is left on the hooks" "$(hooks a va)" ""; }

# ---- signals

for mode in $modes; do
	for signal in INT TERM HUP; do
		ok "$mode, SIG$signal: start" start_on run a va --attach "$mode" --json
		send 10
		stop run $signal
		is "$mode, SIG$signal: status" "$status $(cat "$dir/run.err")" "0 "
		is "$mode, SIG$signal: report" "$(ledger run va)" "in 0 0 out 10 600"
		clean "$mode, SIG$signal"
	done
done

# a shell that ends at the other end of a line that is down
(
	trap '' HUP
	start nohup a -i va --json || exit
	kill -HUP "$pid_nohup"
	send 5
	stop nohup TERM
	exit "$status"
)
is "nohup: status" $? 0
is "nohup: goes on" "$(ledger nohup va)" "in 0 0 out 5 300"

# So early that it is not attached yet, or in the middle of that: the report is there all the same,
# and nothing is left. Before main() a signal just ends the process.
early=0
for mode in $modes; do
	for phase in 0.005 0.02 0.04 0.06 0.08 0.1 0.12 0.14; do
		in_ns a timeout --preserve-status -s TERM $phase "$pktop" -i va --attach "$mode" \
			--json >"$dir/early.out" 2>"$dir/early.err"
		case "$? $(jq -r '.schema' "$dir/early.out") $(cat "$dir/early.err")" in
		"0 pktop/1 " | "143  ") ;;
		*) early=$((early + 1)) ;;
		esac
		[ -z "$(hooks a va)" ] || early=$((early + 1))
	done
done
is "an early signal" $early 0

# The first signal ends the loop, then the report waits for a reader; the second ends the process.
unblocked() { grep -q '^SigBlk:.*0000$' "/proc/$1/status"; }
mkfifo "$dir/fifo"
exec 9<>"$dir/fifo"
nsenter --net=/run/netns/a -- "$pktop" -i va --json >"$dir/fifo" 2>"$dir/second.err" 9>&- &
pid_second=$!
pids="$pids $pid_second"
ok "a second signal: start" wait_for 20 counts $pid_second
send 1 flows=300 # more than the FIFO takes
kill -TERM $pid_second
ok "a second signal: the first is taken" wait_for 10 unblocked $pid_second
ok "a second signal: still writing" is_not gone $pid_second
kill -TERM $pid_second
ended second
is "a second signal: status" "$status" 143
exec 9>&-
in_ns a "$pktop" -i va -t 100ms --total >/dev/null # what clsact leaves goes with the next start
clean "a second signal"

# ---- time, number, rate

in_ns a "$pktop" -i va -t 300ms --json >"$dir/timeout.out" 2>"$dir/timeout.err"
is "-t: status" "$? $(cat "$dir/timeout.err")" "0 "
is "-t: so long" "$(report timeout '.duration_s >= 0.3 and .duration_s < 3')" true
clean "-t"

in_ns a "$pktop" -i va -n 3 -r 100ms --json >"$dir/count.out" 2>"$dir/count.err"
is "-n: status" "$? $(cat "$dir/count.err")" "0 "
is "-n: reports" "$(report count '.schema' | tr '\n' ' ')" "pktop/1 pktop/1 pktop/1 "
is "-n: of intervals" "$(report count '.interval_s >= 0.05 and .interval_s < 3' |
	tr '\n' ' ')" "true true true "
in_ns a "$pktop" -i va -n 2 -r 100ms --total >"$dir/totals.out"
is "-n: totals" "$(grep -c '^total: in 0 packets' "$dir/totals.out")" 2

n_lines() { wc -l <"$dir/$1.out"; }
has_lines() { [ "$(n_lines "$1")" -ge "$2" ]; }
ok "-r and a signal: start" start_on lines a va -r 100ms --json
ok "-r and a signal: some intervals" wait_for 20 has_lines lines 2
send 33
stop lines
is "-r and a signal: the last report has everything" \
	"$(tail -n 1 "$dir/lines.out" | jq -c '.ledger[1].total')" '{"packets":33,"bytes":1980}'
is "-r and a signal: what the intervals had adds up" \
	"$(report lines '.ledger[1].pps * .interval_s | round' | awk '{ n += $1 } END { print n }')" 33

keep_sending() { while [ ! -e "$dir/enough" ]; do send 20000; done; }
keep_sending &
pid_load=$!
pids="$pids $pid_load"
in_ns a "$pktop" -i va -t 20s -r 100ms --exit-over 1kpps --total >"$dir/over.out"
is "--exit-over: status" $? 3
ok "--exit-over: a report" grep -q '^total: ' "$dir/over.out"
ok "--exit-over: before the time is up" is_not grep -q '^$' "$dir/over.out"
clean "--exit-over"
touch "$dir/enough"
wait $pid_load
in_ns a "$pktop" -i va -t 300ms -r 100ms --exit-over 1kpps --total >"$dir/under.out"
is "--exit-over: not over" $? 0

# ---- where the report goes

# shellcheck disable=SC2016 # the inner shell expands
in_ns a sh -c '{ "$@" 2>"$0"; echo $? >&3; } | head -n 1 >/dev/null' "$dir/pipe.err" \
	timeout -s KILL 60 "$pktop" -i va -r 100ms --json 3>"$dir/pipe.status"
is "a reader that goes away: status" "$(cat "$dir/pipe.status")" 1
is "a reader that goes away: sentence" "$(cat "$dir/pipe.err")" \
	"pktop: cannot write the report: Broken pipe"
clean "a reader that goes away"

mkdir "$dir/o"
echo old >"$dir/o/file"
ok "-o: start" start_on file a va --json -o "$dir/o/file"
send 12
is "-o: nothing before the end" "$(cat "$dir/o/file")" old
stop file
is "-o: status" "$status $(cat "$dir/file.err" "$dir/file.out")" "0 "
is "-o: the report" "$(jq -r '.ledger[1].total.packets' "$dir/o/file")" 12
ok "-o, killed: start" start_on file a va --json -o "$dir/o/new"
stop file KILL
is "-o, killed: status" "$status" 137
is "-o, killed: no file, nor a part of one" "$(cd "$dir/o" && echo *)" file

in_ns a "$pktop" -i va -t 100ms --json >/dev/full 2>"$dir/full.err"
is "a full disk: status" "$? $(cat "$dir/full.err")" \
	"1 pktop: cannot write the report: No space left on device"
clean "a full disk"

# ---- a terminal without a table

# tmux runs commands by the login shell where SHELL is not set, and some users have none
export SHELL=/bin/sh
unset TMUX
tm() { TMUX_TMPDIR=$dir tmux -L pktop -f /dev/null -u "$@"; }
trap 'tm kill-server 2>/dev/null; clean_up' EXIT
shows() { tm capture-pane -p | grep -q -- "$1"; }
case $pktop in
/*) ;;
*) pktop=$PWD/$pktop ;;
esac
in_pane() { tm respawn-pane -k "$1 nsenter --net=/run/netns/a -- '$pktop' -i va $2"; }
if command -v tmux >/dev/null && tm new-session -d -x 132 -y 43 cat; then
	tm set-option -g remain-on-exit on
	in_pane TERM=dumb
	ok "no table: says why, and what it waits for" wait_for 20 shows \
		'^pktop: no table: this type of terminal .*; counting until C-c, then a report$'
	tm send-keys C-c
	ok "no table: C-c brings the report" wait_for 10 shows '^va  *out  *bytes .* balanced$'
	in_pane "" --batch
	ok "--batch: says what it waits for" wait_for 20 shows \
		'^pktop: counting until C-c, then a report$'
	in_pane "" "-t 100ms --batch"
	ok "with an end: the report" wait_for 20 shows '^va  *out  *bytes .* balanced$'
	ok "with an end: not a word" is_not shows 'counting until'
	tm kill-server
else
	pass "a terminal without a table # SKIP needs the command tmux"
fi

done_testing
