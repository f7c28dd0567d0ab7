# SPDX-License-Identifier: GPL-2.0-or-later
# The sizes of a flow's packets on its page, over real traffic of known sizes.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command socat tmux
export LC_ALL=C.UTF-8 # bars are counted

new_ns a b
join a va 1 b vb 2 1
ip -n a link set va mtu 4000
ip -n b link set vb mtu 4000
from_a() { in_ns a "$spray" "$@"; }

# pktop_in NS COLUMNS LINES ARGUMENT...: until it counts
pktop_in() {
	on_terminal "$@" --interval 100ms
	shown 'books balance'
}
# page FILTER: opens that of the only row, until it counts
page() {
	tm send-keys / "$1" Enter
	shown ' 1-1 of 1$'
	tm send-keys Down Enter
	shown ' since this page was opened$'
}
# histogram: packets of each class, "RX/TX" or of the one direction that is shown
histogram() {
	screen | sed -n '/^ Sizes  /,/^ over 1518/p' | sed 's/^ over/ /' | LC_ALL=C tr -d '#\200-\377' |
		awk 'NR > 1 { print NF == 3 ? $2 "/" $3 : $2 }' | paste -s -d ' '
}
counted() { [ "$(histogram)" = "$1" ]; }
# tallied NAME HISTOGRAM
tallied() {
	wait_for 10 counted "$2"
	is "$1" "$(histogram)" "$2"
}

# datagrams NS FROM TO HEADERS: one of each size that begins or ends a class, and three large ones
datagrams() {
	for size in 64 65 127 128 255 256 511 512 1023 1024 1518 1519 2000 2000 2000; do
		in_ns "$1" "$spray" udp "$2" 4001 "$3" 5001 1 $((size - $4))
	done
}

# ---- tc, both kinds

for attach in tcx clsact; do
	if ! in_ns a timeout -k 5 60 "$pktop" -i va --attach $attach --batch -t 10ms \
		>/dev/null 2>"$dir/err"; then
		pass "$attach # SKIP $(cat "$dir/err")"
		continue
	fi
	pktop_in a 80 40 -i va --attach $attach
	from_a udp 10.9.1.1 4001 10.9.1.99 5001 5 100
	page 'port 5001'
	tallied "$attach: what came before the page was opened is not in it" \
		"0/0 0/0 0/0 0/0 0/0 0/0 0/0"
	datagrams a 10.9.1.1 10.9.1.99 42
	from_a udp 10.9.1.1 4002 10.9.1.99 5001 5 100 # another flow
	tallied "$attach: IPv4" "0/1 0/2 0/2 0/2 0/2 0/2 0/4"
	tm send-keys Escape
	shown '^PROTO '
	from_a udp 10.9.1.1 4001 10.9.1.99 5001 5 100
	tm send-keys Enter
	tallied "$attach: opened again, it begins again" "0/0 0/0 0/0 0/0 0/0 0/0 0/0"
	datagrams a 10.9.1.1 10.9.1.99 42
	tallied "$attach: and counts" "0/1 0/2 0/2 0/2 0/2 0/2 0/4"

	pktop_in a 80 40 -i va --attach $attach
	datagrams a fd09:1::1 fd09:1::99 62
	page 'port 5001'
	datagrams a fd09:1::1 fd09:1::99 62
	tallied "$attach: IPv6" "0/1 0/2 0/2 0/2 0/2 0/2 0/4"

	for to in 10.9.1.2 fd09:1::2; do
		headers=42
		[ $to = 10.9.1.2 ] || headers=62
		pktop_in a 80 40 -i va --attach $attach
		from_a echo $to 1 50
		page "host $to and proto icmp,icmp6"
		from_a echo $to 3 $((100 - headers))
		from_a echo $to 2 $((511 - headers))
		tallied "$attach: pings of $to, there and back" "0/0 3/3 0/0 2/2 0/0 0/0 0/0"
	done
done

# ---- super-frames, which stand for their segments

offloads a va on
offloads b vb on
pktop_in a 80 40 -i va
from_a udp 10.9.1.1 4001 10.9.1.99 5001 1 100
page 'port 5001'
before=$(counters a va)
# 3 segments of 1042 octets on the wire and one of 442, twice
from_a udp 10.9.1.1 4001 10.9.1.99 5001 2 3400 1000
tallied "the segments of datagrams" "0/0 0/0 0/0 0/2 0/0 0/6 0/0"
case $(minus "$(counters a va)" "$before") in
*"out 2 "*) pass "which the kernel sent in two" ;;
*) pass "super-frames # SKIP this kernel cuts datagrams up before the device" ;;
esac

# Packets of the flow from first to last, and those of them that the histogram has.
sum() { histogram | tr -s ' /' '\n' | awk '{ sum += $1 } END { print sum }'; }
packets() { screen | awk '$1 == "Both" { print $6 }'; }
# a transfer that begins when the page is there
mkfifo "$dir/say"
nsenter --net=/run/netns/b -- socat -u tcp-listen:4010,bind=10.9.1.2 "open:$dir/got,creat" &
pids="$pids $!"
wait_for 10 listens b 4010
nsenter --net=/run/netns/a -- socat -u stdin tcp:10.9.1.2:4010,sourceport=4020 <"$dir/say" &
pids="$pids $!"
exec 3>"$dir/say"
pktop_in a 80 40 -i va 3>&-
echo hello >&3
page 'port 4010'
packets_before=$(packets)
head -c 400000 /dev/zero >&3
exec 3>&-
ok "a transfer ends" wait_for 10 closed b
is "it came" "$(wc -c <"$dir/got")" 400006
settled() { [ "$(($(packets) - packets_before))" = "$(sum)" ] && [ "$(sum)" -gt 100 ]; }
ok "TCP: as many packets as were counted meanwhile" wait_for 10 settled ||
	screen
