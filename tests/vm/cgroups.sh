# SPDX-License-Identifier: GPL-2.0-or-later
# In a virtual machine: what "pktop check" says about the version of cgroups that is mounted there,
# and that counting works all the same.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

case ${PKTOP_TEST_CGROUPS-} in
v2) want="ok cgroup v2 /sys/fs/cgroup" ;;
hybrid) want="ok cgroup v2 /sys/fs/cgroup/unified, beside version 1 (hybrid)" ;;
v1) want="-- cgroup v2 not mounted, but version 1 is: --cgroup has nothing to count" ;;
*) skip_all "runs in a virtual machine: make check-vm" ;;
esac
need_root
need_command jq

found=$("$pktop" check -i lo | tr -s ' \n' ' ')
like "pktop check: works" "$found" 'pktop will work here: it counts on lo\. $'
is "pktop check: cgroups" "$(echo "$found" | sed -n 's/.* \(.. cgroup v2 .*\) Privileges .*/\1/p')" \
	"$want"
is "counts" "$("$pktop" -i lo -t 100ms --json | jq -r '.schema, .interfaces[0].state' | tr '\n' ' ')" \
	"pktop/1 attached "
done_testing
