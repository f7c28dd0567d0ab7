# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings that are no recordings, or no longer: one sentence, and no exit status 0.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

# refused NAME SENTENCE
refused() {
	is "$1: status" "$status" 1
	is "$1: nothing on stdout" "$(cat out)" ""
	is "$1: sentence" "$(cat err)" "pktop: $2"
}

run "$pktop" --replay nowhere.rec --batch
refused "no file" "nowhere.rec: cannot open the recording: No such file or directory"
run "$pktop" --replay . --batch
refused "a directory" ".: is a directory, not a recording"
: >empty.rec
run "$pktop" --replay empty.rec --batch
refused "an empty file" "empty.rec: not a recording: the file is empty"
echo "This is a text, and a rather short one." >text.rec
run "$pktop" --replay text.rec --json
refused "a text" \
	"text.rec: not a recording: it does not begin with the mark of one at byte 0"
mkfifo fifo.rec
run "$pktop" --replay fifo.rec --batch
refused "a FIFO" "fifo.rec: is not a regular file, as a recording must be"

size=$(wc -c <small.rec)
head -c $((size - 13)) small.rec >cut.rec
run "$pktop" --replay cut.rec --batch
is "cut short: status" "$status" 0
like "cut short: what was whole is shown" "$(cat out)" "^eth0 +in +packets +12 .* 22 +balanced"
like "cut short: the note says so" "$(cat out)" "^note     replay of cut.rec; the recording is cut short in the record at byte [0-9]+, the interval that began at byte [0-9]+ is left out"

# The last byte of the payload of the last tick, which is followed by the end mark of 12 bytes.
{
	head -c $((size - 13)) small.rec
	printf '\377'
	tail -c 12 small.rec
} >damaged.rec
run "$pktop" --replay damaged.rec --batch
is "damaged: status" "$status" 1
ok "damaged: something on stderr" [ -s err ]
done_testing
