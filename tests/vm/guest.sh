# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in the virtual machine: the tests of the plan, one after the other. What they print goes to
# the second serial line, between lines that start with "##".
# shellcheck shell=sh disable=SC2154

. /run/plan/settings
export top_srcdir top_builddir
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root TERM=linux LANG=C.UTF-8

# what an ordinary start makes
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -sf /proc/self/fd /dev/fd
# the root directory has no files without a name (O_TMPFILE) before Linux 6.3
export TMPDIR=/dev/shm
mount -t bpf bpf /sys/fs/bpf
mount -t tracefs tracefs /sys/kernel/tracing
modprobe tun
hostname guest
ip link set lo up
prlimit --memlock=unlimited --pid $$
# a sender is faster than what receives here, and what waits would be dropped
echo 100000 >/proc/sys/net/core/netdev_max_backlog

case $cgroups in
v2)
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	;;
hybrid | v1)
	mount -t tmpfs tmpfs /sys/fs/cgroup
	for controllers in cpu,cpuacct memory net_cls,net_prio pids; do
		mkdir "/sys/fs/cgroup/$controllers"
		mount -t cgroup -o "$controllers" cgroup "/sys/fs/cgroup/$controllers"
	done
	[ "$cgroups" = v1 ] || {
		mkdir /sys/fs/cgroup/unified
		mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
	}
	;;
esac
export PKTOP_TEST_CGROUPS="$cgroups"

# now: seconds since the start
now() { cut -d. -f1 /proc/uptime; }

stty -F /dev/ttyS1 raw -echo
exec 3>/dev/ttyS1
cd "$top_builddir" || exit
echo "## kernel $(uname -r), cgroups $cgroups" >&3
while read -r limit test; do
	echo "## test $test" >&3
	started=$(now)
	case $test in
	*.sh) set -- sh "$top_srcdir/$test" ;;
	*) set -- "./$test" ;;
	esac
	setsid -w timeout -k 5 "$limit" "$@" </dev/null >&3 2>&1 3>&-
	echo "## end $? $(($(now) - started))" >&3
done </run/plan/tests
# a stall is no fault of the kernel's where the host has other things to do
dmesg | grep -E 'WARNING: |BUG: |KASAN|UBSAN' | grep -v 'soft lockup' | sed 's/^/## complaint /' >&3
echo "## done" >&3
sync
echo o >/proc/sysrq-trigger
sleep 60
