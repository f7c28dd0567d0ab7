# SPDX-License-Identifier: GPL-2.0-or-later
# A recording says what the report of the same run says, as far as it goes.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command iperf3

new_ns a b
join a va 1 b vb 2 1
offloads a va off # so that the kernel counts packets as well
offloads b vb off

frames() {
	in_ns a "$spray" frames va "$1" to=02:00:00:00:01:02 from=02:00:00:00:01:01 \
		ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=18 flows="$2"
}
has_lines() { [ "$(wc -l <"$dir/$1.out")" -ge "$2" ]; }
replay() {
	"$pktop" --replay "$dir/$1.rec" --json >"$dir/$1-replay.out" 2>"$dir/$1-replay.err"
	status=$?
}

# ---- a whole one

ok "whole: start" start_on whole b vb -i lo --record "$dir/whole.rec" --json
in_ns a "$spray" echo 10.9.1.2 10 56
frames 5 20
ok "whole: TCP" tcp a b 10.9.1.2 -t 2 -b 20M # some intervals of a second
ok "whole: TCP over 6" tcp a b fd09:1::2 -n 1M
in_ns b "$spray" udp 127.0.0.1 9 127.0.0.1 9 5 58
in_ns a "$spray" frames va 7 to=02:00:00:00:01:02 from=02:00:00:00:01:01 type=88b5 pad=46
after=$(counters b vb)
stop whole
is "whole: ends well" "$status $(cat "$dir/whole.err")" "0 "
is "whole: totals of the kernel" "$(ledger whole vb)" "$(minus "$after" "$before_whole")"
replay whole
is "whole: replay ends well" "$status $(cat "$dir/whole-replay.err")" "0 "
for part in .ledger .totals .interfaces .capacity "[.start, .end, .duration_s, .host, .layer]"; do
	is "whole: replay: $part" "$(report whole-replay "$part")" "$(report whole "$part")"
done
ok "whole: there are flows" [ "$(report whole '.flows | length')" -gt 24 ]
is "whole: replay: flows" \
	"$(report whole-replay '.flows | sort_by(tojson) | .[]')" \
	"$(report whole '.flows | sort_by(tojson) | .[]')"
is "whole: for nobody else to read" "$(stat -c %a "$dir/whole.rec")" 600
start again b -i vb --record "$dir/whole.rec" --json
wait "$pid_again"
is "a file that is there is left alone: status" $? 1
is "a file that is there is left alone: sentence" "$(cat "$dir/again.err")" \
	"pktop: --record: $dir/whole.rec is there already: File exists"

# ---- killed while it counts

for attempt in 1 2 3; do
	ok "killed: start" start_on killed b vb --record "$dir/killed.rec" --total -r 100ms
	frames 20000 20 &
	load=$!
	pids="$pids $load"
	ok "killed: intervals" wait_for 20 has_lines killed $((attempt + 2))
	stop killed KILL
	wait $load
	replay killed
	is "killed: replay: status" "$status $(cat "$dir/killed-replay.err")" "0 "
	like "killed: replay: the note says that the end is not there" \
		"$(report killed-replay .note)" "^replay of .*killed.rec; the recording "
	is "killed: replay: the books balance" "$(unbalanced killed-replay)" ""
	# every interval that was reported, and at most one more
	at_least=$(tail -n 1 "$dir/killed.out" | sed 's/total: in \([0-9]*\) .*/\1/')
	recorded=$(ledger killed-replay vb | cut -d' ' -f2)
	ok "killed: replay: $recorded of $at_least packets" [ "$recorded" -ge "$at_least" ]
	ok "killed: replay: not more than was sent" [ "$recorded" -le 400190 ]
	is "killed: replay: frames of 60 bytes" "$(ledger killed-replay vb | cut -d' ' -f3)" \
		$((60 * recorded))
	is "killed: replay: flows" "$(flow killed-replay true)" "$recorded $((60 * recorded))"
	rm "$dir/killed.rec"
done

done_testing
