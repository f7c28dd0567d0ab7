# SPDX-License-Identifier: GPL-2.0-or-later
# Memory and descriptors of streams and of the live table stay as they are while processes and
# connections come and go, and of all of them there is a record. CHURN_SECONDS: how long.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command awk mkfifo openssl python3 tmux
need_library HTP JANSSON
need_module ssl
seconds=${CHURN_SECONDS:-15}

new_ns a b
join a va 1 b vb 2 1
# ends come again, so that what is kept of them has an end
in_ns a sh -c 'echo 40000 40199 >/proc/sys/net/ipv4/ip_local_port_range'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key" \
	-out "$dir/cert" -subj /CN=churn.example >"$dir/req.log" 2>&1
cast=${top_srcdir:-.}/tests/netns/churn-cast.py
nsenter --net=/run/netns/b -- python3 "$cast" serve "$dir/cert" "$dir/key" >"$dir/serve.log" 2>&1 &
pids="$pids $!"
ok "servers" wait_for 20 listens b 443

# counts of records by type, of conns those of the client's end; and of what was lost
mkfifo "$dir/log.out"
awk -F'"' -v netns="\"netns\":$(in_ns a stat -Lc %i /proc/self/ns/net)," '
	$4 == "loss" { print }
	$4 !~ /^(dns|http|tls)$/ && !index($0, netns) { next }
	{ n[$4]++ }
	END { print n["open"], n["connect"], n["close"], n["dns"], n["http"], n["tls"] }' \
	"$dir/log.out" >"$dir/counts" &
counter=$!
pids="$pids $counter"
ok "streams" start log a log conns dns http tls --json --max-entries 4096 -i va

on_terminal a 80 24 --max-entries 4096 -i va --watch-dns --watch-tls
live=$(tm display-message -p '#{pane_pid}')
pids="$pids $live"
ok "the live table" wait_for 20 counts "$live"

# queries have places in a ring, of which each is new memory once
in_ns a python3 "$cast" query 10.9.1.2 5000
is "queries" $? 0

# sample NAME PID: kilobytes of memory, descriptors
sample() {
	echo "$1 $(awk '/^VmRSS:/ { print $2 }' "/proc/$2/status") $(find "/proc/$2/fd" | wc -l)"
}
in_ns a python3 "$cast" ask 10.9.1.2 "$seconds" >"$dir/asked" 2>"$dir/ask.log" &
asks=$!
pids="$pids $asks"
while ! gone $asks; do
	sample log "$pid_log"
	sample live "$live"
	sleep 0.2
done >"$dir/samples"
wait $asks
is "all was asked" "$? $(cat "$dir/ask.log")" "0 "
stop log
wait $counter
n=$(cat "$dir/asked")
is "of all that was asked there are records" "$(cat "$dir/counts")" \
	"$((n + 5000)) $((2 * n)) $((2 * n)) $((n + 5000)) $n $n"
end_terminal
# Until the middle the tables are filled; of each process that ever was some octets stay. A file may
# be open for a moment.
for run in log live; do
	grep "^$run" "$dir/samples" | awk '{ memory[NR] = $2; files[NR] = $3 }
		function fewest(from, to, i, n) {
			n = files[from]
			for (i = from; i <= to; i++)
				if (files[i] < n)
					n = files[i]
			return n
		}
		END {
			quarter = int(NR / 4)
			middle = 2 * quarter
			for (i = middle; i <= NR; i++)
				if (memory[i] > most)
					most = memory[i]
			before = fewest(quarter, middle)
			after = fewest(3 * quarter, NR)
			print (NR > 10 && most - memory[middle] < 1024), after - before
			print "# from", memory[1], "by", memory[middle], "to", memory[NR],
				"KiB, at most", most, "in the second half;", before, "files, then", after
		}' >"$dir/growth"
	is "$run: less than 1 MiB more in the second half, and no more files" \
		"$(head -n 1 "$dir/growth")" "1 0"
	tail -n 1 "$dir/growth"
done
done_testing
