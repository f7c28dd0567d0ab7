# SPDX-License-Identifier: GPL-2.0-or-later
# The rows of the screen in a file: what is in it, and what is refused.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

# play SCRIPT [OPTION...]: the last screen goes to "shown". limited: the most that a file can have.
limited=unlimited
cat >limit <<'END'
trap '' XFSZ
ulimit -f "$limited"
exec "$@"
END
export limited
play() {
	printf '%s\nshow\n' "$1" >script
	shift
	timeout 60 sh limit setsid -w "$pktop" --replay two.rec --script script --size 80x12 "$@" \
		</dev/null 2>&1 | cat >shown
}
# foot N: the last lines of the screen
foot() { sed '$d' shown | tail -n "$1"; }

screen "a name is asked for" two 80x12 'tick
key w
show
type views/flows.csv
show
key Enter
show
key Esc
key w
key Enter
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
Enter write  Esc leave  .json .csv
write to:
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
Enter write  Esc leave  .json .csv
write to: views/flows.csv
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
cannot write views/flows.csv: No such file or directory
write to: views/flows.csv
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
a file needs a name
write to:
--------------------------------------------------------------------------------
END

screen "on the smallest screen" two 40x10 'tick
key w
type a/directory/that/is/not/there/flows.csv
key Enter
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M
cannot write
a/directory/that/is/not/there/flows.csv:
No such file or directory
write to: y/that/is/not/there/flows.csv
----------------------------------------
END

play 'tick
tick
key <
key I
type /tcp
key Enter
key w
type flows.txt
key Enter'
is "text: written" "$(foot 1)" "written to flows.txt"
is "text: the filter and the order of the screen, the books of all" "$(cat flows.txt)" "$(
	cat <<'END'
host     web1
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s
rates    of the last 1.0s
flows    10 of at most 4096, 0 evicted
filter   tcp: shows 6 of 10 flows, 99.9% of bytes
note     replay of two.rec

INTERFACE  STATE     ATTACH  DIR  PACKETS    BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in       225   277398   60   600k    0        0    0    0
eth0       attached  tcx     out     1394  1878500  450  5.00M    0        0    0    0
wg0        attached  tcx     in        18     1800    6  4.80k    0        0    0    0
wg0        attached  tcx     out       10     4200    0      0    0        0    0    0
(all)                        in       243   279198   66   605k    0        0    0    0
(all)                        out     1404  1882700  450  5.00M    0        0    0    0

BOOKS  DIR  UNIT       FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets      225         0         0            0          0      225  balanced
eth0   in   bytes     277398         0         0            0          0   277398  balanced
eth0   out  packets     1394         0         0            0          0     1394  balanced
eth0   out  bytes    1878500         0         0            0          0  1878500  balanced
wg0    in   packets       18         0         0            0          0       18  balanced
wg0    in   bytes       1800         0         0            0          0     1800  balanced
wg0    out  packets       10         0         0            0          0       10  balanced
wg0    out  bytes       4200         0         0            0          0     4200  balanced
(all)  in   packets      243         0         0            0          0      243  balanced
(all)  in   bytes     279198         0         0            0          0   279198  balanced
(all)  out  packets     1404         0         0            0          0     1404  balanced
(all)  out  bytes    1882700         0         0            0          0  1882700  balanced

PROTO  L7    LOCAL              REMOTE                                          RX b/s  TX b/s  RX p/s  TX p/s    b/s  BYTES  PACKETS  IFACE  10s b/s  60s b/s  PEAK b/s   AGE  IDLE  VLAN  FLAGS    DETAIL
tcp    ssh?  10.0.0.1:22        10.0.0.2:40000                                   4.80k       0       6       0  4.80k  6.00k       28  wg0      23.0k    23.8k     33.6k  2.0s  0.0s     -  ACK
tcp    tls?  [2001:db8::1]:443  [2001:db8:1234:5678:9abc:def0:1234:5678]:50000       0       0       0       0      0  54.6k       81  eth0      207k     217k      416k  2.0s  1.0s     -  ACK
tcp    tls?  192.0.2.1:443      192.0.2.7:41234                                   600k   5.00M      60     450  5.60M  2.10M    1.53k  eth0     8.26M    8.38M     10.0M  2.0s  0.0s     -  SYN,ACK
END
)"

play 'tick
key N
key w
type ports.csv
key Enter' --view port --columns group,flows,bps,share_percent
is "csv: the columns of the screen, ports by number" "$(cat ports.csv)" "$(
	cat <<'END'
time,group,flows,bps,share_percent
2026-01-01T00:00:01.000Z,443/tcp,4,11636800.000,99.542
2026-01-01T00:00:01.000Z,22/tcp,2,43200.000,0.370
2026-01-01T00:00:01.000Z,53/udp,2,9120.000,0.078
2026-01-01T00:00:01.000Z,icmp,1,784.000,0.007
2026-01-01T00:00:01.000Z,arp,1,480.000,0.004
END
)"

play 'tick
key b
key w
type flows.JSON
key Enter' --view directions --columns src,dst,bps
if foot 2 | grep -q 'built without JSON'; then
	pass "json # SKIP this pktop was built without JSON"
	ok "json: nothing is left" test ! -e flows.JSON
else
	is "json: a document" "$(wc -l <flows.JSON | tr -d ' ')" 1
	is "json: the rows" "$(grep -o '"flows": *\[{[^}]*}' flows.JSON)" \
		'"flows":[{"src":"192.0.2.1:443","dst":"192.0.2.7:41234","bps":10000000.0}'
	is "json: rates of the interval" "$(grep -o '"rates": *"[a-z]*"' flows.JSON)" \
		'"rates":"interval"'
