# SPDX-License-Identifier: GPL-2.0-or-later
# A system with cgroups of version 1 alone.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bookworm linux-image-amd64
vm_cgroups v1
vm_test tests/vm/cgroups.sh
vm_run
