# SPDX-License-Identifier: GPL-2.0-or-later
# In a virtual machine whose kernel counts tables as locked memory (before Linux 5.11): what a limit
# on that leaves, and what is said where it leaves nothing.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

[ -n "${PKTOP_TEST_CGROUPS-}" ] || skip_all "runs in a virtual machine: make check-vm"
need_root
need_command jq prlimit setpriv

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# limited KIB COMMAND...: root, but for the privilege to raise limits; sets status and err
limited() {
	kib=$1
	shift
	status=0
	prlimit --memlock=$((kib * 1024)) setpriv --inh-caps -sys_resource --bounding-set -sys_resource \
		"$@" >"$dir/out" 2>"$dir/err" || status=$?
	err=$(cat "$dir/err")
}

limited 64 "$pktop" -i lo -t 100ms --json
is "no room for the table" "$status $err" "1 pktop: cannot make the table: this kernel counts it \
as locked memory, which is limited here: raise that (ulimit -l unlimited), or choose a smaller table \
with --max-flows"
limited 8192 "$pktop" -i lo -t 100ms --json --max-flows 1024
is "room for a small one" "$status $err" "0 "
is "owners with what is left" "$(jq -r '.owners.reason' "$dir/out")" "null"
limited 4096 "$pktop" log http -i lo -t 100ms --json --max-flows 1024
is "no room for payload" "$status $err" "1 pktop: cannot make the table: this kernel counts \
it as locked memory, which is limited here: raise that (ulimit -l unlimited)"
limited 8192 "$pktop" check
is "check: what fits is no smaller" "$(grep -c '^  ok  socket calls ' "$dir/out")" 1
done_testing