fi

# ---- a held order

# held NAME KEYS: after the first interval the far ends are in another order than after the last
held() {
	rm -f held.csv
	play "tick
$2
tick
tick
key w
type held.csv
key Enter" --view src --columns group,bps
	is "$1" "$(cut -d, -f2,3 held.csv)" "$(cat)"
}
held "live: in the order of the last interval" show <<'END'
group,bps
192.0.2.1,720000.000
192.0.2.7,200000.000
192.0.2.99,2400.000
2001:db8::1,0.000
10.0.0.2,0.000
2001:db8:1234:5678:9abc:def0:1234:5678,0.000
10.0.0.1,0.000
198.51.100.9,0.000
203.0.113.5,0.000
END
held "held: in the order shown, new rows last" 'key o' <<'END'
group,bps
192.0.2.1,720000.000
192.0.2.7,200000.000
2001:db8:1234:5678:9abc:def0:1234:5678,0.000
10.0.0.1,0.000
2001:db8::1,0.000
10.0.0.2,0.000
198.51.100.9,0.000
203.0.113.5,0.000
192.0.2.99,2400.000
END

# ---- frozen

play 'tick
key p
tick
tick
key w
type frozen.txt
key Enter
key p
key w
type live.txt
key Enter'
# interval FILE: its time, and whether its books balance
interval() { grep -e '^time' -e '^rates' -e balanced -i "$1"; }
is "frozen: as it was, balanced" "$(interval frozen.txt)" "$(
	cat <<'END'
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:01.000Z, 1.0s
rates    of the last 1.0s
eth0   in   packets      165         0         0            0          0      165  balanced
eth0   in   bytes     202398         0         0            0          0   202398  balanced
eth0   out  packets      944         0         0            0          0      944  balanced
eth0   out  bytes    1253500         0         0            0          0  1253500  balanced
wg0    in   packets       12         0         0            0          0       12  balanced
wg0    in   bytes       1200         0         0            0          0     1200  balanced
wg0    out  packets       10         0         0            0          0       10  balanced
wg0    out  bytes       4200         0         0            0          0     4200  balanced
(all)  in   packets      177         0         0            0          0      177  balanced
(all)  in   bytes     203598         0         0            0          0   203598  balanced
(all)  out  packets      954         0         0            0          0      954  balanced
(all)  out  bytes    1257700         0         0            0          0  1257700  balanced
END
)"
is "live again: as it is" "$(interval live.txt)" "$(
	cat <<'END'
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:03.000Z, 3.0s
rates    of the last 1.0s
eth0   in   packets      250         0         0            0          0      250  balanced
eth0   in   bytes     302698         0         0            0          0   302698  balanced
eth0   out  packets     1694         0         0            0          0     1694  balanced
eth0   out  bytes    1968500         0         0            0          0  1968500  balanced
wg0    in   packets       18         0         0            0          0       18  balanced
wg0    in   bytes       1800         0         0            0          0     1800  balanced
wg0    out  packets       10         0         0            0          0       10  balanced
wg0    out  bytes       4200         0         0            0          0     4200  balanced
(all)  in   packets      268         0         0            0          0      268  balanced
(all)  in   bytes     304498         0         0            0          0   304498  balanced
(all)  out  packets     1704         0         0            0          0     1704  balanced
(all)  out  bytes    1972700         0         0            0          0  1972700  balanced
END
)"
play 'tick
key w
type first.txt
key Enter'
is "frozen: the same as if nothing had come since" "$(cat frozen.txt)" "$(cat first.txt)"

# ---- a file that is there

echo old >there
write_there='tick
key w
type there
key Enter'
play "$write_there"
is "there: asked" "$(foot 2)" 'there is there already; Enter replaces it
write to: there'
is "there: not touched" "$(cat there)" old
play "$write_there
type x
key Backspace
key Enter"
is "there: asked again after another name" "$(foot 2)" 'there is there already; Enter replaces it
write to: there'
is "there: not touched by two names" "$(cat there)" old
play "$write_there
key Enter"
is "there: replaced" "$(foot 1)" "written to there"
like "there: new" "$(cat there)" '^host +web1$'

mkdir home
HOME=$PWD/home play 'tick
key w
type ~/rows.txt
key Enter'
is "in the user's directory" "$(foot 1)" "written to $PWD/home/rows.txt"
is "in the user's directory: the file" "$(ls home)" rows.txt

# ---- what is no file

mkfifo fifo
mkdir dir
ln -s fifo link
while read -r name want; do
	play "tick
key w
type $name
key Enter
key Enter"
	is "$name: refused" "$(foot 2)" "$want
write to: $name"
done <<'END'
fifo fifo is no regular file
link link is no regular file
dir cannot write dir: Is a directory
dir/ cannot write dir/: Is a directory
/dev/full /dev/full is no regular file
nowhere/file cannot write nowhere/file: No such file or directory
there/file cannot write there/file: Not a directory
END

# ---- no permission, no room

mkdir -m 555 closed
if [ "$(id -u)" != 0 ] || has_library LIBCAP_NG; then
	play 'tick
key w
type closed/file
key Enter'
	is "a closed directory" "$(foot 2)" 'cannot write closed/file: Permission denied
write to: closed/file'
	is "a closed directory: nothing is left" "$(ls -A closed)" ""
else
	pass "a closed directory # SKIP root may write anywhere, without libcap-ng"
fi

mkdir full
echo old >full/there
limited=1
play 'tick
key w
type full/file
key Enter'
is "no room" "$(foot 2)" 'cannot write full/file: File too large
write to: full/file'
is "no room: nothing is left" "$(ls -A full)" there

done_testing
