# SPDX-License-Identifier: GPL-2.0-or-later
# The pane of a flow over real traffic: what the kernel says of its socket, and whose it is.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command mkfifo socat ss tmux

new_ns a b
join a va 1 b vb 2 1

# A connection on which each side sends when it is told to, until the test ends.
mkfifo "$dir/say"
nsenter --net=/run/netns/b -- socat tcp-listen:4010,bind=10.9.1.2 system:'cat >/dev/null' &
server=$!
pids="$pids $server"
ok "a server" wait_for 10 listens b 4010
nsenter --net=/run/netns/a -- socat -u stdin tcp:10.9.1.2:4010,sourceport=4020 <"$dir/say" &
client=$!
pids="$pids $client"
exec 3>"$dir/say"
connected() { [ -n "$(in_ns a ss -Htn state established "sport = :4020")" ]; }
ok "a connection" wait_for 10 connected

on_terminal a 80 24 -i va --interval 100ms 3>&-
ok "pktop counts" shown '^flows .* books balance'
echo hello >&3
ok "the flow is there" shown '10\.9\.1\.2:4010'
tm send-keys / 'port 4010' Enter Down Enter
ok "the pane opens" shown ' Local +10\.9\.1\.1:4020$'
ok "the far end" shown ' Remote +10\.9\.1\.2:4010$'
ok "its process" shown " Owner +socat  pid $client  (estimated  )?user "
ok "its socket" shown ' Socket +established  RTT '
# what the kernel measures, in its own words
rtt_us() { in_ns a ss -Htin "sport = :4020" | sed -n "s/.* $1:\([0-9.]*\).*/\1/p" |
	awk '{ printf "%.0f\n", $1 * 1000 }'; }
latency() { awk -v us="$1" 'BEGIN { if (us < 1000) print us "us"
	else { text = sprintf("%.2f", us / 1000); sub(/\.?0+$/, "", text); print text "ms" } }'; }
ok "the shortest round trip as ss tells it" shown ", min $(latency "$(rtt_us minrtt)")( |\$)"
ok "segments" shown 'retransmits 0 of [1-9][0-9]* segments'
for word in more and more; do
	echo $word >&3
done
sent() { in_ns a ss -Htin "sport = :4020" | sed -n 's/.* segs_out:\([0-9]*\).*/\1/p'; }
ok "more segments, as ss tells it" shown "retransmits 0 of $(sent) segments"

tm send-keys Escape p Enter
ok "opened over a frozen table it does not ask" \
	shown ' Socket +not asked while the screen is frozen$'
tm send-keys p
ok "and asks again" shown ' Socket +established '
exec 3>&-
ok "the connection ends" wait_for 10 closed b
ok "it has no socket any more" shown ' Socket +none in this network namespace$'
tm send-keys Escape
ok "Esc closes" shown '^PROTO '
tm send-keys q

done_testing
