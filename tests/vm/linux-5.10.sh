# SPDX-License-Identifier: GPL-2.0-or-later
# Debian 11's kernel: no TCX, values of maps end at 4 MiB, tables count as locked memory.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bullseye linux-image-cloud-amd64
vm_test tests/test-packet '^devices .*TCX' '^growth ' '^XDP: all '
vm_test tests/check.sh '^programs of others .*TCX'
vm_test tests/vm/memlock.sh
vm_test tests/netns/nl.sh
vm_test tests/netns/diag.sh '^raw sockets '
vm_test tests/netns/record.sh
vm_rest '^programs of others .*TCX' '^tcx ' '^messages ' '^process ' '^tracepoint ' '^jumbo ' \
	'(^| )super-frames #'
vm_run
