# SPDX-License-Identifier: GPL-2.0-or-later
# Rows as filters, to be copied.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces
recording odd <<'END'
host web1
start 1000 1767225600
iface 0 eth0
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 vlan=5 packets=120 bytes=150000
fold eth0 in tcp *:* 192.0.2.1:80 packets=100 bytes=120000
flow eth0 out gre 192.0.2.1 192.0.2.7 packets=90 bytes=110000
flow eth0 in dccp 192.0.2.7:5000 192.0.2.1:5001 packets=80 bytes=100000
flow eth0 in icmp6 2001:db8::7 2001:db8::1 sport=128 packets=70 bytes=90000
flow eth0 out udp 192.0.2.1:0 192.0.2.7:0 packets=60 bytes=80000
tick 1
end
END

screen "a conversation, on a screen that is too narrow for it" two 80x14 'tick
key Down
key Down
key y
show
key Down
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
filter, also for tcpdump:
tcp and host 2001:db8:1234:5678:9abc:def0:1234:5678 and port 50000 and host
2001:db8::1 and port 443
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480

? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-6 of 6
--------------------------------------------------------------------------------
END

screen "the smallest screen" two 40x10 'tick
key Down
key Down
key y
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE               RX b/s TX b/s  ▼b/s
filter, also for tcpdump:
tcp and host
2001:db8:1234:5678:9abc:def0:1234:5678
and port 50000 and host 2001:db8::1 and
port 443
----------------------------------------
END

screen "on the page of a flow" two 80x14 'tick
key Down
key Enter
key y
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:00:01
 Local     192.0.2.1:443
 Remote    192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0
 Owner     off
 Seen      first 00:00:00  last 00:00:01  age 1.0s  idle 0.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX           1.20M   1.20M   1.20M   1.20M     120    150k     120   1.25k
 TX           10.0M   10.0M   10.0M   10.0M     900   1.25M     900   1.39k
 Both         11.2M   11.2M   11.2M   11.2M   1.02k   1.40M   1.02k   1.37k
 RX b/s                                                              █ max 1.20M
filter, also for tcpdump:
tcp and host 192.0.2.7 and port 41234 and host 192.0.2.1 and port 443
--------------------------------------------------------------------------------
END

# said VIEW ROW RECORDING [OPTION...]: what is said of the row, or of the last one
said() {
	{
		echo tick
		for key in $(seq "$2"); do echo "key Down"; done
		printf 'key y\nshow\n'
	} >script
	said_view=$1 said_recording=$3
	shift 3
	setsid -w "$pktop" --replay "$said_recording.rec" --script script --size 1000x30 \
		--view "$said_view" "$@" </dev/null | tail -n 2 | head -n 1
}

# A capture of one packet, TCP from 192.0.2.7:41234 to 192.0.2.1:443.
{
	printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\1\0\1\0\0\0'
	printf '\0\0\0\0\0\0\0\0\66\0\0\0\66\0\0\0'
	printf '\2\0\0\0\0\1\2\0\0\0\0\2\10\0'
	printf '\105\0\0\50\0\0\0\0\100\6\0\0\300\0\2\7\300\0\2\1'
	printf '\241\22\1\273\0\0\0\0\0\0\0\0\120\20\0\0\0\0\0\0'
} >packet.pcap

# passed EXPRESSION: how many packets of the capture pass, and what tcpdump has against it
passed() {
	tcpdump -ntr packet.pcap "$1" 2>errors | wc -l | tr -d ' '
	grep -v '^reading from' errors
}

# View, row, recording, packets that pass in tcpdump, what is said.
while read -r view row recording n want; do
	name="$view, row $row of $recording"
	is "$name" "$(said "$view" "$row" "$recording")" "$want"
	case $want in
	*tcpdump:*) ;;
	*) continue ;;
	esac
	if command -v tcpdump >/dev/null; then
		is "$name: tcpdump" "$(passed "${want##*tcpdump: }")" "$n"
	else
		pass "$name: tcpdump # SKIP needs the command tcpdump"
	fi
	# of the rows that pass in pktop the first is this one, and so is the last
	text=${want##*tcpdump: }
	[ "$view$recording" = flowstwo ] || [ "$view$recording" = directionstwo ] || continue
	is "$name: the first that passes" "$(said "$view" 1 "$recording" --filter "$text")" "$want"
	is "$name: the last that passes" "$(said "$view" 9 "$recording" --filter "$text")" "$want"
done <<'END'
flows 1 two 1 filter, also for tcpdump:  tcp and host 192.0.2.7 and port 41234 and host 192.0.2.1 and port 443
flows 2 two 0 filter, also for tcpdump:  tcp and host 2001:db8:1234:5678:9abc:def0:1234:5678 and port 50000 and host 2001:db8::1 and port 443
flows 5 two 0 filter of all types, also for tcpdump:  icmp and host 203.0.113.5 and host 192.0.2.1
flows 6 two 0 filter of all operations, also for tcpdump:  arp and host 192.0.2.7 and host 192.0.2.1
directions 1 two 0 filter, also for tcpdump:  tcp and src host 192.0.2.1 and src port 443 and dst host 192.0.2.7 and dst port 41234
directions 2 two 1 filter, also for tcpdump:  tcp and src host 192.0.2.7 and src port 41234 and dst host 192.0.2.1 and dst port 443
directions 1 odd 0 filter, also for tcpdump:  vlan 5 and tcp and src host 192.0.2.7 and src port 41234 and dst host 192.0.2.1 and dst port 443
directions 2 odd 0 filter, also for tcpdump:  tcp and dst host 192.0.2.1 and dst port 80
directions 3 odd 0 filter, also for tcpdump:  proto 47 and src host 192.0.2.1 and dst host 192.0.2.7
directions 4 odd 0 filter of all ports, also for tcpdump:  proto 33 and src host 192.0.2.7 and dst host 192.0.2.1
directions 5 odd 0 filter of all types, also for tcpdump:  icmp6 and src host 2001:db8::7 and dst host 2001:db8::1
directions 6 odd 0 filter of all ports, also for tcpdump:  udp and src host 192.0.2.1 and dst host 192.0.2.7
src 1 two 0 filter, also for tcpdump:  src 192.0.2.1
src 2 two 1 filter, also for tcpdump:  src 192.0.2.7
dst 1 two 0 filter, also for tcpdump:  dst 192.0.2.7
pair 1 two 1 filter: local 192.0.2.1 and remote 192.0.2.7  tcpdump: host 192.0.2.1 and host 192.0.2.7
proto 1 two 1 filter, also for tcpdump:  tcp
port 1 two 1 filter, also for tcpdump:  tcp and port 443
port 4 odd 0 filter: proto 33 and port 5000  tcpdump: proto 33
iface 1 two - filter of pktop alone:  if "eth0"
user 1 two - filter of pktop alone:  owner_reason "off"
prefix 1 two 1 filter: remote 192.0.2.0/24  tcpdump: net 192.0.2.0/24
prefix 2 two 0 filter: remote 2001:db8:1234:5678::/64  tcpdump: net 2001:db8:1234:5678::/64
src 3 odd - nothing tells this row from others
END
is "no row" "$(said flows 0 two)" "select a row first, with Down"

done_testing
