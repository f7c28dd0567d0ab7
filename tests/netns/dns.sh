# SPDX-License-Identifier: GPL-2.0-or-later
# "pktop log dns" beside a real server and real clients, record by record with what dig says.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command awk dig dnsmasq getent ss
need_library JANSSON

# where runtimes keep what they know
mount -t tmpfs tmpfs /run || skip_all "cannot mount a tmpfs"
new_ns a b c
join a va 1 b vb 2 1
offloads a va on
offloads b vb on
printf 'nameserver 10.9.1.2\noptions timeout:1 attempts:1\n' >"$dir/resolv.conf"
mount --bind "$dir/resolv.conf" /etc/resolv.conf || skip_all "cannot mount over resolv.conf"

# serve NS ARGUMENT...: dnsmasq, which knows the names of the test, in the cgroup $pod
pod=
serve() {
	serve_ns=$1
	shift
	# shellcheck disable=SC2016 # the inner shell expands
	nsenter --net="/run/netns/$serve_ns" -- sh -c '[ -z "$0" ] || echo $$ >"$0/cgroup.procs"
		exec "$@"' "$pod" dnsmasq --keep-in-foreground --no-resolv \
		--no-hosts --pid-file= --user= --group= --local-ttl=600 --local=/example/ \
		--host-record=www.example,192.0.2.7,2001:db8::7 \
		--cname=alias.example,www.example "$@" >"$dir/dnsmasq.$serve_ns" 2>&1 &
	pids="$pids $!"
}

# an answer of 30 KB, and one that UDP has no room for
awk 'BEGIN {
	for (i = 0; i < 150; i++)
		printf "txt-record=large.example,%03d-%0180d\n", i, 0
	for (i = 0; i < 5; i++)
		printf "txt-record=truncated.example,%d-%0180d\n", i, 0
}' >"$dir/dnsmasq.conf"
serve b --conf-file="$dir/dnsmasq.conf" --mx-host=example,mail.example,5 --srv-host=_x._tcp.example,www.example,8080,1,2 \
	--txt-record=text.example,"$(printf 'a "b" \033[31m')"
known=$!
ok "the server starts" wait_for 10 listens b 53 -u
ok "the server starts, by TCP" wait_for 10 listens b 53

# told N FILTER: what the record of that number says, once it is there
told() {
	wait_for 20 got "$log" dns "$1" || return
	records "$log" dns tojson 2>/dev/null | sed -n "$1p" | jq -r "$2"
}
# of a record what dig says as well
as_dig='"\(.id) \(.code) \(.flags | join(" "))",
	(.answers[] | "\(.name) \(.ttl) \(.type) \(.data)")'
# what dig said, in the same words
dig_said() {
	awk '/^;; ->>HEADER/ { status = $6; id = $8; gsub(/,/, "", status) }
		/^;; flags:/ { sub(/^;; flags: qr ?/, ""); sub(/;.*/, ""); print id, status, $0 }
		/^$/ { answers = 0 }
		answers { name = $1; type = $4; ttl = $2; sub(/^[^ \t]+[ \t]+[0-9]+[ \t]+IN[ \t]+[A-Z]+[ \t]+/, "")
			sub(/\.$/, ""); sub(/\.$/, "", name); print name, ttl, type, $0 }
		/^;; ANSWER SECTION:/ { answers = 1 }' "$dir/dig.out"
}
place=0
# asks NAME PROTOCOL SERVER ARGUMENT...: dig, and its record
asks() {
	what=$1 proto=$2 server=$3
	shift 3
	in_ns a dig +time=20 +tries=1 "@$server" "$@" >"$dir/dig.out" 2>&1
	place=$((place + 1))
	is "$what: as dig says" "$(told $place "$as_dig" | sed 's/ $//')" "$(dig_said | sed 's/ $//')"
	is "$what: the ends" "$(told $place '"\(.proto) \(.dst_addr) \(.dst_port) \(.owner.comm)"')" \
		"$proto $server 53 dig"
	is "$what: the resolver" "$(told $place '.resolver.comm')" dnsmasq
	ok "$what: took some time" [ "$(told $place '.duration_ms > 0 and .duration_ms < 5000')" = true ]
}

log=log
ok "starts" start log a log dns --json -i va
asks "an address" udp 10.9.1.2 www.example A
is "an address: the question" "$(told $place '"\(.opcode) \(.name) \(.qclass) \(.qtype) \(.tries)"')" \
	"QUERY www.example IN A 1"
