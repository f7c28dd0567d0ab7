# SPDX-License-Identifier: GPL-2.0-or-later
# Names of hosts, asked of a real server, in the table and in reports.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command dnsmasq tmux
need_library CARES

new_ns a b
join a va 1 b vb 2 1
# the namespace's own; both mounts are private
printf 'nameserver 10.9.1.2\noptions timeout:1 attempts:1\n' >"$dir/resolv.conf"
mount --bind "$dir/resolv.conf" /etc/resolv.conf || skip_all "cannot mount over resolv.conf"
printf '10.9.1.1 near.example\n' >"$dir/hosts"
mount --bind "$dir/hosts" /etc/hosts || skip_all "cannot mount over the hosts file"

# 10.9.1.99 has no name
# shellcheck disable=SC2016 # nothing is to expand
nsenter --net=/run/netns/b -- dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv \
	--no-hosts --pid-file= --user= --group= --bind-interfaces --listen-address=10.9.1.2 \
	--local-ttl=600 --ptr-record=2.1.9.10.in-addr.arpa,server.example \
	'--ptr-record=98.1.9.10.in-addr.arpa,ev\il=$(x).example' \
	--ptr-record=2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.9.0.d.f.ip6.arpa,six.example \
	--local=/in-addr.arpa/ --local=/ip6.arpa/ >"$dir/dnsmasq.log" 2>&1 &
pids="$pids $!"
ip -n a neigh add 10.9.1.98 lladdr 02:00:00:00:01:02 dev va nud permanent
serves() { [ -n "$(in_ns b ss -Hlun 'sport = :53')" ]; }
ok "the server starts" wait_for 10 serves

send() {
	in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 5001 1 100 &&
		in_ns a "$spray" udp fd09:1::1 4002 fd09:1::2 5002 1 100 &&
		in_ns a "$spray" udp 10.9.1.1 4003 10.9.1.98 5003 1 100 &&
		in_ns a "$spray" udp 10.9.1.1 4004 10.9.1.99 5004 1 100
}
# counted NAME ARGUMENT...: a run over the traffic above
counted() {
	counted_name=$1
	shift
	start "$counted_name" a -i va --batch "$@" || return
	send
	stop "$counted_name"
	[ $status = 0 ]
}

ok "JSON" counted json --names --json
is "JSON: the name by the server, the one of the hosts file" "$(report json '.flows[] |
	select(.dst_port == 5001) | "\(.src_addr) \(.src_name) \(.dst_addr) \(.dst_name)"')" \
	"10.9.1.1 near.example 10.9.1.2 server.example"
is "JSON: IPv6" "$(report json '.flows[] | select(.dst_port == 5002) | .dst_name')" six.example
is "JSON: no name" "$(report json '.flows[] | select(.dst_port == 5004) | .dst_name')" null
# shellcheck disable=SC2016 # nothing is to expand
is "JSON: a hostile name is escaped" "$(report json '.flows[] | select(.dst_port == 5003) |
	.dst_name')" 'ev\\il=\$\(x\).example'
ok "JSON: without names" counted plain --json
is "JSON: no fields without" "$(report plain '[.flows[] | has("dst_name")] | any')" false

ok "text" counted text --names --by dst
ok "text: names" grep -q ' server\.example$' "$dir/text.out"
ok "text: an address where there is none" grep -q ' 10\.9\.1\.99$' "$dir/text.out"
ok "text: columns of addresses" counted columns --names --columns src_addr,dst_addr,dst,dst_name
like "text: an address stays one, an endpoint has the name" "$(cat "$dir/columns.out")" \
	'^10\.9\.1\.1 +10\.9\.1\.2 +server\.example:5001 +server\.example$'
ok "a filter" counted filter --names --json -f 'name server* and port 5001'
is "a filter: by name" "$(report filter '[.flows[] | .dst_port] | join(" ")')" 5001
ok "a search" counted search --names --json -f 'six.exam and udp port 5002'
is "a search: by a part of the name" "$(report search '[.flows[] | .dst_port] | join(" ")')" 5002

# ---- the table
on_terminal a 120 24 -i va --ascii
ok "the table: starts" shown "no packets yet"
ok "the table: traffic" send
ok "the table: addresses" shown '10\.9\.1\.2:5001'
tm send-keys n
ok "the table: names" shown 'server\.example:5001'
ok "the table: of IPv6" shown 'six\.example:5002'
tm send-keys N
ok "the table: names of ports" shown 'server\.example:domain'
tm send-keys n
ok "the table: addresses again" shown '10\.9\.1\.2:domain'
tm send-keys q
done_testing
