# SPDX-License-Identifier: GPL-2.0-or-later
# What passes a filter is exact, with packets that the kernel counts: the books stay those of all
# traffic, and a threshold looks at what passes alone.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"

new_ns a b
join a va 1 b vb 2 1
offloads a va off
offloads b vb off
from_a() { in_ns a "$spray" "$@"; }

# Name, packets and bytes of the frames, filter.
cat >"$dir/cases" <<'END'
port 100 14200 ip and dst port 5001
ports 117 39938 dst net 10.9.1.0/24 and port 5001-5002
six 90 14580 src fd09:1::1 and udp
search 17 25738 ":5002"
large 17 25738 udp and bytes > 20k
iface 82 8876 if v? and proto != udp
ping 41 4438 dir out and (icmp or icmp6)
none 0 0 tcp and not port 22
END

while read -r name packets bytes filter; do
	ok "$name starts" start "$name" a -i va --json -f "$filter"
done <"$dir/cases"
ok "a threshold that is passed" start over a -i va --total -r 200ms --exit-over 1pps \
	-f 'udp dst port 5002'
ok "a threshold that is not" start under a -i va --total -r 200ms --exit-over 1pps \
	-f 'udp dst port 5003'

# Nobody has the address that ends in 99: nothing comes back.
from_a udp 10.9.1.1 4001 10.9.1.99 5001 100 100
from_a udp 10.9.1.1 4002 10.9.1.99 5002 17 1472
from_a udp fd09:1::1 4001 fd09:1::99 5001 90 100
from_a echo 10.9.1.2 20 56
from_a echo fd09:1::2 21 56

while read -r case packets bytes filter; do
	stop "$case"
	is "$case: status" "$status" 0
	is "$case: what passes" "$(report "$case" '.passed | "\(.packets) \(.bytes)"')" \
		"$packets $bytes"
	is "$case: the rows are that" "$(flow "$case" true)" "$packets $bytes"
	is "$case: the totals are of all" "$(report "$case" '.totals.both |
		"\(.packets) \(.bytes)"')" "289 63394"
	is "$case: the books balance" "$(report "$case" '[.ledger[].balanced] | all')" true
done <"$dir/cases"

wait_for 10 gone "$pid_over"
ended over
is "over: the end by itself" "$status" 3
like "over: what passed" "$(tail -n 1 "$dir/over.out")" 'both 17 packets 25738 bytes'
stop under
is "under: no end by itself" "$status" 0
like "under: nothing passed" "$(tail -n 1 "$dir/under.out")" 'both 0 packets 0 bytes'

done_testing