asks "of IPv6" udp fd09:1::2 www.example AAAA
asks "an alias" udp 10.9.1.2 alias.example A
asks "no such name" udp 10.9.1.2 none.example A
is "no such name: its code" "$(told $place '"\(.code) \(.answers | length)"')" "NXDOMAIN 0"
asks "a name without such data" udp 10.9.1.2 text.example A
asks "a text with anything in it" udp 10.9.1.2 text.example TXT
asks "a mail exchanger" udp 10.9.1.2 example MX
asks "a service" udp 10.9.1.2 _x._tcp.example SRV
asks "by TCP" tcp 10.9.1.2 +tcp www.example A
asks "by TCP and IPv6" tcp fd09:1::2 +tcp alias.example AAAA
asks "a truncated answer" udp 10.9.1.2 +noedns +ignore truncated.example TXT
is "a truncated answer: says so" "$(told $place '.flags | contains(["tc"])')" true
in_ns a dig +noedns +time=20 +tries=1 @10.9.1.2 truncated.example TXT >"$dir/dig.out" 2>&1
place=$((place + 2))
is "a truncated answer, then TCP: first UDP" \
	"$(told $((place - 1)) '"\(.proto) \(.flags | contains(["tc"]))"')" "udp true"
is "a truncated answer, then TCP: as dig says" "$(told $place "$as_dig")" "$(dig_said)"
in_ns a dig +tcp +time=20 +tries=1 @10.9.1.2 large.example TXT >"$dir/dig.out" 2>&1
place=$((place + 1))
is "an answer of 30 KB: what there is room for, and the rest" \
	"$(told $place '"\(.answers | length) \(.answers_left_out) \(.damaged)"')" "64 86 false"
is "an answer of 30 KB: as dig says" "$(told $place "$as_dig")" "$(dig_said | head -65)"

in_ns a getent ahostsv4 www.example >/dev/null
place=$((place + 1))
is "getent" "$(told $place '"\(.name) \(.qtype) \(.owner.comm) \(.answers[0].data)"')" \
	"www.example A getent 192.0.2.7"

in_ns a dig +time=1 +tries=1 @10.9.1.99 silent.example A >/dev/null 2>&1
place=$((place + 1))
is "nobody answers" "$(told $place '"\(.name) \(.unanswered) \(.code) \(.duration_ms) \(.answers) \(.resolver)"')" \
	"silent.example true null null null null"

in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 53 5 100
in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 53 5 3
place=$((place + 1))
is "an answer to what was no query" "$(told $place '"\(.code) \(.tries) \(.duration_ms) \(.name)"')" \
	"REFUSED 0 null "
asks "after junk" udp 10.9.1.2 www.example A
stop log
is "ends well" "$status $(cat "$dir/log.err")" "0 "
is "junk is told of" "$(jq -s 'map(select(.what == "dns_messages_unreadable").count) | add' "$dir/log.out")" \
	10
is "nothing else is missing" "$(jq -c 'select(.type == "loss" and .what != "dns_messages_unreadable")' \
	"$dir/log.out")" ""
is "nothing is left behind" "$(hooks a va)" ""

# a packet that passes two hooks, and both ends on one host
log=local
ok "loopback: starts" start local b log dns --json -i lo -i vb
in_ns b dig +time=20 +tries=1 @127.0.0.1 www.example A >/dev/null 2>&1
in_ns b dig +time=20 +tries=1 @127.0.0.1 alias.example A >/dev/null 2>&1
is "loopback: the first" "$(told 1 '"\(.name) \(.owner.comm) \(.resolver.comm) \(.resolver.pid)"')" \
	"www.example dig dnsmasq $known"
is "loopback: the second is the next record" "$(told 2 .name)" alias.example
stop local

# a resolver in a pod, by the path of its cgroup and what the runtime keeps of it; and the same
# address in two places
pods=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/pktop-test-$$
id=$(printf '%064d' 7 | tr 0 a)
pod=$pods/kubepods/pod8d5e7c3a-1111-2222-3333-444455556666/$id
if mkdir -p "$pod" 2>"$dir/mkdir.log"; then
	trap 'clean_up; wait; find "$pods" -depth -type d -exec rmdir {} \;' EXIT
	mkdir -p "/run/containerd/io.containerd.runtime.v2.task/k8s.io/$id"
	cat >"/run/containerd/io.containerd.runtime.v2.task/k8s.io/$id/config.json" <<-'END'
		{"annotations": {"io.kubernetes.cri.container-type": "container",
		"io.kubernetes.cri.container-name": "coredns",
		"io.kubernetes.cri.sandbox-name": "coredns-0",
		"io.kubernetes.cri.sandbox-namespace": "kube-system"}}
	END
	join a wa 1 c vc 2 2
	log=pod
	ok "a pod: starts" start pod a log dns --json -i wa -i va
	ok "a pod: starts, text" start text a log dns -i wa
	serve c --conf-file=/dev/null
	ok "a pod: the resolver starts" wait_for 10 listens c 53 -u
	in_ns a dig +time=2 +tries=1 @10.9.2.2 www.example A >/dev/null 2>&1
	is "a pod: who was asked" "$(told 1 '.resolver | "\(.pid) \(.comm) \(.container_id[:2]) \(
		.container) \(.pod) \(.pod_namespace) \(.estimated)"')" \
		"$! dnsmasq aa coredns coredns-0 kube-system false"
	in_ns a dig +time=2 +tries=1 @10.9.1.2 www.example A >/dev/null 2>&1
	is "a pod: another was asked" "$(told 2 '.resolver | "\(.pid) \(.pod)"')" "$known null"
	stop pod
	stop text
	# seen once on the way to the pod, a flow tells of it
	ip -n a addr add 192.0.2.1/24 dev va
	ip -n a neigh replace 192.0.2.7 lladdr 02:00:00:00:01:02 dev va nud permanent
	ok "a pod: starts, flows" start through a log flows dns --json -i wa -i va
	log=through
	in_ns a dig +time=2 +tries=1 @10.9.2.2 www.example A >/dev/null 2>&1
	is "a pod: the query" "$(told 1 .name)" www.example
	in_ns a "$spray" udp 192.0.2.1 4001 192.0.2.7 5001 1 100
	stop through
	is "a pod: through which a flow has its name" "$(jq -r 'select(.type == "flow" and
		.dst_port == 5001) | "\(.dst_name) \(.resolver)", (.asked_by | test("^dig [0-9]+$"))' \
		"$dir/through.out")" "www.example kube-system/coredns-0
