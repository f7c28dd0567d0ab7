#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the virtual machine: makes a root directory of the host's, which it can only
# read, with a layer of memory for what is written, and goes on there.
# shellcheck shell=sh

/bin/busybox --install -s /bin
PATH=/bin
. /plan/settings

give_up() {
	echo "init: $*"
	poweroff -f
}

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do
	insmod "$module"
done
mount -t virtiofs -o ro root /lower || give_up "cannot mount the root directory"
mount -t tmpfs -o size=75% tmpfs /upper
mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /new ||
	give_up "cannot lay memory over the root directory"
for mount in proc sys dev; do
	mount --move /$mount /new/$mount
done
mount -t tmpfs tmpfs /new/run
cp -r /plan /new/run/plan
mkdir -p /new/lib/modules
mount --bind "/lower$kernel_dir/lib/modules" /new/lib/modules
exec switch_root /new /bin/sh "$top_srcdir/tests/vm/guest.sh"
