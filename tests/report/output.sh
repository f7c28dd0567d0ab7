# SPDX-License-Identifier: GPL-2.0-or-later
# Where reports go: files that appear when they are whole, full devices, readers that go away.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording
total=$("$pktop" --replay small.rec --total)
mkdir reports
umask 027

run "$pktop" --replay small.rec --total -o reports/a
prints "to a file" ""
is "to a file: contents" "$(cat reports/a)" "$total"
is "to a file: mode" "$(stat -c %a reports/a)" 640
is "to a file: nothing else" "$(ls -A reports)" a
echo old >reports/b
ln -s b reports/link
run "$pktop" --replay small.rec --total -o reports/link
is "through a link: status" "$status" 0
is "through a link: contents" "$(cat reports/b)" "$total"
ok "through a link: still a link" [ -L reports/link ]

# failed NAME PATTERN: with one line on stderr
failed() {
	is "$1: status" "$status" 1
	like "$1: sentence" "$(cat err)" "^pktop: $2\$"
	is "$1: one line" "$(wc -l <err | tr -d ' ')" 1
}

for kind in --batch --csv --total; do
	run "$pktop" --replay small.rec $kind -o /dev/full
	failed "$kind -o to a full device" "cannot write .*: No space left on device"
	status=0
	"$pktop" --replay small.rec $kind >/dev/full 2>err || status=$?
	failed "$kind to a full device" "cannot write .*: No space left on device"
done
ok "the device is still one" [ -c /dev/full ]
run "$pktop" --replay small.rec --total -o reports
failed "a directory" "-o: cannot create reports: Is a directory"
run "$pktop" --replay small.rec --total -o nowhere/a
failed "no directory" "-o: cannot create nowhere/a: No such file or directory"
echo old >reports/c
run "$pktop" --replay nowhere.rec --total -o reports/c
is "a run that fails: status" "$status" 1
is "a run that fails: the old file stays" "$(cat reports/c)" old
is "a run that fails: no temporary file" "$(ls -A reports)" "a
b
c
link"
done_testing
