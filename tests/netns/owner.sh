# SPDX-License-Identifier: GPL-2.0-or-later
# Who the owners of flows are said to be, for all that processes do with sockets.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command mkfifo python3 socat timeout

new_ns a b c
join a va 1 b vb 2 1
join a wa 1 c vc 2 2

# cast NS FIRST_PORT PLAY...: see there; a thousand ports each
cast() {
	cast_ns=$1
	shift
	nsenter --net="/run/netns/$cast_ns" -- timeout 60 python3 \
		"${top_srcdir:-.}/tests/netns/owner-cast.py" "$@"
}
# owners NAME: of every flow, as a cast names flows and owners
owners() {
	report "$1" '.flows[] | "\(.proto) \(.direction) \(
		if .proto == "icmp" then "\(.detail) " else "\(.src_port) \(.dst_port)" end);\(
		if .owner then "\(.owner.pid) \(.owner.comm)\(
			if .owner.estimated then " estimated" else "" end)"
		else .owner_reason end)"'
}
# compare NAME WHAT [DIRECTION]: with what the cast said, in $dir/NAME.said
compare() {
	owners "$1" >"$dir/owners"
	while IFS=';' read -r label flow want; do
		case $flow in
		*" ${3-}"*) like "$2: $label" "$(sed -n "s/^$flow;//p" "$dir/owners" |
			paste -sd ,)" "$want" ;;
		esac
	done <"$dir/$1.said"
}

# ---- what pktop sees from the beginning, in one interval

plays="plain unaccepted forked threads short udp connected hurry shared_tcp shared_udp ping nobody
	handed"
# who sends and receives is told from Linux 6.3 on
messages=
if "$pktop" check | grep -q '^  ok  messages '; then
	messages=yes
else
	pass "messages # SKIP the kernel does not tell of them"
fi
ok "start" start run a -i lo --json
# shellcheck disable=SC2086 # words
cast a 20000 $plays >"$dir/run.said"
is "all plays ended well" $? 0
# who has accepted it, since it is not seen that a child uses it
[ -n "$messages" ] ||
	sed -i 's/^\(a child per connection [a-z]*;.*;\).*/\1^[0-9]+ handed estimated$/' "$dir/run.said"
stop run
is "ends well" "$status $(cat "$dir/run.err")" "0 "
is "the books balance" "$(unbalanced run)" ""
compare run tc

if start xdp a -x -i lo --json; then
	cast a 21000 plain udp >"$dir/xdp.said"
	is "xdp: all plays ended well" $? 0
	stop xdp
	compare xdp xdp in
else
	pass "xdp # SKIP $(cat "$dir/xdp.err")"
fi

# ---- a kernel that has nothing for programs to know its structures by

# shellcheck disable=SC2016 # the inner shell expands
without_btf='mount --bind /dev/null /sys/kernel/btf/vmlinux && exec "$@"'
in_ns a unshare -m sh -c "$without_btf" sh "$pktop" -i lo -t 100ms >"$dir/out" 2>"$dir/err"
is "no BTF: counts all the same" "$? $(cat "$dir/err")" "0 "
in_ns a unshare -m sh -c "$without_btf" sh "$pktop" -i lo -t 100ms --record "$dir/off.rec" >/dev/null
"$pktop" --replay "$dir/off.rec" >"$dir/replayed"
is "no BTF: a replay says so as well" "$(grep ^owners "$dir/replayed")" "$(grep ^owners "$dir/out")"
like "no BTF: says why nobody is named" "$(cat "$dir/out")" \
	'^owners   off: programs that watch sockets cannot be used: this kernel has no BTF$'

# ---- what needs a beginning before or an interval between

has_line() { [ -s "$1" ]; }
mkfifo "$dir/go"

cast a 22000 older <"$dir/go" >"$dir/older.said" &
older=$!
pids="$pids $older"
exec 3>"$dir/go"
ok "older sockets are there" wait_for 20 grep -q ready "$dir/older.said"
ok "start, later than sockets" start older a -i lo --json
echo >&3
wait "$older"
is "the play of older sockets ended well" $? 0
exec 3>&-
stop older
sed -i /ready/d "$dir/older.said"
[ -n "$messages" ] || sed -i 's/^\(an older connection.*\)\$$/\1 estimated$/' "$dir/older.said"
compare older "older sockets"

ok "start, with short intervals" start again a -i lo -r 100ms --json
cast a 23000 again <"$dir/go" >"$dir/again.said" &
again=$!
pids="$pids $again"
exec 3>"$dir/go"
ok "who has a port first is seen" wait_for 20 grep -q '"comm":"again-a"' "$dir/again.out"
echo >&3
wait "$again"
is "the play of a port that is used again ended well" $? 0
exec 3>&-
stop again
jq -s '{flows: [.[].flows[]? | select(.proto == "udp")] | unique_by(.dst_port, .owner.pid)}' \
	"$dir/again.out" >"$dir/all.out"
