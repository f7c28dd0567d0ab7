# SPDX-License-Identifier: GPL-2.0-or-later
# Debian 12's kernel: no TCX, hence filters of clsact; kprobes and fentry; cgroup v2 alone.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bookworm linux-image-amd64
vm_test tests/test-packet '^devices .*TCX'
vm_test tests/netns/exact.sh '^tcx '
vm_test tests/netns/process.sh '^tracepoint '
vm_test tests/vm/cgroups.sh
vm_rest '^programs of others .*TCX' '^tcx ' '^messages ' '^process '
vm_run
