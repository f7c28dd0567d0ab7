# SPDX-License-Identifier: GPL-2.0-or-later
# JSON reports of recordings.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording
run "$pktop" --replay small.rec --json --geo none
grep -q "built without JSON" err && skip_all "this pktop was built without JSON"

prints "the whole run" '{"schema": "pktop/1",
 "host": "web1",
 "backend": "tc",
 "layer": "l2",
 "note": "replay of small.rec",
 "start": "2026-01-01T00:00:00.000Z",
 "end": "2026-01-01T00:00:02.000Z",
 "duration_s": 2.0,
 "interval_s": 1.0,
 "rates": "run",
 "interfaces": [
  {"name": "eth0", "index": 2, "state": "attached", "attach": "tcx", "note": null, "speed_bps": 1000000000}],
 "ledger": [
  {"interface": "eth0", "direction": "in", "total": {"packets": 28, "bytes": 2896}, "flows": {"packets": 17, "bytes": 2236}, "folded": {"packets": 7, "bytes": 420}, "other": {"packets": 4, "bytes": 240, "not_ip": {"packets": 3, "bytes": 180}, "malformed": {"packets": 1, "bytes": 60}, "no_room": {"packets": 0, "bytes": 0}}, "balanced": true, "pps": 14.0, "bps": 11584.0, "pps_peak": 22.0, "bps_peak": 18688.0, "syn": 8, "syn_ack": 4, "fin": 0, "rst": 0},
  {"interface": "eth0", "direction": "out", "total": {"packets": 20, "bytes": 30000}, "flows": {"packets": 20, "bytes": 30000}, "folded": {"packets": 0, "bytes": 0}, "other": {"packets": 0, "bytes": 0, "not_ip": {"packets": 0, "bytes": 0}, "malformed": {"packets": 0, "bytes": 0}, "no_room": {"packets": 0, "bytes": 0}}, "balanced": true, "pps": 10.0, "bps": 120000.0, "pps_peak": 20.0, "bps_peak": 240000.0, "syn": 0, "syn_ack": 0, "fin": 0, "rst": 0}],
 "totals": {"in": {"packets": 28, "bytes": 2896, "pps": 14.0, "bps": 11584.0}, "out": {"packets": 20, "bytes": 30000, "pps": 10.0, "bps": 120000.0}, "both": {"packets": 48, "bytes": 32896, "pps": 24.0, "bps": 131584.0}, "overlap": false, "flows_elsewhere": 0},
 "capacity": {"max_flows": 4096, "flows": 4, "evicted": 0},
 "owners": {"looked_for": false, "reason": "off", "note": null, "processes": 0, "sockets": 0, "addresses": 0, "processes_refused": 0, "processes_dropped": 0, "sockets_refused": 0, "sockets_dropped": 0, "sockets_evicted": 0, "addresses_refused": 0, "texts_refused": 0, "reports_lost": 0},
 "flows": [
  {"in_if": "eth0", "direction": "out", "proto": "tcp", "src_addr": "192.0.2.1", "src_port": 443, "dst_addr": "192.0.2.7", "dst_port": 41234, "detail": null, "vlan": 5, "packets": 20, "bytes": 30000, "pps": 10.0, "bps": 120000.0, "bps_10s": 114004.995005, "bps_60s": 119000.023148, "bps_peak": 240000.0, "pps_10s": 9.50041625042, "pps_60s": 9.91666859563, "pps_peak": 20.0, "tcp_flags": ["PSH", "ACK"], "retransmits": null, "first_seen": "2026-01-01T00:00:00.000Z", "last_seen": "2026-01-01T00:00:01.000Z", "age_s": 2.0, "idle_s": 1.0, "elsewhere": false, "l7": "tls", "l7_source": "port", "community_id": "1:Ic493Kk/xU1RK794fsD/IMaNpOM=", "owner": null, "owner_reason": "off", "time_flow_start_ns": 1767225600000000000, "time_flow_end_ns": 1767225601000000000, "folded": false},
  {"in_if": "eth0", "direction": "in", "proto": "tcp", "src_addr": "192.0.2.7", "src_port": 41234, "dst_addr": "192.0.2.1", "dst_port": 443, "detail": null, "vlan": 5, "packets": 15, "bytes": 2000, "pps": 7.5, "bps": 8000.0, "bps_10s": 7800.16650017, "bps_60s": 7966.66743825, "bps_peak": 12000.0, "pps_10s": 7.37510406261, "pps_60s": 7.47916714891, "pps_peak": 10.0, "tcp_flags": ["FIN", "SYN", "ACK"], "retransmits": null, "first_seen": "2026-01-01T00:00:00.000Z", "last_seen": "2026-01-01T00:00:02.000Z", "age_s": 2.0, "idle_s": 0.0, "elsewhere": false, "l7": "tls", "l7_source": "port", "community_id": "1:Ic493Kk/xU1RK794fsD/IMaNpOM=", "owner": null, "owner_reason": "off", "time_flow_start_ns": 1767225600000000000, "time_flow_end_ns": 1767225602000000000, "folded": false},
  {"in_if": "eth0", "direction": "in", "proto": "tcp", "src_addr": null, "src_port": null, "dst_addr": "192.0.2.1", "dst_port": 80, "detail": null, "vlan": null, "packets": 7, "bytes": 420, "pps": 3.5, "bps": 1680.0, "bps_10s": 1596.06993007, "bps_60s": 1666.00032407, "bps_peak": 3360.0, "pps_10s": 3.32514568765, "pps_60s": 3.47083400847, "pps_peak": 7.0, "tcp_flags": ["SYN"], "retransmits": null, "first_seen": "2026-01-01T00:00:00.000Z", "last_seen": "2026-01-01T00:00:01.000Z", "age_s": 2.0, "idle_s": 1.0, "elsewhere": false, "l7": "http", "l7_source": "port", "community_id": null, "owner": null, "owner_reason": "off", "time_flow_start_ns": 1767225600000000000, "time_flow_end_ns": 1767225601000000000, "folded": true},
  {"in_if": "eth0", "direction": "in", "proto": "icmp6", "src_addr": "2001:db8::1", "src_port": null, "dst_addr": "2001:db8::2", "dst_port": null, "detail": "echo-request", "vlan": null, "packets": 2, "bytes": 236, "pps": 1.0, "bps": 944.0, "bps_10s": 896.83929404, "bps_60s": 936.133515427, "bps_peak": 1888.0, "pps_10s": 0.950041625042, "pps_60s": 0.991666859563, "pps_peak": 2.0, "tcp_flags": [], "retransmits": null, "first_seen": "2026-01-01T00:00:00.000Z", "last_seen": "2026-01-01T00:00:01.000Z", "age_s": 2.0, "idle_s": 1.0, "elsewhere": false, "l7": null, "l7_source": null, "community_id": "1:u2vMS3HiWth2lIMKHB1fjELshpQ=", "owner": null, "owner_reason": "off", "time_flow_start_ns": 1767225600000000000, "time_flow_end_ns": 1767225601000000000, "folded": false}]}'
