# SPDX-License-Identifier: GPL-2.0-or-later
# CSV reports of recordings, and what spreadsheets must not take for formulas.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

run "$pktop" --replay small.rec --csv --geo none
prints "the whole run" 'in_if,direction,proto,src_addr,src_port,dst_addr,dst_port,detail,vlan,packets,bytes,pps,bps,bps_10s,bps_60s,bps_peak,pps_10s,pps_60s,pps_peak,tcp_flags,retransmits,first_seen,last_seen,age_s,idle_s,elsewhere,l7,l7_source,community_id,owner,owner_reason,owner_estimated,pid,comm,command,uid,user,cgroup,container,container_id,image,pod,folded
eth0,out,tcp,192.0.2.1,443,192.0.2.7,41234,,5,20,30000,10.000,120000.000,114004.995,119000.023,240000.000,9.500,9.917,20.000,"PSH,ACK",,2026-01-01T00:00:00.000Z,2026-01-01T00:00:01.000Z,2.000,1.000,0,tls,port,1:Ic493Kk/xU1RK794fsD/IMaNpOM=,off,off,0,,,,,,,,,,,0
eth0,in,tcp,192.0.2.7,41234,192.0.2.1,443,,5,15,2000,7.500,8000.000,7800.167,7966.667,12000.000,7.375,7.479,10.000,"FIN,SYN,ACK",,2026-01-01T00:00:00.000Z,2026-01-01T00:00:02.000Z,2.000,0.000,0,tls,port,1:Ic493Kk/xU1RK794fsD/IMaNpOM=,off,off,0,,,,,,,,,,,0
eth0,in,tcp,,,192.0.2.1,80,,,7,420,3.500,1680.000,1596.070,1666.000,3360.000,3.325,3.471,7.000,SYN,,2026-01-01T00:00:00.000Z,2026-01-01T00:00:01.000Z,2.000,1.000,0,http,port,,off,off,0,,,,,,,,,,,1
eth0,in,icmp6,2001:db8::1,,2001:db8::2,,echo-request,,2,236,1.000,944.000,896.839,936.134,1888.000,0.950,0.992,2.000,,,2026-01-01T00:00:00.000Z,2026-01-01T00:00:01.000Z,2.000,1.000,0,,,1:u2vMS3HiWth2lIMKHB1fjELshpQ=,off,off,0,,,,,,,,,,,0'
run "$pktop" --replay small.rec --csv --columns src,dst,bps,tcp_flags --top 2
prints "some columns, two rows" 'src,dst,bps,tcp_flags
192.0.2.1:443,192.0.2.7:41234,120000.000,"PSH,ACK"
192.0.2.7:41234,192.0.2.1:443,8000.000,"FIN,SYN,ACK"'
run "$pktop" --replay small.rec --csv --interval 1s --columns src,bps --top 1
prints "periodic: the time in front, names once" 'time,src,bps
2026-01-01T00:00:01.000Z,192.0.2.1:443,240000.000
2026-01-01T00:00:02.000Z,192.0.2.7:41234,4000.000'

make odd.rec <<'END'
iface 0 =1+1
iface 1 -x
iface 2 @x
iface 3 a,"b"
flow =1+1 in udp 192.0.2.1:1 192.0.2.2:2 packets=4 bytes=400
flow -x in udp 192.0.2.1:1 192.0.2.2:2 packets=3 bytes=300
flow @x in udp 192.0.2.1:1 192.0.2.2:2 packets=2 bytes=200
flow a,"b" in udp 192.0.2.1:1 192.0.2.2:2 packets=1 bytes=100
tick 1
end
END
run "$pktop" --replay odd.rec --csv --columns in_if,packets
prints "names of interfaces that look like formulas" 'in_if,packets
'\''=1+1,4
'\''-x,3
'\''@x,2
"a,""b""",1'
done_testing
