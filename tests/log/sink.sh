# SPDX-License-Identifier: GPL-2.0-or-later
# Where records go: a file that is appended to, a full disk, a reader that goes away.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

run "$pktop" log flows --replay small.rec -o a.log
prints "a file: nothing on stdout" ""
is "a file has the records" "$(wc -l <a.log)" 9
run "$pktop" log flows --replay small.rec -o a.log
is "it is appended to" "$(wc -l <a.log)" 18

run "$pktop" log flows --replay small.rec -o missing/a.log
is "no such directory: status" "$status" 1
is "no such directory" "$(cat err)" "pktop: cannot write to missing/a.log: No such file or directory"

status=0
"$pktop" log flows --replay small.rec >/dev/full 2>err || status=$?
is "a full disk: status" "$status" 1
is "a full disk" "$(cat err)" "pktop: cannot write the records: No space left on device"

run "$pktop" log flows --replay small.rec -o /dev/full
is "a file without room: status" "$status" 1
is "a file without room" "$(cat err)" "pktop: cannot write the records: No space left on device"

mkfifo lonely
run "$pktop" log flows --replay small.rec -o lonely
is "a FIFO that nobody reads: status" "$status" 1
is "a FIFO that nobody reads" "$(cat err)" "pktop: cannot write to lonely: nobody reads from it"
cat lonely >lonely.out &
reader=$!
wait_for 10 sh -c '"$1" log flows --replay small.rec -o lonely 2>err' sh "$pktop"
wait "$reader"
is "a FIFO with a reader" "$(wc -l <lonely.out)" 9

# Rotation: 2000 records in files of at most 64 KiB.
{
	echo "iface 0 eth0"
	i=1
	while [ $i -le 2000 ]; do
		echo "flow eth0 in udp 192.0.2.7:$i 192.0.2.1:53 packets=1 bytes=100"
		i=$((i + 1))
	done
	echo "tick 1"
	echo end
} >many
make many.rec <many
run "$pktop" log flows --replay many.rec -o r.log --rotate-size 64Ki --rotate-keep 2
prints "rotation" ""
is "so many older files stay" "$(echo r.log*)" "r.log r.log.1 r.log.2"
for file in r.log r.log.1 r.log.2; do
	ok "$file is small enough" [ "$(wc -c <$file)" -le 65536 ]
	is "$file ends with a whole record" "$(tail -c 1 $file | od -An -c | tr -d ' ')" '\n'
done
is "no record is missing between the files" "$(cat r.log.2 r.log.1 r.log |
	sed -n 's/.* \([0-9]*\)->53 .*/\1/p' | awk 'NR > 1 && $1 != last + 1 { n++ } { last = $1 }
	END { print n + 0, last }')" "0 2000"
run "$pktop" log flows --replay many.rec -o k.log --rotate-size 64Ki --rotate-keep 0
is "none stays" "$(echo k.log*)" k.log
echo old >old.log
touch -d 2020-01-01 old.log
run "$pktop" log flows --replay small.rec -o old.log --rotate-every 1h
is "a file of an hour that is over" "$(cat old.log.1; wc -l <old.log)" "old
9"
echo two >old.log.2
mv old.log.1 taken
touch -d 2020-01-01 old.log
run "$pktop" log flows --replay small.rec -o old.log --rotate-every 1h
is "a place that is free is used" "$(wc -l <old.log.1; cat old.log.2; echo old.log*)" "9
two
old.log old.log.1 old.log.2"
run "$pktop" log flows --replay small.rec -o old.log --rotate-every 2400h
is "one of the time that it is" "$(wc -l <old.log)" 18
run "$pktop" log flows --replay small.rec -o /dev/null --rotate-size 1M
is "what cannot be rotated: status" "$status" 1
is "what cannot be rotated" "$(cat err)" "pktop: cannot rotate /dev/null: it is no regular file"

run "$pktop" log flows --replay many.rec -o j.log --json --rotate-size 64Ki --rotate-keep 20
if ! grep -q 'without JSON' err; then
	is "JSON: each file begins with the run" "$(head -qn 1 j.log* | cut -d , -f 1 | sort -u)" \
		'{"type":"meta"'
	ok "JSON: several files" [ -e j.log.5 ]
else
	pass "JSON # SKIP built without libjansson"
fi

# the writer waits for the reader to be gone
mkfifo pipe
(exec 3<pipe) &
reader=$!
exec 4>pipe
wait "$reader"
status=0
"$pktop" log flows --replay small.rec >&4 2>err || status=$?
exec 4>&-
is "a closed pipe: status" "$status" 1
is "a closed pipe" "$(cat err)" "pktop: cannot write the records: Broken pipe"
done_testing
