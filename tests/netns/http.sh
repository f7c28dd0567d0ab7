# SPDX-License-Identifier: GPL-2.0-or-later
# Requests of real clients and their responses, record by record.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command curl python3 socat
need_library HTP JANSSON
need_module http.server

new_ns a b
join a va 1 b vb 2 1
for port in 8080 4711; do
	nsenter --net=/run/netns/b -- python3 "${top_srcdir:-.}/tests/netns/http-server.py" $port \
		2>"$dir/server.$port" &
	pids="$pids $!"
	ok "a server on port $port" wait_for 20 listens b $port
done

ok "pktop at the client" start client a log http --json --headers --body 64 -i va
ok "pktop at the server" start server b log http --json --headers --no-mask -i vb -f 'dport 4711'
ok "pktop in text" start text a log http -i va
ok "pktop in text, with headers" start words a log http --headers -i va

ask() { in_ns a curl -s -m 20 -o "$dir/body" "$@"; }

ok "GET" ask -H 'Authorization: Bearer secret' -H 'X-Word: "a b"' http://10.9.1.2:8080/ok
ok "its record" wait_for 10 got client http 1
ok "two in one connection, the second is not there" ask http://10.9.1.2:8080/ok/1 -o "$dir/body" \
	http://10.9.1.2:8080/missing
ok "their records" wait_for 10 got client http 3
ok "POST over IPv6, on a port of no name" ask -d 'name=value' 'http://[fd09:1::2]:4711/form?x=1'
ok "its record" wait_for 10 got client http 4
ok "chunks" ask http://10.9.1.2:8080/chunks
ok "its record" wait_for 10 got client http 5
ok "a large body" ask http://10.9.1.2:8080/large
ok "its record" wait_for 10 got client http 6
printf 'GET /ok/p1 HTTP/1.1\r\nHost: p\r\n\r\nGET /ok/p2 HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n' |
	in_ns a timeout 60 socat -t 10 - TCP4:10.9.1.2:8080 >"$dir/socat.out"
is "two at once" "$(grep -o 'HTTP/1.1 200' "$dir/socat.out" | wc -l)" 2
ok "their records" wait_for 10 got client http 8
printf '%s\r\n' 'GET http://u:pw@p/ok HTTP/1.1' 'Host: p' 'X-Vault-Token: secret' 'x status=999: a' \
	'Connection: close' '' | in_ns a timeout 20 socat -t 10 - TCP4:10.9.1.2:8080 >"$dir/socat.out"
ok "a hostile one" wait_for 10 got client http 9
ok "through a tunnel" ask -p -x http://10.9.1.2:8080 http://inside.example/ok
ok "its record" wait_for 10 got client http 10
is "a tunnel that is refused" "$(ask -p -x http://10.9.1.2:8080 http://refused.example/ok && echo granted)" ""
ok "its record" wait_for 10 got client http 11
printf '%s\r\n' 'CONNECT early.example:80 HTTP/1.1' 'Host: early.example:80' '' 'GET /ok HTTP/1.1' 'Host: e' \
	'Connection: close' '' | in_ns a timeout 20 socat -t 10 - TCP4:10.9.1.2:8080 >"$dir/socat.out"
is "both were answered" "$(grep -o 'HTTP/1.1 200' "$dir/socat.out" | wc -l)" 2
ok "one record" wait_for 10 got client http 12
in_ns a timeout 20 curl -s -m 10 -H 'Connection: Upgrade' -H 'Upgrade: words' http://10.9.1.2:8080/switch \
	>"$dir/switch" 2>&1
ok "another protocol" wait_for 10 got client http 13
ok "a method of WebDAV" ask -X PROPFIND http://10.9.1.2:8080/ok/dav
ok "its record" wait_for 10 got client http 14
# no record
echo "this is no HTTP" | in_ns a timeout 60 socat -t 1 - TCP4:10.9.1.2:8080 >"$dir/socat.log" 2>&1

