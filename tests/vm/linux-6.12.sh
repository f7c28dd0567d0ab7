# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel of Debian 12's backports: TCX, and everything else that is new.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bookworm-backports linux-image-cloud-amd64
vm_test tests/test-packet
vm_test tests/netns/record.sh
vm_rest
vm_run
