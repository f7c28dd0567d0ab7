# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests of the whole program in network namespaces of its own. Nothing outside of
# them is touched: the script runs again in a private mount and network namespace, where the names
# of the further namespaces are private as well, and they end with it.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/lib.sh"

spray=$top_builddir/tests/spray
guest=$top_builddir/tests/bpf-guest
need_root
need_command ethtool ip jq mktemp mount nsenter tc unshare
for tool in "$pktop" "$spray" "$guest"; do
	[ -x "$tool" ] || skip_all "$tool is not built"
done
if [ -z "${NETNS_PRIVATE-}" ]; then
	unshare -n -m true 2>/dev/null || skip_all "cannot make a network namespace"
	NETNS_PRIVATE=1 exec unshare -n -m sh "$0"
fi
# where "ip netns" keeps its names
if [ -d /run/netns ]; then
	mount -t tmpfs tmpfs /run/netns || skip_all "cannot mount a tmpfs"
else
	mount -t tmpfs tmpfs /run || skip_all "cannot mount a tmpfs"
fi

export LC_ALL=C
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
dir=$(mktemp -d "${TMPDIR:-/tmp}/netns.XXXXXX") || exit 1
chmod 755 "$dir"
pids= # of everything in the background
clean_up() {
	end_terminal
	for pid in $pids; do
		kill -9 "$pid" 2>/dev/null
	done
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# ---- a terminal

# tm COMMAND...: tmux. Each terminal has a server of its own, as the last one may not be gone yet.
terminals=0
tm() { TMUX_TMPDIR=$dir tmux -L "pktop$terminals" -f /dev/null -u "$@"; }
end_terminal() { [ $terminals = 0 ] || tm kill-server 2>/dev/null; }
# on_terminal NS COLUMNS LINES ARGUMENT...: pktop on a terminal, instead of the last one
on_terminal() {
	end_terminal
	terminals=$((terminals + 1)) terminal_ns=$1 columns=$2 lines=$3
	shift 3
	# tmux runs commands by the login shell where SHELL is not set, and some users have none
	(
		unset TMUX NO_COLOR COLUMNS LINES
		export SHELL=/bin/sh LC_ALL=C.UTF-8
		tm new-session -d -x "$columns" -y "$lines" \
			"exec nsenter --net=/run/netns/$terminal_ns -- '$pktop' $*"
	) >"$dir/tmux.log" 2>&1 || skip_all "tmux cannot start here: $(cat "$dir/tmux.log")"
}
screen() { tm capture-pane -p; }
shows() { screen | grep -Eq -- "$1"; }
# shown PATTERN: before long
shown() { wait_for 20 shows "$1" || { screen | sed 's/^/#   /' && false; }; }

# ---- namespaces

# in_ns NAME COMMAND...
in_ns() {
	ns=$1
	shift
	nsenter --net="/run/netns/$ns" -- "$@"
}

# new_ns NAME...: where the kernel sends nothing by itself
new_ns() {
	for ns in "$@"; do
		ip netns add "$ns"
		# no link-local addresses, hence no router solicitations; one multicast report, at
		# once, where an address is added
		# shellcheck disable=SC2016 # the inner shell expands
		in_ns "$ns" sh -c 'cd /proc/sys/net/ipv6/conf/default || exit
			echo 1 >addr_gen_mode
			echo 0 >accept_dad
			echo 0 >router_solicitations
			echo 1 >mldv1_unsolicited_report_interval
			echo 1 >mldv2_unsolicited_report_interval'
		ip -n "$ns" link set lo up
	done
}

# join NS DEVICE ADDRESS_NUMBER NS DEVICE ADDRESS_NUMBER NET: a veth pair, up; addresses
# 10.9.NET.NUMBER and fd09:NET::NUMBER, MAC 02:00:00:00:NET:NUMBER; each end knows the other and
# NUMBER 99, which nobody has.
join() {
	ip -n "$1" link add "$2" type veth peer name "$5" netns "$4"
	join_end "$1" "$2" "$3" "$6" "$7"
	join_end "$4" "$5" "$6" "$3" "$7"
}
join_end() {
	ip -n "$1" link set dev "$2" address "02:00:00:00:0$5:0$3" up
	ip -n "$1" addr add "10.9.$5.$3/24" dev "$2"
	ip -n "$1" addr add "fd09:$5::$3/64" dev "$2" nodad
	for number in "$4" 99; do
		ip -n "$1" neigh add "10.9.$5.$number" lladdr "02:00:00:00:0$5:0$4" dev "$2" \
			nud permanent
		ip -n "$1" neigh add "fd09:$5::$number" lladdr "02:00:00:00:0$5:0$4" dev "$2" \
			nud permanent
	done
}

# offloads NS DEVICE on|off: super-frames
offloads() {
	in_ns "$1" ethtool -K "$2" tso "$3" gso "$3" gro "$3" >/dev/null 2>&1
	in_ns "$1" ethtool -K "$2" tx-udp-segmentation "$3" >/dev/null 2>&1
}

# counters NS DEVICE: the kernel's, as "in PACKETS BYTES out PACKETS BYTES"
counters() {
	ip -n "$1" -j -s link show dev "$2" | jq -r '.[0].stats64 |
		"in \(.rx.packets) \(.rx.bytes) out \(.tx.packets) \(.tx.bytes)"'
}

# dropped NS DEVICE: packets that passed the hook on their way out and then were dropped
dropped() { ip -n "$1" -j -s link show dev "$2" | jq '.[0].stats64.tx.dropped'; }

# minus COUNTERS COUNTERS: the difference
minus() {
	# shellcheck disable=SC2086 # words
	set -- $1 $2
	echo "in $(($2 - $8)) $(($3 - $9)) out $(($5 - ${11})) $(($6 - ${12}))"
}

# ---- pktop

# counts PID: it has attached to what there was and waits for events; gone: it never will
counts() {
	grep -q '^NoNewPrivs:	1$' "/proc/$1/status" 2>/dev/null &&
		grep -q '^SigBlk:.*[2367abef]$' "/proc/$1/status" 2>/dev/null
}
gone() { ! grep -q '^State:	[^Z]' "/proc/$1/status" 2>/dev/null; }
counts_or_gone() { counts "$1" || gone "$1"; }

# start NAME NS ARGUMENT...: pktop in the background, until it counts. Its output goes to NAME.out
# and NAME.err, its process ID to pid_NAME.
start() {
	run=$1 run_ns=$2
	shift 2
	nsenter --net="/run/netns/$run_ns" -- "$pktop" "$@" >"$dir/$run.out" 2>"$dir/$run.err" \
		</dev/null &
	eval "pid_$run=$!"
	pids="$pids $!"
	wait_for 20 counts_or_gone $! && counts $!
}

# start_on NAME NS DEVICE ARGUMENT...: like start, and sets before_NAME to the kernel's counters as
# they were when counting began
start_on() {
	on_name=$1 on_ns=$2 on_device=$3
	shift 3
	for on_attempt in 1 2 3 4 5 6 7 8 9 10; do
		eval "before_$on_name=\$(counters $on_ns $on_device)"
		start "$on_name" "$on_ns" -i "$on_device" "$@" || break
		eval "[ \"\$before_$on_name\" = \"\$(counters $on_ns $on_device)\" ]" && return
		stop "$on_name" KILL # something was sent in between
		rm -f "$dir/$on_name.rec"
	done
	echo "# pktop does not start on $on_device: $(cat "$dir/$on_name.err")"
	return 1
}

# stop NAME [SIGNAL]: until it has ended; sets status
stop() {
	eval "run_pid=\$pid_$1"
	kill -"${2-INT}" "$run_pid" 2>/dev/null
	ended "$1"
}
ended() {
	status=0
	eval "wait \$pid_$1" 2>/dev/null || status=$?
}

is_not() { ! "$@"; }

# attached NS DEVICE: a pktop, to both hooks
attached() {
	[ "$(in_ns "$1" "$guest" query "$2" 2>/dev/null)" = "in 1 out 1" ] && return
	tc -n "$1" filter show dev "$2" ingress 2>/dev/null | grep -q pktop- &&
		tc -n "$1" filter show dev "$2" egress | grep -q pktop-
}
# hooks NS DEVICE: all that is on them, nothing where there is nothing
hooks() {
	in_ns "$1" "$guest" query "$2" | grep -v -e none -e "in 0 out 0"
	tc -n "$1" qdisc show dev "$2" | grep clsact
	tc -n "$1" filter show dev "$2" ingress
	tc -n "$1" filter show dev "$2" egress
}

# ---- what a report says; a report is $dir/NAME.out

report() {
	report_name=$1
	shift
	jq -r "$@" "$dir/$report_name.out"
}

# ledger NAME DEVICE: the totals, as counters() prints them
ledger() {
	report "$1" --arg device "$2" '[.ledger[] | select(.interface == $device)] |
		map("\(.direction) \(.total.packets) \(.total.bytes)") | join(" ")'
}

# unbalanced NAME: lines of the ledger that do not add up, or that the flows do not add up to
unbalanced() {
	report "$1" '. as $all | .ledger[] | . as $line |
		[$all.flows[] | select(.in_if == $line.interface and .direction == $line.direction)]
		as $flows |
		(["packets", "bytes"][] | . as $unit |
			select($line.flows[$unit] + $line.folded[$unit] + $line.other[$unit]
				!= $line.total[$unit] or
				([$line.other | .not_ip, .malformed, .no_room | .[$unit]] | add)
				!= $line.other[$unit] or
				($all.capacity.evicted == 0 and
				([$flows[] | select(.folded | not) | .[$unit]] | add // 0)
				!= $line.flows[$unit]))
			| [$line.interface, $line.direction, .] | join(" ")),
		(select(.balanced | not) | "\(.interface) \(.direction) not balanced")'
}

# flow NAME FILTER: packets and bytes of the flows that jq's FILTER selects
flow() {
	report "$1" "[.flows[] | select($2)] |
		\"\\(map(.packets) | add // 0) \\(map(.bytes) | add // 0)\""
}

# ---- what a stream says; its records are in $dir/NAME.out

# records NAME TYPE FILTER: what jq's FILTER makes of each that has the type
records() { report "$1" "select(.type == \"$2\") | $3"; }
# got NAME TYPE COUNT: so many are there
got() { [ "$(grep -c "\"type\":\"$2\"" "$dir/$1.out")" -ge "$3" ]; }

# ---- servers

# listens NS PORT [-u]: by TCP, or UDP
listens() { [ -n "$(in_ns "$1" ss -Hln "${3--t}" "sport = :$2")" ]; }
# closed NS: every connection has ended, also for the other side
closed() { [ -z "$(in_ns "$1" ss -Htn state connected exclude time-wait)" ]; }

# tcp CLIENT_NS SERVER_NS ADDRESS IPERF3_ARGUMENT...: a transfer by iperf3, until all is closed
tcp() {
	tcp_client=$1 tcp_server=$2 tcp_address=$3
	shift 3
	nsenter --net="/run/netns/$tcp_server" -- iperf3 -s -1 >"$dir/server.log" 2>&1 &
	server=$!
	pids="$pids $server"
	wait_for 10 listens "$tcp_server" 5201 || return 1
	if ! in_ns "$tcp_client" timeout 60 iperf3 -c "$tcp_address" "$@" >"$dir/client.log" 2>&1
	then
		kill "$server"
		return 1
	fi
	wait "$server"
	wait_for 10 closed "$tcp_client" && wait_for 10 closed "$tcp_server"
}
