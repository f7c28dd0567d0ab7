# SPDX-License-Identifier: GPL-2.0-or-later
# Records posted to a real server: taken, refused, tried again, kept across a restart, by TLS.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording
if has_library CURL; then
	need_command openssl jq python3
	need_library JANSSON
	need_module http.server
fi
run "$pktop" log flows --replay small.rec --callback ftp://127.0.0.1/
is "a wrong URL: status" "$status" 2
is "a wrong URL" "$(cat err)" \
	'pktop: --callback: "ftp://127.0.0.1/" begins with neither https:// nor http://'
if ! has_library CURL; then
	run "$pktop" log flows --replay small.rec --callback http://127.0.0.1:1/
	what="callbacks (libcurl)"
	has_library JANSSON || what="JSON (libjansson)"
	is "without libcurl" "$(cat err)" "pktop: this pktop was built without $what"
	done_testing
	exit 0
fi
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

server=
end_server() {
	[ -z "$server" ] || kill "$server"
	[ -z "$server" ] || wait "$server" 2>/dev/null
	server=
}
trap 'end_server; rm -rf "$dir"' EXIT
# serve STATUS [CERTIFICATE KEY]: answers with the status
serve() {
	echo "$1" >status
	shift
	end_server
	rm -f port got requests
	python3 "$top_srcdir/tests/log/server.py" "$@" 2>server.err &
	server=$!
	ok "the server starts" wait_for 20 [ -s port ]
	port=$(cat port)
}
post() { run "$pktop" log flows --replay small.rec --callback "http://127.0.0.1:$port/in" "$@"; }
types() { jq -r .type got | tr '\n' ' '; }
all='meta flow flow flow flow ledger flow ledger ledger ledger '

serve 200
echo secret >token
post --callback-token token
prints "taken" ""
is "every record, in order" "$(types)" "$all"
is "as JSON, with the token" "$(cat requests)" "/in 200 application/json Bearer secret"
"$pktop" log flows --replay small.rec --json >json
jq -c 'del(.time)' json >want
is "they are the records of --json" "$(jq -c 'del(.time)' got)" "$(cat want)"

rm -f got
echo 503 >status
post --spool waiting
is "a server that cannot: status" "$status" 0
is "a server that cannot" "$(cat err)" \
	"pktop: --callback: the server answers with status 503; records wait
pktop: 10 records wait in waiting for the next time"
is "only the owner may read them" "$(stat -c %a waiting waiting/*)" "700
600"
printf 'half a rec' >>"$(echo waiting/*)" # as SIGKILL may leave it
echo 200 >status
post --spool waiting
prints "the next run" ""
is "both runs, the earlier one first" "$(types)" "$all$all"
is "nothing waits" "$(ls waiting)" ""

echo 429 900 >status
post --spool waiting
is "a server that wants to be left alone, no longer than ten minutes" "$(cat err)" \
	"pktop: --callback: the server answers with status 429 for 600s; records wait
pktop: 10 records wait in waiting for the next time"
rm -r waiting

rm -f got
echo 422 >status
post
is "records that the server will never take" "$(cat err)" \
	"pktop: --callback: the server answers with status 422; records are dropped
pktop: --callback: 10 records are lost"

# answers STATUS: how many were so
answers() { grep -c " $1 " requests; }
echo 200 >status
echo 3 1000000 >most
rm -f got requests
post
prints "more records than the server takes at once" ""
is "they come in pieces, in order" "$(types)" "$all"
ok "the smaller size is kept" [ "$(answers 413)" -le 3 ]
rm -f got
printf '200\n503\n' >status
post --spool waiting
like "a server that takes a piece and then no more" "$(cat err)" "^pktop: [789] records wait in waiting"
echo 200 >status
post --spool waiting
prints "the next run with the rest" ""
is "nothing comes twice" "$(types)" "$all$all"
is "nothing is left" "$(ls waiting)" ""

# the longest that is no flow, as an array
rm -f got
echo 10 "$(grep -v '"type":"flow"' json | awk '{ print length + 2 }' | sort -n | tail -n 1)" >most
post
is "records that are too large by themselves" "$(cat err)" \
	"pktop: --callback: the server answers with status 413; records are dropped
pktop: --callback: the server answers with status 413; records are dropped
pktop: --callback: 5 records are lost"
is "the others are taken" "$(types)" "meta ledger ledger ledger ledger "
rm -f most requests
printf '413 1\n200\n' >status
rm -f got
post --spool waiting
is "what is too large for now" "$(cat err)" \
	"pktop: --callback: the server answers with status 413 for 1s; records wait
pktop: 10 records wait in waiting for the next time"
post --spool waiting
is "it is sent again as it was" "$(answers 413) $(answers 200) $(types)" "1 2 $all$all"
make many.rec <<-END
	iface 0 eth0
	$(seq 1 1000 | sed 's/.*/flow eth0 in udp 192.0.2.7:& 192.0.2.1:53 packets=1 bytes=100/')
	tick 1
	end
END
rm -f got
echo 1000 100000 unread >most
run "$pktop" log flows --replay many.rec --callback "http://127.0.0.1:$port/in"
is "a server that does not read what is too large: status" "$status" 0
is "it gets all" "$(jq -r .src_port got | grep -c '^[0-9]')" 1000
rm most got
echo 500 >status
rm -f requests
post &
posting=$!
wait_for 10 [ -s requests ]
echo 200 >status
wait "$posting"
is "a server that recovers gets them" "$(types)" "$all"
end_server
post
is "no server: status" "$status" 1
like "no server" "$(cat err)" "^pktop: --callback: 10 records are lost: "

post --callback-token missing
is "no token: status" "$status" 1
is "no token" "$(cat err)" "pktop: --callback-token: missing: No such file or directory"
mkdir open
chmod 777 open
post --spool open
is "a directory for all" "$(cat err)" "pktop: --spool: cannot use open: others may write there"

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 \
	-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null
serve 200 cert.pem key.pem
run "$pktop" log flows --replay small.rec --callback "https://127.0.0.1:$port/in" \
	--callback-ca cert.pem
prints "TLS, an authority that is trusted" ""
is "TLS: every record" "$(types)" "$all"
rm -f got
run "$pktop" log flows --replay small.rec --callback "https://127.0.0.1:$port/in" --spool tls
like "TLS, one that is not" "$(cat err)" "^pktop: --callback: .*certificate.*; records wait$"
ok "it got nothing" [ ! -e got ]
done_testing