for run in client server text words; do
	stop $run
	is "$run ends well" "$status" 0
done
is "what was asked, and the answers" "$(records client http \
	'"\(.src_addr) \(.dst_addr) \(.dst_port) \(.method) \(.host) \(.path) \(.version) \(.status) \(.request_size) \(.response_size) \(.incomplete)"')" \
	"10.9.1.1 10.9.1.2 8080 GET 10.9.1.2:8080 /ok 1.1 200 0 5 false
10.9.1.1 10.9.1.2 8080 GET 10.9.1.2:8080 /ok/1 1.1 200 0 5 false
10.9.1.1 10.9.1.2 8080 GET 10.9.1.2:8080 /missing 1.1 404 0 7 false
fd09:1::1 fd09:1::2 4711 POST [fd09:1::2]:4711 /form?x=1 1.1 201 10 10 false
10.9.1.1 10.9.1.2 8080 GET 10.9.1.2:8080 /chunks 1.1 200 0 6 false
10.9.1.1 10.9.1.2 8080 GET 10.9.1.2:8080 /large 1.1 200 0 1000000 false
10.9.1.1 10.9.1.2 8080 GET p /ok/p1 1.1 200 0 5 false
10.9.1.1 10.9.1.2 8080 GET p /ok/p2 1.1 200 0 5 false
10.9.1.1 10.9.1.2 8080 GET p http://***@p/ok 1.1 404 0 7 false
10.9.1.1 10.9.1.2 8080 CONNECT inside.example:80 inside.example:80 1.1 200 0 0 false
10.9.1.1 10.9.1.2 8080 CONNECT refused.example:80 refused.example:80 1.1 403 0 2 false
10.9.1.1 10.9.1.2 8080 CONNECT early.example:80 early.example:80 1.1 200 0 0 false
10.9.1.1 10.9.1.2 8080 GET 10.9.1.2:8080 /switch 1.1 101 0 0 false
10.9.1.1 10.9.1.2 8080 PROPFIND 10.9.1.2:8080 /ok/dav 1.1 200 0 5 false"
is "one connection for two requests" "$(records client http .src_port | sed -n 2,3p | uniq | wc -l)" 1
is "who asked" "$(records client http '.owner.comm' | sort | uniq -c | sed 's/^ *//')" "10 curl
4 socat"
is "bodies" "$(records client http '"\(.request_body) \(.response_body)"' | sed -n '4p;5p')" \
	"name=value name=value
 onetwo"
is "no more of a body than was asked for" "$(records client http '.response_body' | sed -n 6p | tr -d '\n' |
	wc -c)" 64
is "a header" "$(records client http '.request_headers[] | select(.name == "X-Word").value')" '"a b"'
is "secrets" "$(records client http '.request_headers + .response_headers | .[] |
	select(.name == "Authorization" or .name == "Set-Cookie" or .name == "X-Vault-Token").value' | sort -u)" '***'
is "secrets where they are wanted, and the filter" "$(records server http '"\(.direction) \(.owner.comm) \(.response_headers[] |
	select(.name == "Set-Cookie").value)"')" "in python3 session=secret"
is "times" "$(records client http 'select(.wait_ms < 0 or .duration_ms < .wait_ms)')" ""
like "text" "$(cat "$dir/text.out")" \
	'^\[[0-9:]*\] HTTP 10\.9\.1\.1:[0-9]+ -> 10\.9\.1\.2:8080 method=GET host=10\.9\.1\.2:8080 path=/ok version=1\.1 status=200 reason=OK request_size=0 response_size=5 wait_ms=[0-9]+\.[0-9]{3} duration_ms=[0-9]+\.[0-9]{3} owner="curl [0-9]+"$'
like "no word but those of a header is of its name" "$(cat "$dir/words.out")" \
	' path=http://\*\*\*@p/ok .* request\.X-Vault-Token=\*\*\* request\.x_status_999=a '
done_testing