mv "$dir/all.out" "$dir/again.out"
compare again "a port used again"

# ---- between namespaces: a forwards from b to c

in_ns a sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/forwarding'
ip -n b route add default via 10.9.1.1
ip -n c route add default via 10.9.2.1
cast c 24000 silent <"$dir/go" >"$dir/silent" &
silent=$!
pids="$pids $silent"
exec 3>"$dir/go"
ok "a socket in another namespace" wait_for 20 has_line "$dir/silent"
read -r port pid comm <"$dir/silent"
ok "start between namespaces" start run a -i va -i wa --json
nsenter --net=/run/netns/b -- "$spray" udp 10.9.1.2 4009 10.9.2.2 "$port" 3 100 &
spray_pid=$!
wait "$spray_pid"
in_ns b "$spray" frames vb 3 to=02:00:00:00:01:01 from=02:00:00:00:01:02 \
	ip=10.9.1.77,10.9.2.99 udp=1000,2000 pad=18
crossed() { [ "$(counters c vc | cut -d ' ' -f 2)" -ge 6 ]; }
ok "all of it crosses" wait_for 10 crossed
stop run
echo >&3
exec 3>&-
is "between namespaces: ends well" "$status $(cat "$dir/run.err")" "0 "
# between INTERFACE PORT: owner of what goes there
between() {
	report run --arg name "$1" --argjson port "$2" '.flows[] | select(.in_if == $name and
		.dst_port == $port) | if .owner then "\(.owner.pid) \(.owner.comm) \(
		.owner.estimated)" else .owner_reason end'
}
is "from one namespace, for an older socket in another" "$(between va "$port")" "$pid $comm true"
is "the same, where it leaves" "$(between wa "$port")" "$spray_pid spray false"
is "what this host only forwards" "$(between va 2000)" forwarded
is "the same, where it leaves" "$(between wa 2000)" forwarded

# ---- namespaces that come later, with sockets that have no address of their own

# later NS NET: a namespace behind a, and what it says of such a socket in $dir/silent.NS
later() {
	new_ns "$1"
	join a "x$1" 1 "$1" "y$1" 2 "$2"
	ip -n "$1" route add default via "10.9.$2.1"
	cast "$1" 25000 silent <"$dir/go" >"$dir/silent.$1" &
	pids="$pids $!"
}
# named PID: it owns flows in a report of the run
named() { grep -q "\"pid\":$1," "$dir/run.out"; }
# last PORT: the owner in the last report that has a flow to this port
last() {
	jq -rs --argjson port "$1" '[.[].flows[]? | select(.in_if == "va" and .dst_port == $port)] |
		last | if .owner then "\(.owner.pid) \(.owner.comm) \(.owner.estimated)"
		else .owner_reason end' "$dir/run.out"
}
# meets NS NET: a socket there gets something, and is named
meets() {
	later "$1" "$2"
	ok "$1: a socket in a later namespace" wait_for 20 has_line "$dir/silent.$1"
	read -r port pid comm <"$dir/silent.$1"
	in_ns b "$spray" udp 10.9.1.2 4010 "10.9.$2.2" "$port" 3 100
	ok "$1: its owner is named" wait_for 20 named "$pid"
	is "$1: it is, and not estimated" "$(last "$port")" "$pid $comm false"
}

ok "start before the namespaces" start run a -i va -r 100ms --json
exec 3<>"$dir/go"
meets d 3
ip -n d addr del 10.9.3.2/24 dev yd
meets e 4
in_ns b "$spray" frames vb 3 to=02:00:00:00:01:01 from=02:00:00:00:01:02 \
	ip=10.9.1.77,10.9.3.2 udp=1000,2001 pad=18
stop run
printf '\n\n' >&3
exec 3>&-
is "later namespaces: ends well" "$status $(cat "$dir/run.err")" "0 "
is "an address that went is nobody's" "$(last 2001)" forwarded

# ---- more addresses than are read

if "$pktop" check | grep -q '^  ok  addresses '; then
	new_ns full
	n=0
	while [ $((n += 1)) -le 300 ]; do
		echo "addr add 10.10.$((n / 250)).$((n % 250))/32 dev lo"
	done | ip -n full -batch -
	cast full 26000 silent <"$dir/go" >"$dir/silent.full" &
	pids="$pids $!"
	exec 3<>"$dir/go"
	ok "a socket beside many addresses" wait_for 20 has_line "$dir/silent.full"
	ok "start beside many addresses" start run a -i va --json
	stop run
	echo >&3
	exec 3>&-
	is "many addresses: it is said" "$status $(cat "$dir/run.err")" "0 pktop: 1 network namespace\
 has more addresses than are read: traffic of the others is taken for forwarded until a socket has them"
	is "many addresses: it is counted" "$(report run .owners.reports_lost)" 1
else
	pass "many addresses # SKIP the kernel does not list them"
fi
done_testing
