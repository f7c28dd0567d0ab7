# SPDX-License-Identifier: GPL-2.0-or-later
# Every view in every state on small and large screens: nothing is cut, and nothing that has to be
# there is left out. What is right is read from a screen that has room for everything.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

every_kind

# Words in the second file that are not in the first one, screen by screen: cut ones. One that is
# elided has to have its begin and its end, which may be a word of its own. Heads and feet leave
# things out, as they should.
cat >cut.awk <<'END'
function is_elided(word, screen, last,   at, begin, end, ends, i, n, known, starts) {
	at = index(word, "\342\200\246")
	if (!at)
		return 0
	begin = substr(word, 1, at - 1)
	end = substr(word, at + 3)
	n = split(list[screen], known, " ")
	for (i = 1; i <= n; i++) {
		starts += substr(known[i], 1, length(begin)) == begin
		ends += substr(known[i], length(known[i]) - length(end) + 1) == end
	}
	return starts && ends && !(last && end == "")
}
function judge(line,   i, n, words) {
	gsub("\342\226[\200-\237]|\342[\240-\243][\200-\277]", "", line) # graphs
	n = split(line, words, " ")
	for (i = 1; i <= n; i++)
		if (!((screen, words[i]) in whole) && !is_elided(words[i], screen, i == n))
			print "screen " screen ": " words[i]
}
FNR == 1 { screen = 0; inside = 0 }
/^-+$/ {
	inside = !inside
	screen += inside
	n_lines = below = 0
	next
}
FNR == NR {
	for (i = 1; i <= NF; i++) {
		word = $i
		gsub("\342\226[\200-\237]|\342[\240-\243][\200-\277]", "", word)
		whole[screen, word] = 1
		list[screen] = list[screen] " " word
	}
	next
}
{
	if (below && held != "")
		judge(held)
	held = $0
	if (++n_lines == 1)
		held = ""
	else if (page || /^[A-Z\342]/)
		below = 1
}
END

flow_views="flows directions"
group_views="src dst pair proto port iface pid comm user cgroup container pod prefix l7"
places=none
if has_library MAXMINDDB; then
	group_views="$group_views country asn"
	places=$top_srcdir/tests/geo.mmdb
fi
views="$flow_views $group_views"
[ "$places" = none ] ||
	is "these are all views" "$views" "$("$pktop" --view help | sed -n 's/^\([a-z0-9][a-z0-9]*\) .*/\1/p' | paste -sd ' ')"
sizes="40x10 80x24 132x43 200x60"

# visit COMMAND ENTER LEAVE: does it in each view, with keys before and after
visit() {
	printf 'tick\ntick\n'
	for view in $views; do
		printf '%s\n' "$2" "$1" "$3" 'key Tab' | sed '/^$/d'
	done
}

# look SIZE [OPTION...]: what the script shows
look() {
	look_size=$1
	shift
	setsid -w "$pktop" --replay every.rec --script script --geo "$places" --view "${views%% *}" \
		--size "$look_size" "$@" </dev/null 2>&1
}

# lines N FILE: the line of every screen with this number, from the first or (-1) the last
lines() {
	awk -v n="$1" '/^-+$/ { if (inside && n < 0) print last; inside = !inside; at = 0; next }
		{ last = $0 } ++at == n' "$2"
}

# every NAME PAGE FIRST LAST ENTER LEAVE: PAGE is 1 where there is no table; patterns of lines
every() {
	n=$(echo "$views" | wc -w)
	visit show "$5" "$6" >script
	look 400x200 >whole
	for size in $sizes; do
		look "$size" >seen
		is "$1, $size: as many screens as views" "$(lines 1 seen | wc -l)" "$n"
		is "$1, $size: nothing is cut" "$(LC_ALL=C awk -v page="$2" -f cut.awk whole seen)" ""
		is "$1, $size: the first line" "$(lines 1 seen | grep -Evc "$3")" 0
		is "$1, $size: the last line" "$(lines -1 seen | grep -Evc "$4")" 0
		[ "$2" = 1 ] || is "$1, $size: the books" "$(grep -c 'books balance' seen)" "$n"
	done
}