run "$pktop" --replay small.rec --json --columns src_addr,src_port,bps --top 2
is "some columns, two rows" "$(sed -n '/rows_left_out/,$p' out)" ' "rows_left_out": 2,
 "flows": [
  {"src_addr": "192.0.2.1", "src_port": 443, "bps": 120000.0},
  {"src_addr": "192.0.2.7", "src_port": 41234, "bps": 8000.0}]}'
run "$pktop" --replay small.rec --json --by proto --columns group,flows,packets
is "groups" "$(sed -n '/"groups"/,$p' out)" ' "groups": [
  {"group": "tcp", "flows": 3, "packets": 42},
  {"group": "icmp6", "flows": 1, "packets": 2}]}'
run "$pktop" --replay small.rec --json --interval 1s --columns src,packets,bps --top 1
is "periodic: a line per interval" "$(wc -l <out | tr -d ' ')" 2
is "periodic: rates of the interval" "$(sed 's/.*"rates":\("[a-z]*"\).*"flows":/\1 /' out)" '"interval" [{"src":"192.0.2.1:443","packets":20,"bps":240000.0}]}
"interval" [{"src":"192.0.2.7:41234","packets":15,"bps":4000.0}]}'

command -v jq >/dev/null 2>&1 || done_testing
run "$pktop" --replay small.rec --json
is "jq reads a document" "$(jq -c '[.schema, .flows[0].src_port, (.flows | length)]' out)" \
	'["pktop/1",443,4]'
is "the books balance" "$(jq -c '.ledger[] | [.direction,
	.flows.packets + .folded.packets + .other.packets - .total.packets,
	.flows.bytes + .folded.bytes + .other.bytes - .total.bytes, .balanced]' out)" \
	'["in",0,0,true]
["out",0,0,true]'
is "the flows are those of the ledger" "$(jq -c '[.flows[] | select(.direction == "in")
	| select(.folded | not) | .packets] | add' out)" 17
run "$pktop" --replay small.rec --json --interval 1s
is "jq reads lines" "$(jq -c '[.end, .duration_s, .flows[0].bps]' out)" \
	'["2026-01-01T00:00:01.000Z",1,240000]
["2026-01-01T00:00:02.000Z",2,4000]'
make in.rec <<'END'
backend xdp
sees in
iface 0 eth0 attach=xdp-native
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
tick 1
end
END
run "$pktop" --replay in.rec --json
is "a direction that is not seen" "$(jq -c '[.totals.out, .totals.both.packets,
	[.ledger[] | .direction]]' out)" '[null,10,["in"]]'

done_testing