is "none is larger than the link lets pass" "$(histogram | awk '{ print $7 }' | cut -d/ -f1)" 0
offloads a va off
offloads b vb off

# ---- other layers and back ends

pktop_in a 80 40 -i va --layer ip
from_a udp 10.9.1.1 4001 10.9.1.99 5001 1 100
page 'port 5001'
datagrams a 10.9.1.1 10.9.1.99 28
tallied "IP packets" "0/1 0/2 0/2 0/2 0/2 0/2 0/4"

if in_ns b "$pktop" check -x -i vb >/dev/null 2>&1; then
	pktop_in b 80 40 -x --xdp-mode generic -i vb
	from_a udp 10.9.1.1 4001 10.9.1.2 5001 1 100
	page 'port 5001'
	datagrams a 10.9.1.1 10.9.1.2 42
	tallied "XDP: what comes in" "1 2 2 2 2 2 4"
else
	pass "XDP # SKIP the kernel has no XDP links"
fi

mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
cgroup=$mount/pktop-sizes-$$
if [ -n "$mount" ] && mkdir "$cgroup"; then
	# in the cgroup
	within() { sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" "$@"; }
	pktop_in a 80 40 -c "$cgroup"
	within nsenter --net=/run/netns/a -- "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 1 100
	page 'port 5001'
	for size in 64 65 1518 1519 1519; do
		within nsenter --net=/run/netns/a -- "$spray" udp 10.9.1.1 4001 10.9.1.99 5001 1 \
			$((size - 28))
	done
	tallied "a cgroup" "0/1 0/1 0/0 0/0 0/0 0/1 0/2"
	tm send-keys q
	end_terminal
	wait_for 10 rmdir "$cgroup" 2>/dev/null
else
	pass "a cgroup # SKIP cgroup version 2 is not mounted"
fi

# ---- where there is none

nsenter --net=/run/netns/b -- socat -u udp-recv:5003,bind=10.9.1.2 - >/dev/null &
pids="$pids $!"
pktop_in a 80 40 --backend process
sends() { in_ns a "$spray" udp 10.9.1.1 4003 10.9.1.2 5003 1 100; }
appears() { sends && shows '10\.9\.1\.2:5003'; }
if wait_for 10 appears; then
	tm send-keys / 'port 5003' Enter Down Enter
	ok "the process back end says why" \
		shown '^ Sizes     calls of processes are counted, not packets$'
else
	screen
	pass "processes # SKIP are not counted here"
fi

# ---- the picture

# picture COLUMNS ARGUMENT...: the histogram of pings of known sizes
picture() {
	picture_columns=$1
	shift
	pktop_in a "$picture_columns" 40 -i va "$@"
	from_a echo 10.9.1.2 1 50
	tm send-keys / icmp Enter
	shown ' 1-1 of 1$'
	tm send-keys Down Enter
	shown 'in bytes: 0 packets'
	from_a echo 10.9.1.2 1 20
	from_a echo 10.9.1.2 3 58
	from_a echo 10.9.1.2 8 600
	from_a echo 10.9.1.2 12 1300
	wait_for 10 shows 'in bytes: 48 packets'
	screen | sed -n '/^ Sizes/,/^ over/p'
}
picture 80 --graph block >"$dir/picture"
is "blocks" "$(cat "$dir/picture")" "$(
	cat <<'END'
 Sizes                            RX packets                         TX packets
 0-64      ██▍                             1  ██▍                             1
 65-127    ██████▉                         3  ██████▉                         3
 128-255                                   0                                  0
 256-511                                   0                                  0
 512-1023  ██████████████████              8  ██████████████████              8
 1024-1518 ███████████████████████████    12  ███████████████████████████    12
 over 1518                                 0                                  0
END
)"
picture 80 --graph braille >"$dir/picture"
is "braille" "$(cat "$dir/picture")" "$(
	cat <<'END'
 Sizes                            RX packets                         TX packets
 0-64      ⣿⣿⡇                             1  ⣿⣿⡇                             1
 65-127    ⣿⣿⣿⣿⣿⣿⣿                         3  ⣿⣿⣿⣿⣿⣿⣿                         3
 128-255                                   0                                  0
 256-511                                   0                                  0
 512-1023  ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿              8  ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿              8
 1024-1518 ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿    12  ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿    12
 over 1518                                 0                                  0
END
)"
picture 40 --graph block >"$dir/picture"
is "blocks on a narrow screen" "$(cat "$dir/picture")" "$(
	cat <<'END'
 Sizes        RX packets     TX packets
 0-64      ▊           1  ▊           1
 65-127    █▉          3  █▉          3
 128-255               0              0
 256-511               0              0
 512-1023  ████▊       8  ████▊       8
 1024-1518 ███████    12  ███████    12
 over 1518             0              0
END
)"
picture 40 --ascii >"$dir/picture"
is "ASCII" "$(cat "$dir/picture")" "$(
	cat <<'END'
 Sizes        RX packets     TX packets
 0-64      ##          1  ##          1
 65-127    ###         3  ###         3
 128-255               0              0
 256-511               0              0
 512-1023  #####       8  #####       8
 1024-1518 #######    12  #######    12
 over 1518             0              0
END
)"

done_testing