keys='^\? help .* 1-[0-9]+ of [0-9]+$'
follow='key Down
key F'
every live 0 ' LIVE' "$keys" '' ''
every hold 0 'HOLD' "$keys" 'key o' 'key o'
every freeze 0 'FROZEN' "$keys" 'key p' 'key p'
every follow 0 'FOLLOW' "$keys" "$follow" 'key Esc
key Esc'
every "a filter is typed" 0 ' LIVE' '^filter: tcp$' 'key /
type tcp' 'key Esc'
every "a file is asked for" 0 ' LIVE' '^write to:$' 'key w' 'key Esc'
every message 0 ' LIVE' . 'key Down
key y' 'key Esc'
every help 1 '^pktop: keys, views, columns' 'lines 1-' 'key ?' 'key Esc'
every setup 1 '^pktop: setup' '^Esc back' 'key F2' 'key Esc'
views=$flow_views
every "the page of a flow" 1 'One flow .* LIVE' '^Esc back.* lines 1-' 'key Down
key Enter' 'key Esc'
views=$group_views
# of the second: those without a container come first, and nothing tells them from others
every "the flows of a group" 0 'Flows .* LIVE' "$keys" 'key Down
key Down
key Enter' 'key Esc'

# ---- themes

views="$flow_views $group_views"
n=$(echo "$views" | wc -w)
themes=$("$pktop" --theme help | sed 's/ .*//')
like "themes" "$themes" '^mono$'
for size in $sizes; do
	visit show "$follow" 'key Esc
key Esc' >script
	look "$size" --color always >whole
	is "$size: as many screens as views, in colour" "$(lines 1 whole | wc -l)" "$n"
	for theme in $themes; do
		look "$size" --color always --theme "$theme" >seen
		ok "$theme, $size: colour says nothing alone" cmp -s whole seen
	done
	visit styles "$follow" 'key Esc
key Esc' >script
	for theme in $themes; do
		look "$size" --color always --theme "$theme" >seen
		is "$theme, $size: the selected row is marked" \
			"$(grep -c "^R\\{${size%x*}\\}\$" seen)" "$n"
	done
done

# ---- some of them, as they were looked at

screen "40x10: wide characters beside combining ones" every 40x10 'tick
tick
show' --view comm <<'END'
----------------------------------------
pktop  web1.example.org  Programs   LIVE
eth0       rx 1.02Mb/s  tx 5.00Mb/s
all 2      rx 1.02Mb/s  tx 5.00Mb/s
books balance
PROGRAM             RX b/s TX b/s  ▼b/s
nginx                 600k  5.00M 5.60M
数据库服务器进程      416k      0  416k
(folded)                 0      0     0
e´é̈                      0      0     0
? help  q quit  / filter        1-4 of 6
----------------------------------------
END

screen "40x10: pairs are elided in the middle" every 40x10 'tick
tick
show' --view pair <<'END'
----------------------------------------
pktop  web1.example.org  Pairs      LIVE
eth0       rx 1.02Mb/s  tx 5.00Mb/s
all 2      rx 1.02Mb/s  tx 5.00Mb/s
books balance
PAIR                 RX b/s TX b/s  ▼b/s
192.0.2.1 …192.0.2.7   600k  5.00M 5.60M
2001:db8::…1234:5678   416k      0  416k
192.0.2.1 ….51.100.9      0      0     0
192.0.2.1 …3.0.113.5      0      0     0
? help  q quit  / filter        1-4 of 6
----------------------------------------
END

