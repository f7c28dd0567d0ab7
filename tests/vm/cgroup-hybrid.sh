# SPDX-License-Identifier: GPL-2.0-or-later
# A system with cgroups of version 1, and version 2 beside them.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bookworm linux-image-amd64
vm_cgroups hybrid
vm_test tests/vm/cgroups.sh
vm_run
