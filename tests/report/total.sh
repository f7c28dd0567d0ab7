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
done_testing