screen "80x24: processes, a row selected" every 80x24 'tick
tick
key Down
key Down
show' --view pid <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Processes        LIVE  00:00:07  up 7s  every 1s
eth0       rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s           █▄           █▃
wg-t…ch-9  rx     0b/s     0p/s  tx     0b/s     0p/s           █            █
total      rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
PROCESS              USER     CONTAINER   FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
nginx 1234           www-data                 2   600k  5.00M   510 5.60M    93%
数据库服务器进程 801 bind     容器            2   416k      0    40  416k   6.9%
(folded)                                      1      0      0     0     0     0%
(no socket)                                   2      0      0     0     0     0%
e´é̈ 4242             üser     web             2      0      0     0     0     0%
(forwarded)                                   2      0      0     0     0     0%










? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-6 of 6
--------------------------------------------------------------------------------
END

screen "80x24: the page of a flow" every 80x24 'tick
tick
key Down
key Down
key Enter
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  One flow                                 LIVE  00:00:07
 Local     [2001:db8::1]:443
 Remote    [2001:db8:1234:5678:9abc:def0:1234:5678]:50000
 Protocol  tcp  tls?  flags seen ACK
 Interface eth0
 Owner     数据库服务器进程  pid 801  user bind  uid 53
 Seen      first 00:00:00  last 00:00:07  age 7.0s  idle 0.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX            416k    641k    652k    693k     440    572k      40   1.30k
 TX               0   28.1k   29.5k   34.7k     410   26.0k       0    63.4
 Both          416k    669k    681k    693k     850    598k      40     704
 RX b/s                                                              █ max 416k
 TX b/s                                                                max 0
 Mean size                                                           █ max 1.30k
           of the last 1s, since the row was selected
 Sizes     a recording has none
 Counted   by tc, tcx, layer l2
 Cgroup    /system.slice/容器.service
 Container 容器
 Community 1:FwDuBBg79hZR2P5EKOYv7WcF2Ec=



Esc back  p freeze  b unit  Up Down PgUp PgDn scroll            lines 1-19 of 19
--------------------------------------------------------------------------------
END

screen "132x43: everything that has room" every 132x43 'tick
tick
show' --view flows <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Flows                                                                LIVE  00:00:07  up 7s  every 1s
eth0            rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s                                   █▄                                   █▃
wg-to-branch-9  rx     0b/s     0p/s  tx     0b/s     0p/s                                   █                                    █
total           rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)  not IP 3  books balance
PROTO LOCAL               REMOTE                                         PROCESS               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234                                nginx 1234              600k  5.00M     60    450 5.60M
tcp   [2001:db8::1]:443   [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 容器/数据库服务器进程   416k      0     40      0  416k
udp   192.0.2.1:53        198.51.100.9:53123                             ~web/e´é̈                   0      0      0      0     0
icmp  192.0.2.1           203.0.113.5                                    no socket                  0      0      0      0     0
arp   192.0.2.1           192.0.2.7                                      no socket                  0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000                                 forwarded                  0      0      0      0     0
tcp   192.0.2.1:80        *                                              folded                     0      0      0      0     0





























? help  q quit  / filter  p freeze  o hold  Tab view  < > order  d directions                                               1-7 of 7
------------------------------------------------------------------------------------------------------------------------------------
END

screen "200x60: a group and its flows" every 200x60 'tick
tick
key Down
key Down
key Enter
show' --view container <<'END'
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Flows                                                                                                                                    LIVE  00:00:07  up 7s  every 1s
eth0            rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s                                                                     █▄                                                                     █▃
wg-to-branch-9  rx     0b/s     0p/s  tx     0b/s     0p/s                                                                     █                                                                      █
total           rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)  not IP 3  books balance
filter container "容器"  shows 2 of 11 flows, 3.9% of bytes
PROTO L7     LOCAL               REMOTE                                         PROCESS               RX b/s TX b/s RX p/s TX p/s  ▼b/s BYTES PACKETS IFACE  10s b/s 60s b/s FLAGS   DETAIL
tcp   tls?   [2001:db8::1]:443   [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 容器/数据库服务器进程   416k      0     40      0  416k  598k     850 eth0      669k    681k ACK



















































? help  q quit  / filter  p freeze  o hold  Tab view  < > order  d directions                                                                                                                   1-1 of 1
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
END

done_testing
