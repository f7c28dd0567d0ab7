# SPDX-License-Identifier: GPL-2.0-or-later
# What "pktop log conns" tells of connections, for all that processes do with them.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command curl mkfifo python3 socat timeout

new_ns a b
join a va 1 b vb 2 1
ip -n a route add blackhole 198.51.100.1
ip -n a route add unreachable 198.51.100.2
ip -n a route add prohibit 198.51.100.3

cast() {
	nsenter --net=/run/netns/a -- timeout 60 python3 \
		"${top_srcdir:-.}/tests/netns/conn-cast.py" "$@"
}
netns=$(in_ns a stat -Lc %i /proc/self/ns/net)
# ours NAME FILTER: the records of that namespace; others may be at work on this machine
ours() {
	report "$1" -s --argjson netns "$netns" --arg node "$(uname -n)" \
		"[.[] | select(.netns == \$netns)] | $2"
}
# what is not told where the kernel does not tell who sends and receives (before Linux 6.3)
complaint=
if ! "$pktop" check | grep -q '^  ok  messages '; then
	complaint="pktop: log conns: a process that was handed a connection is not named, and UDP that\
 is connected not told of"
	pass "messages # SKIP the kernel does not tell of them"
fi
# events NAME: of every end, as a cast names ends and events; with its addresses, and without
events() {
	ours "$1" 'group_by([.cookie, .src_port, .dst_port])[] |
		(map([.type, .error // "-", if .type == "close" then
			"\(.bytes_sent)/\(.bytes_received)" else "-" end,
			if .owner then "\(.owner.pid) \(.owner.comm)\(
				if .owner.estimated then " estimated" else "" end)"
			else .owner_reason end] | join(" ")) | join(", ")) as $events |
		.[0] | "\(.direction) \(.proto)" as $kind |
		"\($kind) \(.src_port) \(.dst_port);\($events)",
		"\($kind) \(.src_addr) \(.src_port) \(.dst_addr) \(.dst_port);\($events)"'
}
# compare NAME: with what the cast said, in $dir/NAME.said
compare() {
	events "$1" >"$dir/events"
	while IFS=';' read -r label end want; do
		case ${complaint:+acceptor}:$label in
		"acceptor:a child per connection")
			want='^accept - - ([0-9]+ inherited), close - 6/8 \1$'
			;;
		"acceptor:a handed socket")
			want='^accept - - ([0-9]+ handed), close - 6/8 \1$'
			;;
		"acceptor:a connected UDP client") want='^$' ;;
		esac
		like "$label" "$(sed -En "s/^$end;//p" "$dir/events" | paste -sd ,)" "$want"
	done <"$dir/$1.said"
}
# well_ended NAME: of pktop, stopped: nothing was lost, nothing was complained of
well_ended() {
	ok "$1: all connections have ended" wait_for 20 closed a
	stop "$1"
	is "$1: ends well" "$status $(cat "$dir/$1.err")" "0 $complaint"
	is "$1: nothing was lost" "$(report "$1" 'select(.type == "loss")')" ""
}

plays="plain much ipv6 mapped accept idle unaccepted forked inherited handed exec shared reset
	refused nonblocking unreachable taken silent udp udp_connected"
ok "start" start run a log conns --json
# shellcheck disable=SC2086 # words
cast $plays >"$dir/run.said"
is "all plays ended well" $? 0
well_ended run
compare run
is "every record names the node" "$(ours run 'map(.node) | unique | . == [$node]')" true
is "every connection takes time" "$(ours run 'map(select((.type == "close" or
	.type == "connect") and (.duration_s == null or .duration_s <= 0))) | length')" 0
is "nothing is counted" "$(report run 'select(.type == "meta") | .backend' &&
	in_ns a "$guest" query lo | grep -c "in 1")" "sockets
0"
is "in the order of time" "$(ours run 'group_by(.cookie) |
	map(select(map(.time_ns) != (map(.time_ns) | sort))) | length')" 0

ok "start for many" start many a log conns --json
cast many
is "the play of many ended well" $? 0
well_ended many
is "none of many is lost" "$(ours many '
	group_by([.direction, .type])[] | "\(length) \(.[0].direction) \(.[0].type) \(
	map(.owner.comm) | unique | join(","))"' | paste -sd ,)" "1000 in accept many-server,1000 in \
close many-server,1000 out close many,1000 out connect many"

ok "start for io_uring" start uring a log conns --json
cast uring >"$dir/uring.said"
case $? in
0) well_ended uring && compare uring ;;
77) pass "io_uring # SKIP this machine has none, or does not allow it" ;;
*) fail "the play of io_uring ended well" ;;
esac

mkfifo "$dir/go"
cast older <"$dir/go" >"$dir/older.said" &
older=$!
pids="$pids $older"
exec 3>"$dir/go"
ok "a connection is there" wait_for 20 grep -q ready "$dir/older.said"
ok "start, later than it" start older a log conns -i lo --json
echo >&3
wait "$older"
is "the play of an older one ended well" $? 0
exec 3>&-
well_ended older
sed -i /ready/d "$dir/older.said"
compare older
is "how long an older one was there is not known" \
	"$(ours older 'map(.duration_s) | unique[]')" null

# ---- programs that everybody has, as text, at once, and what passes a filter

ok "start as text" start text a log conns --filter 'tcp and (comm curl or comm socat)'
nsenter --net=/run/netns/a -- timeout 60 python3 -m http.server --bind 127.0.0.1 8000 \
	>"$dir/http.log" 2>&1 &
pids="$pids $!"
server=$!
ok "a server is there" wait_for 20 listens a 8000
in_ns a curl -s -o /dev/null http://127.0.0.1:8000/
ok "a record comes at once" wait_for 5 grep -q "CLOSE .*comm=curl .*netns=$netns " "$dir/text.out"
in_ns a socat -u OPEN:/dev/null TCP:127.0.0.1:8000
kill "$server"
closed_by_socat() { grep -q "CLOSE .*comm=socat .*netns=$netns " "$dir/text.out"; }
ok "and of the next" wait_for 5 closed_by_socat
stop text
like "the lines of text" "$(sed -E "/ netns=$netns /!d; s/^\[[0-9:]{8}\] //
	s/duration_s=[0-9]+\.[0-9]{6}/duration_s=T/; s/cookie=[0-9]+/cookie=C/; s/pid=[0-9]+/pid=P/; s/cgroup=[^ ]+/cgroup=G/; s/:[0-9]+ ->/:N ->/
	s/bytes_(sent|received)=[1-9][0-9]*/bytes_\1=B/g; s/netns=$netns /netns=I /
	s/node=[^ ]+/node=H/" "$dir/text.out" | paste -sd ,)" "^\
CONNECT 127.0.0.1:N -> 127.0.0.1:8000 tcp direction=out duration_s=T pid=P comm=curl uid=0 \
cgroup=G netns=I cookie=C node=H,\
CLOSE 127.0.0.1:N -> 127.0.0.1:8000 tcp direction=out duration_s=T bytes_sent=B bytes_received=B \
pid=P comm=curl uid=0 cgroup=G netns=I cookie=C node=H,\
CONNECT 127.0.0.1:N -> 127.0.0.1:8000 tcp direction=out duration_s=T pid=P comm=socat uid=0 \
cgroup=G netns=I cookie=C node=H,\
CLOSE 127.0.0.1:N -> 127.0.0.1:8000 tcp direction=out duration_s=T bytes_sent=0 bytes_received=0 \
pid=P comm=socat uid=0 cgroup=G netns=I cookie=C node=H\$"
done_testing
