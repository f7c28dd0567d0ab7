# SPDX-License-Identifier: GPL-2.0-or-later
# Debian 12's kernel: no TCX, hence filters of clsact; kprobes and fentry; cgroup v2 alone.
# shellcheck shell=sh

. "${top_srcdir:-.}/tests/vm/lib-vm.sh"

vm_kernel bookworm linux-image-amd64
vm_test tests/test-packet '^devices .*TCX'
vm_test tests/netns/exact.sh '^tcx '
vm_test tests/netns/process.sh '^tracepoint '
vm_test tests/vm/cgroups.sh
vm_more tests/check.sh '^programs of others .*TCX'
vm_more tests/netns/cgroup.sh
vm_more tests/netns/clients.sh
vm_more tests/netns/conns.sh '^messages '
vm_more tests/netns/detail.sh
vm_more tests/netns/dns.sh
vm_more tests/netns/ends.sh
vm_more tests/netns/filter.sh
vm_more tests/netns/flood.sh
vm_more tests/netns/http.sh
vm_more tests/netns/ifaces.sh '^tcx '
vm_more tests/netns/kill.sh
vm_more tests/netns/l7.sh
vm_more tests/netns/layers-apart.sh
vm_more tests/netns/names.sh
vm_more tests/netns/nl.sh
vm_more tests/netns/offload.sh
vm_more tests/netns/others.sh
vm_more tests/netns/owner.sh '^messages '
vm_more tests/netns/precision.sh
vm_more tests/netns/priv.sh '^tcx ' '^process '
vm_more tests/netns/record.sh
vm_more tests/netns/sink.sh
vm_more tests/netns/sizes.sh
vm_more tests/netns/tls.sh
vm_more tests/netns/xdp.sh
vm_run
