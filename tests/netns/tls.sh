# SPDX-License-Identifier: GPL-2.0-or-later
# Handshakes of TLS over TCP and in QUIC, of real clients and servers, record by record.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command openssl socat
need_library JANSSON

new_ns a b
join a va 1 b vb 2 1
# a hello in more than one segment
offloads a va off
ip -n b route change 10.9.1.0/24 dev vb proto kernel src 10.9.1.2 advmss 256

# nothing as it is set on this machine
export OPENSSL_CONF=/dev/null
cert=$dir/cert.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$cert.key" -out "$cert" \
	-subj /CN=server.example >"$dir/req.log" 2>&1 || skip_all "openssl makes no certificate"
# serve PORT ARGUMENT...
serve() {
	serve_port=$1
	shift
	nsenter --net=/run/netns/b -- openssl s_server -accept "$serve_port" -quiet -cert "$cert" \
		-key "$cert.key" -rev "$@" >"$dir/server.$serve_port" 2>&1 &
	pids="$pids $!"
	wait_for 10 listens b "$serve_port"
}
ok "a server" serve 4433 -alpn h2
ok "a server of TLS 1.3 alone" serve 4434 -tls1_3

ok "pktop at the client" start client a log tls --json -i va
ok "pktop at the server" start server b log tls --json -i vb -f 'dport 4433 and ip6'
ok "pktop for names" start names a --batch --json --watch-tls -i va
ok "pktop in text" start text a log tls -i va -f 'dport 4434'

# ask ADDRESS ARGUMENT...
ask() {
	ask_address=$1
	shift
	in_ns a timeout 60 openssl s_client -connect "$ask_address" -min_protocol TLSv1.2 \
		-groups X25519:P-256 -ciphersuites TLS_AES_256_GCM_SHA384 "$@" </dev/null \
		>>"$dir/ask.log" 2>&1
}

ok "TLS 1.3" ask 10.9.1.2:4433 -servername www.example.com -alpn h2,http/1.1
ok "its record" wait_for 10 got client tls 1
ok "over IPv6" ask '[fd09:1::2]:4433' -servername six.example.com
ok "its record" wait_for 10 got client tls 2
ok "TLS 1.2" ask 10.9.1.2:4433 -tls1_2 -servername old.example.com -alpn h2
ok "its record" wait_for 10 got client tls 3
ok "without a name" ask '[fd09:1::2]:4433' -tls1_2 -noservername
ok "its record" wait_for 10 got client tls 4
is "a refusal" "$(ask 10.9.1.2:4434 -tls1_2 -servername not.example.com && echo accepted)" ""
ok "its record" wait_for 10 got client tls 5
long=$(printf '%200s' '' | tr ' ' x)
ok "a hello in segments" ask 10.9.1.2:4433 -servername far.example.com -alpn "$long,h2"
ok "its record" wait_for 10 got client tls 6
# no record
echo "GET / HTTP/1.0" | in_ns a timeout 60 socat -t 1 - TCP4:10.9.1.2:4434 >"$dir/socat.log" 2>&1

stop names
is "that for names ends well" "$status" 0

n_want=6
quic=
if ! has_library NETTLE; then
	pass "QUIC # SKIP needs the library NETTLE"
elif ! command -v gtlsclient >/dev/null || ! command -v gtlsserver >/dev/null; then
	pass "QUIC # SKIP needs the commands gtlsclient and gtlsserver"
else
	quic=yes
	# the samples of RFC 9369: a datagram of 1200 octets and its answer, each after its head of three
	sample=$top_srcdir/tests/fuzz/quic/rfc9369
	dd if="$sample" of="$dir/ask" bs=1 skip=3 count=1200 2>"$dir/dd.log"
	dd if="$sample" of="$dir/answer" bs=1 skip=1206 2>>"$dir/dd.log"
	ok "QUIC version 2 asks" in_ns a socat -u -b 2000 "OPEN:$dir/ask" \
		UDP4-SENDTO:10.9.1.2:4435,bind=10.9.1.1:5555
	ok "QUIC version 2 answers" in_ns b socat -u -b 2000 "OPEN:$dir/answer" \
		UDP4-SENDTO:10.9.1.1:5555,bind=10.9.1.2:4435
	n_want=$((n_want + 1))
	ok "its record" wait_for 10 got client tls "$n_want"
	nsenter --net=/run/netns/b -- gtlsserver -q fd09:1::2 4436 "$cert.key" "$cert" \
		>"$dir/quic.log" 2>&1 &
	pids="$pids $!"
	ok "a server of QUIC" wait_for 10 listens b 4436 -u
	in_ns a timeout 60 gtlsclient -q --exit-on-all-streams-close fd09:1::2 4436 \
		https://quic.example.com/ >>"$dir/quic.log" 2>&1 &
	pids="$pids $!"
	n_want=$((n_want + 1))
	ok "QUIC: its record" wait_for 10 got client tls "$n_want"
