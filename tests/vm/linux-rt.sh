# SPDX-License-Identifier: GPL-2.0-or-later
# Debian 12's kernel for real time (PREEMPT_RT): what counts may be interrupted by what counts.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bookworm linux-image-rt-amd64
vm_test tests/vm/cgroups.sh
vm_rest '^programs of others .*TCX' '^tcx ' '^messages ' '^process ' '^tracepoint '
vm_run
