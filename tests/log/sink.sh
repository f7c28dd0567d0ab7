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
