# SPDX-License-Identifier: GPL-2.0-or-later
# The line of totals.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

run "$pktop" --replay small.rec --total
prints "the whole run" 'total: in 28 packets 2896 bytes 14pps 11.6kbps, out 20 packets 30000 bytes 10pps 120kbps, both 48 packets 32896 bytes 24pps 132kbps'
run "$pktop" --replay small.rec --total --interval 1s
prints "each interval" 'total: in 22 packets 2336 bytes 22pps 18.7kbps, out 20 packets 30000 bytes 20pps 240kbps, both 42 packets 32336 bytes 42pps 259kbps
total: in 28 packets 2896 bytes 6pps 4.48kbps, out 20 packets 30000 bytes 0pps 0bps, both 48 packets 32896 bytes 6pps 4.48kbps'

make in.rec <<'END'
backend xdp
sees in
iface 0 eth0 attach=xdp-native
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
tick 1
end
END
run "$pktop" --replay in.rec --total
prints "a direction that is not seen" 'total: in 10 packets 1000 bytes 10pps 8.00kbps, out not seen, both 10 packets 1000 bytes 10pps 8.00kbps'
done_testing