fi
stop client
is "the client's ends well" "$status" 0
stop server
is "the server's ends well" "$status" 0
stop text
is "the text ends well" "$status" 0

# handshakes NAME FILTER: what they have in common, a line each
handshakes() {
	records "$1" tls "select($2) | \"\\(.direction) \\(.dst_addr) \\(.dst_port) \\(.quic
		// \"tcp\") \\(.server_name) \\(.version) \\(.alpn_offered | map(.[:10]) | join(\",\"))
		\\(.alpn) \\(.outcome) \\(.error) \\(.failed_by) \\(.incomplete) \\(.owner.comm)\" |
		gsub(\"\\\\s+\"; \" \")"
}
is "TCP, at the client" "$(handshakes client '.quic == null')" \
	"out 10.9.1.2 4433 tcp www.example.com TLSv1.3 h2,http/1.1 null answered null null false openssl
out fd09:1::2 4433 tcp six.example.com TLSv1.3 null answered null null false openssl
out 10.9.1.2 4433 tcp old.example.com TLSv1.2 h2 h2 established null null false openssl
out fd09:1::2 4433 tcp null TLSv1.2 null established null null false openssl
out 10.9.1.2 4434 tcp not.example.com null null failed protocol_version server false openssl
out 10.9.1.2 4433 tcp far.example.com TLSv1.3 xxxxxxxxxx,h2 null answered null null false openssl"
is "TCP, at the server, those of the filter" "$(handshakes server true)" \
	"in fd09:1::2 4433 tcp six.example.com TLSv1.3 null answered null null false openssl
in fd09:1::2 4433 tcp null TLSv1.2 null established null null false openssl"
is "what the server chose" "$(jq -r 'select(.server_name == "www.example.com") |
	"\(.cipher) \(.group) \(.versions_offered | join(",")) \(.resumed) \(.retried) \(.ech)"' \
	"$dir/client.out")" \
	"TLS_AES_256_GCM_SHA384 x25519 TLSv1.3,TLSv1.2 false false false"
is "the hello took more than one segment" "$(jq -r 'select(.type == "tls" and
	.server_name == "far.example.com") | .alpn_offered[0] | length' "$dir/client.out")" 200
is "no handshake took no time" "$(jq -r 'select(.type == "tls" and .outcome != "failed" and
	(.duration_ms > 0 | not)) | .server_name' "$dir/client.out")" ""
if [ -n "$quic" ]; then
	is "QUIC version 2" "$(handshakes client '.quic == "2"')" \
		"out 10.9.1.2 4435 2 example.com TLSv1.3 alpn null answered null null false socat"
	# the client calls a server without a name by that
	is "QUIC version 1" "$(handshakes client '.quic == "1"')" \
		"out fd09:1::2 4436 1 localhost TLSv1.3 h3 null answered null null false gtlsclient"
fi
# of IPv4 the name that was asked for last
is "names of flows" "$(jq -r '[.flows[] | select(.dst_port == 4433) | "\(.dst_addr) \(.dst_name)"] |
	unique[]' "$dir/names.out")" \
	"10.9.1.2 far.example.com
fd09:1::2 six.example.com"
is "names of flows, on the way back" "$(jq -r '[.flows[] | select(.src_port == 4433) |
	"\(.src_addr) \(.src_name)"] | unique[]' "$dir/names.out")" \
	"10.9.1.2 far.example.com
fd09:1::2 six.example.com"
is "no more than these" "$(grep -c '"type":"tls"' "$dir/client.out")" "$n_want"
is "nothing is lost" "$(jq -r 'select(.type == "loss") | .what' "$dir/client.out" "$dir/server.out")" ""
like "text" "$(cat "$dir/text.out")" '^\[..:..:..\] TLS 10\.9\.1\.1:[0-9]+ -> 10\.9\.1\.2:4434 server_name=not\.example\.com versions_offered=TLSv1\.2 outcome=failed error=protocol_version failed_by=server duration_ms=[0-9.]+ owner="openssl [0-9]+"$'
is "text: one" "$(grep -c ' TLS ' "$dir/text.out")" 1
done_testing
