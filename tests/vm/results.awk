# SPDX-License-Identifier: GPL-2.0-or-later
# Makes one TAP output of those of the tests in a virtual machine. First file: a test and a pattern
# of what it may skip there. Second file: what guest.sh wrote. status: of qemu, or "hangs".

function result(good, text) {
	if (!good)
		n_failed++
	printf "%s %d - %s\n", good ? "ok" : "not ok", ++n, text
}

function may_skip(text, i) {
	for (i = 1; i <= n_skips[test]; i++)
		if (text ~ skips[test, i])
			return 1
	return 0
}

# The reason must not reach automake as a directive where the skip is a failure.
function skipped(text) {
	if (may_skip(text))
		printf "ok %d - %s: %s\n", ++n, test, text
	else {
		sub(/ ?# SKIP/, " is skipped, but should run here:", text)
		result(0, test ": " text)
	}
}

function end_test(test_status, seconds) {
	if (test_status == 124 || test_status == 137)
		result(0, test ": hangs: ended after " seconds " s")
	else if (plan == "")
		result(0, test ": ended without a plan, status " test_status)
	else if (plan != n_seen)
		result(0, test ": planned " plan " results, had " n_seen)
	else if (test_status != 0 && !n_test_failed)
		result(0, test ": status " test_status)
	printf "# %s: %d s\n", test, seconds
	test = ""
}

{ sub(/\r$/, "") }
FILENAME == ARGV[1] {
	skips[$1, ++n_skips[$1]] = substr($0, length($1) + 2)
	next
}
$1 == "##" && $2 == "kernel" { print "# " substr($0, 4); next }
$1 == "##" && $2 == "test" {
	test = $3
	plan = ""
	n_seen = n_test_failed = 0
	next
}
$1 == "##" && $2 == "end" { end_test($3, $4); next }
$1 == "##" && $2 == "complaint" { result(0, substr($0, 4)); next }
$1 == "##" && $2 == "done" { done = 1; next }
/^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
	if (match($0, /# SKIP/))
		skipped("all " substr($0, RSTART))
	next
}
/^(not )?ok [0-9]+/ {
	n_seen++
	good = $1 == "ok"
	text = $0
	sub(/^(not )?ok [0-9]+( - )?/, "", text)
	if (good && text ~ /# SKIP/)
		skipped(text)
	else {
		n_test_failed += !good
		result(good, test ": " text)
	}
	next
}
{ print /^#/ ? $0 : "# " $0 }

END {
	if (!done && status == "hangs")
		result(0, "the machine hangs" (test ? " in " test : "") ": it says nothing more")
	else if (!done)
		result(0, "the machine ended" (test ? " in " test : "") ", qemu's status " status)
	printf "1..%d\n", n
	exit (n_failed > 0)
}
