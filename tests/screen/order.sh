# SPDX-License-Identifier: GPL-2.0-or-later
# The states of the table: live, held, frozen, following; and what would come above.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

# flows LETTERS: in the order of their rates; each letter is the last byte of an address
flows() {
	rate=100
	for n in "$@"; do
		echo "flow eth0 in udp 10.0.0.$n:1000 192.0.2.1:53 packets=$rate bytes=$((100 * rate))"
		rate=$((rate - 10))
	done
	echo tick 1
}
{
	echo iface 0 eth0
	flows 1 2 3 4 5 6
	flows 6 1 7 2 3 4 5
	flows 7 6 5 4 3 2 1
	flows 7 6 5 4 3 2 1
	echo end
} | recording six

screen "held: what would come above is counted; let go: it does" six 60x10 'tick
key o
tick
show
tick
show
key o
show' <<'END'
------------------------------------------------------------
pktop  web1  Flows      HOLD 2 new above  00:00:02  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        72.0k      0 72.0k
udp   10.0.0.2:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.4:1000        40.0k      0 40.0k
udp   10.0.0.5:1000        32.0k      0 32.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
pktop  web1  Flows      HOLD 2 new above  00:00:03  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        32.0k      0 32.0k
udp   10.0.0.2:1000        40.0k      0 40.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.5:1000        64.0k      0 64.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:03  up 3s  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.7:1000        80.0k      0 80.0k
udp   10.0.0.6:1000        72.0k      0 72.0k
udp   10.0.0.5:1000        64.0k      0 64.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
replay of six.rec
------------------------------------------------------------
END

screen "held for a moment, since the cursor has moved" six 60x10 'tick
key Down
show
tick
show
styles
tick
show' <<'END'
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:01  up 1s  every 1s
eth0     rx  360kb/s   450p/s  tx     0b/s     0p/s
flows 6 active  6 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        80.0k      0 80.0k
udp   10.0.0.2:1000        72.0k      0 72.0k
udp   10.0.0.3:1000        64.0k      0 64.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.5:1000        48.0k      0 48.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
pktop  web1  Flows   HOLD 1s 2 new above  00:00:02  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        72.0k      0 72.0k
udp   10.0.0.2:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.4:1000        40.0k      0 40.0k
udp   10.0.0.5:1000        32.0k      0 32.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
BBBBB  BBBB          BBBBBBBBBBBBBBBBBBB            DDDDDDDD
BBBBBBB  DDD                   DDD
                        DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBUUUUUUUUUUUUUUU
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR





------------------------------------------------------------
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:03  up 3s  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.7:1000        80.0k      0 80.0k
udp   10.0.0.6:1000        72.0k      0 72.0k
udp   10.0.0.5:1000        64.0k      0 64.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
replay of six.rec
------------------------------------------------------------
END

screen "each move begins the time anew; o ends it" six 60x10 'tick
key Down
tick
key Down
tick
show
key o
key o
show' <<'END'
------------------------------------------------------------
pktop  web1  Flows   HOLD 1s 2 new above  00:00:03  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        32.0k      0 32.0k
udp   10.0.0.2:1000        40.0k      0 40.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.5:1000        64.0k      0 64.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:03  up 3s  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.7:1000        80.0k      0 80.0k
udp   10.0.0.6:1000        72.0k      0 72.0k
udp   10.0.0.5:1000        64.0k      0 64.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
replay of six.rec
------------------------------------------------------------
END

screen "further down, what is above the screen counts as well" six 60x10 'tick
key o
key G
tick
show' <<'END'
------------------------------------------------------------
pktop  web1  Flows      HOLD 1 new above  00:00:02  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.2:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.4:1000        40.0k      0 40.0k
udp   10.0.0.5:1000        32.0k      0 32.0k
udp   10.0.0.6:1000        80.0k      0 80.0k
replay of six.rec
------------------------------------------------------------
END

screen "another order, another filter: made at once, and held again" six 60x10 'tick
key o
tick
key I
show
key /
type not src 10.0.0.7
key Enter
tick
show' <<'END'
------------------------------------------------------------
pktop  web1  tc l2  Flows    HOLD  00:00:02  up 2s  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▲b/s
udp   10.0.0.5:1000        32.0k      0 32.0k
udp   10.0.0.4:1000        40.0k      0 40.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.2:1000        56.0k      0 56.0k
udp   10.0.0.7:1000        64.0k      0 64.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
pktop  web1  Flows      HOLD 1 new above  00:00:03  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
filter not src 10.0.0.7  shows 6 of 7 flows, 87% of bytes
PROTO REMOTE              RX b/s TX b/s  ▲b/s
udp   10.0.0.5:1000        64.0k      0 64.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.2:1000        40.0k      0 40.0k
replay of six.rec
------------------------------------------------------------
END

screen "frozen and held: both are said; nothing comes above" six 60x10 'tick
key o
key p
tick
show
key p
show' <<'END'
------------------------------------------------------------
pktop  web1  Flows        FROZEN 1s HOLD  00:00:01  every 1s
eth0     rx  360kb/s   450p/s  tx     0b/s     0p/s
flows 6 active  6 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        80.0k      0 80.0k
udp   10.0.0.2:1000        72.0k      0 72.0k
udp   10.0.0.3:1000        64.0k      0 64.0k
udp   10.0.0.4:1000        56.0k      0 56.0k
udp   10.0.0.5:1000        48.0k      0 48.0k
replay of six.rec
------------------------------------------------------------
------------------------------------------------------------
pktop  web1  Flows      HOLD 2 new above  00:00:02  every 1s
eth0     rx  392kb/s   490p/s  tx     0b/s     0p/s
flows 7 active  7 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.1:1000        72.0k      0 72.0k
udp   10.0.0.2:1000        56.0k      0 56.0k
udp   10.0.0.3:1000        48.0k      0 48.0k
udp   10.0.0.4:1000        40.0k      0 40.0k
udp   10.0.0.5:1000        32.0k      0 32.0k
replay of six.rec
------------------------------------------------------------
END

screen "all states on a small screen" six 40x10 'tick
key Down
key F
key o
tick
key p
tick
show
key p
show' <<'END'
----------------------------------------
Flows  FROZEN 1s HOLD FOLLOW 2 new above
eth0     rx  392kb/s  tx     0b/s
flows 7 active  7 kept  books balance
REMOTE              RX b/s TX b/s  ▼b/s
10.0.0.1:1000        72.0k      0 72.0k
10.0.0.2:1000        56.0k      0 56.0k
10.0.0.3:1000        48.0k      0 48.0k
10.0.0.4:1000        40.0k      0 40.0k
10.0.0.5:1000        32.0k      0 32.0k
replay of six.rec
----------------------------------------
----------------------------------------
web1  Flows      HOLD FOLLOW 2 new above
eth0     rx  392kb/s  tx     0b/s
flows 7 active  7 kept  books balance
REMOTE              RX b/s TX b/s  ▼b/s
10.0.0.1:1000        32.0k      0 32.0k
10.0.0.2:1000        40.0k      0 40.0k
10.0.0.3:1000        48.0k      0 48.0k
10.0.0.4:1000        56.0k      0 56.0k
10.0.0.5:1000        64.0k      0 64.0k
replay of six.rec
----------------------------------------
END

done_testing
