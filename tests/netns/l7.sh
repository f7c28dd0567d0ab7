# SPDX-License-Identifier: GPL-2.0-or-later
# Application protocols of real clients and servers, on ports that say nothing or something else.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command busybox dnsmasq dig openssl jq

new_ns a b
join a va 1 b vb 2 1

# serve COMMAND...: a server in b
serve() {
	nsenter --net=/run/netns/b -- "$@" >"$dir/serve.$1.log" 2>&1 &
	pids="$pids $!"
}

serve busybox httpd -f -p 10.9.1.2:7001 -h "$dir"
serve dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --pid-file= \
	--user= --group= --bind-interfaces --listen-address=10.9.1.2 --port=7002 \
	--address=/www.example/192.0.2.1
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key" -out "$dir/cert" -days 1 \
	-subj /CN=server.example >"$dir/req.log" 2>&1
serve openssl s_server -accept 7003 -key "$dir/key" -cert "$dir/cert" -quiet
ok "HTTP server" wait_for 10 listens b 7001
ok "DNS server" wait_for 10 listens b 7002 -u
ok "TLS server" wait_for 10 listens b 7003

send() {
	in_ns a busybox wget -q -O "$dir/http.out" http://10.9.1.2:7001/cert &&
		in_ns a dig +short +time=2 @10.9.1.2 -p 7002 www.example >"$dir/dig.out" &&
		in_ns a dig +tcp +short +time=2 @10.9.1.2 -p 7002 www.example >>"$dir/dig.out" &&
		echo | in_ns a openssl s_client -connect 10.9.1.2:7003 >"$dir/tls.out" 2>&1 &&
		in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 123 1 100
}
# counted NAME ARGUMENT...: a run over the traffic above
counted() {
	counted_name=$1
	shift
	start "$counted_name" "$@" --json || return
	send
	stop "$counted_name"
	[ $status = 0 ]
}
# labels NAME PORT: of the flows from and to a port of the server, each once
labels() {
	report "$1" "[.flows[] | select(.dst_port == $2 or .src_port == $2) |
		\"\\(.direction) \\(.proto) \\(.l7) \\(.l7_source)\"] | unique | join(\", \")"
}

ok "tc" counted tc b -i vb
is "tc: HTTP" "$(labels tc 7001)" "in tcp http payload, out tcp http payload"
is "tc: DNS" "$(labels tc 7002)" \
	"in tcp dns payload, in udp dns payload, out tcp dns payload, out udp dns payload"
is "tc: TLS" "$(labels tc 7003)" "in tcp tls payload, out tcp tls payload"
is "tc: a port of NTP without NTP" "$(labels tc 123)" "in udp ntp port"

ok "xdp, on the client's side" counted xdp a -i va --xdp --xdp-mode generic
is "xdp: HTTP" "$(labels xdp 7001)" "in tcp http payload"
is "xdp: DNS" "$(labels xdp 7002)" "in tcp dns payload, in udp dns payload"
is "xdp: TLS" "$(labels xdp 7003)" "in tcp tls payload"

ok "--no-l7" counted off b -i vb --no-l7
is "--no-l7: nothing by payload" "$(report off '[.flows[].l7_source] | unique | @text')" \
	'[null,"port"]'

ok "text, by protocol" start by b -i vb --by l7
send
stop by
ok "a group by payload" grep -q ' http$' "$dir/by.out"
ok "a group of guesses" grep -q ' ntp?$' "$dir/by.out"

done_testing