true"
	ip -n a addr del 192.0.2.1/24 dev va
	like "a pod: text" "$(cat "$dir/text.out")" ' owner="dig [0-9]+" resolver="coredns/dnsmasq" resolver_pod=kube-system/coredns-0$'
else
	pass "a pod # SKIP $(cat "$dir/mkdir.log")"
fi

# names of flows
ip -n a addr add 192.0.2.1/24 dev va
ip -n a neigh add 192.0.2.7 lladdr 02:00:00:00:01:02 dev va nud permanent
log=names
ok "names: starts" start names a log flows dns --json -i va
in_ns a dig +time=20 +tries=1 @10.9.1.2 alias.example A >/dev/null 2>&1
is "names: the query" "$(told 1 .name)" alias.example
in_ns a "$spray" udp 192.0.2.1 4001 192.0.2.7 5001 1 100
stop names
is "names: a flow has the name that was asked for" "$(jq -r 'select(.type == "flow" and
	.dst_port == 5001) | "\(.src_name) \(.dst_addr) \(.dst_name) \(.resolver)"' \
	"$dir/names.out")" "null 192.0.2.7 alias.example dnsmasq $known"
ok "names: the report starts" start report a --batch -i va --watch-dns --json
in_ns a dig +time=20 +tries=1 @10.9.1.2 www.example A >/dev/null 2>&1
in_ns a "$spray" udp 192.0.2.1 4001 192.0.2.7 5001 1 100
stop report
is "names: a report has it, too" "$(report report '.flows[] | select(.dst_port == 5001) | .dst_name')" \
	www.example

# other ways to attach
for way in '--attach clsact' '--backend xdp'; do
	log=way
	rm -f "$dir/way.out"
	# shellcheck disable=SC2086 # words
	ok "$way: starts" start way a log dns --json -i va $way
	in_ns a dig +time=20 +tries=1 @10.9.1.2 www.example A >/dev/null 2>&1
	is "$way: a query" "$(told 1 '"\(.name) \(.code) \(.answers[0].data)"')" \
		"www.example NOERROR 192.0.2.7"
	stop way KILL
	# shellcheck disable=SC2086 # words
	ok "$way: starts after one that was killed" start way a log dns --json -i va $way
	stop way
	is "$way: nothing is left behind" "$(hooks a va)" ""
done

# what is removed comes back, and what counts is left alone
log=removed
ok "programs removed: starts" start removed a log dns --json -i va --attach clsact
first=$(tc -n a filter show dev va ingress | awk '/pktop-/ { print $5 }' | sort -n | tail -n 1)
tc -n a filter del dev va ingress pref "$first"
filters() { tc -n a filter show dev va "$1" | grep -c pktop-; }
renewed() { [ "$(filters ingress) $(filters egress)" = "2 2" ] && [ -s "$dir/removed.err" ]; }
ok "programs removed: attached again" wait_for 10 renewed
in_ns a dig +time=20 +tries=1 @10.9.1.2 www.example A >/dev/null 2>&1
is "programs removed: a query" "$(told 1 '"\(.name) \(.code)"')" "www.example NOERROR"
stop removed
is "programs removed: it is said" "$(cat "$dir/removed.err")" "pktop: va: somebody removed what\
 reads payload there; attached again, what passed meanwhile was not read"
is "programs removed: nothing is left behind" "$(hooks a va)" ""

in_ns a "$pktop" log dns -k -t 1s >"$dir/out" 2>"$dir/err"
is "a back end without payload: status" $? 1
is "a back end without payload: a sentence" "$(cat "$dir/err")" \
	"pktop: process passes no payload of packets (tc and xdp do)"

done_testing
