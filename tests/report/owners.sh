# SPDX-License-Identifier: GPL-2.0-or-later
# Owners in reports, groups and filters, from a recording.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
has_library JANSSON && need_command jq

make own.rec <<'END'
host web1
owners
iface 0 eth0 1000M
addr 192.0.2.1
addr 2001:db8::1
owner 1 nginx pid=1234 uid=33 user=www-data cgroup=/system.slice/nginx.service
owner 2 curl pid=4321 uid=1000 user=alice
owner 3 node pid=77 uid=0 user=root runtime=containerd container=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef container_name=api pod=api-7d9 pod_namespace=shop image=reg/api:2
socket listening tcp 0.0.0.0:443 owner=1
socket connected tcp 192.0.2.1:40000 198.51.100.5:443 owner=2
socket connected tcp 192.0.2.1:5432 192.0.2.45:49437 owner=3 estimated
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=10 bytes=1500 flags=SYN,ACK
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=20 bytes=30000 flags=SYN,ACK
flow eth0 out tcp 192.0.2.1:40000 198.51.100.5:443 packets=5 bytes=500 flags=SYN
flow eth0 in tcp 192.0.2.45:49437 192.0.2.1:5432 packets=100 bytes=90000 flags=ACK
flow eth0 in udp 203.0.113.9:53 192.0.2.200:5353 packets=3 bytes=300
flow eth0 in udp 203.0.113.9:999 192.0.2.1:9 packets=1 bytes=60
tick 1
end
END

run "$pktop" --replay own.rec --csv --columns src,dst,owner,owner_reason,pid,comm,pod
prints "columns" 'src,dst,owner,owner_reason,pid,comm,pod
192.0.2.45:49437,192.0.2.1:5432,~api/node,,77,node,shop/api-7d9
192.0.2.1:443,192.0.2.7:41234,nginx 1234,,1234,nginx,
192.0.2.7:41234,192.0.2.1:443,nginx 1234,,1234,nginx,
192.0.2.1:40000,198.51.100.5:443,curl 4321,,4321,curl,
203.0.113.9:53,192.0.2.200:5353,forwarded,forwarded,,,
203.0.113.9:999,192.0.2.1:9,no socket,no socket,,,'

run "$pktop" --replay own.rec --csv --by comm --columns group,packets,flows
prints "by name" 'group,packets,flows
node,100,1
nginx,30,2
curl,5,1
(forwarded),3,1
(no socket),1,1'
run "$pktop" --replay own.rec --csv --by pod --columns group,packets
prints "by pod" 'group,packets
shop/api-7d9,100
(no pod),35
(forwarded),3
(no socket),1'

# passes FILTER SOURCE...: the sources of the flows that pass
passes() {
	filter=$1
	shift
	run "$pktop" --replay own.rec --csv --columns src --sort src -f "$filter"
	is "$filter" "$(sed 1d out | tr '\n' ' ')" "$* "
}
passes 'pid 4321' 192.0.2.1:40000
passes 'pid 1000-2000' 192.0.2.1:443 192.0.2.7:41234
passes 'comm nginx, curl' 192.0.2.1:443 192.0.2.1:40000 192.0.2.7:41234
passes 'comm = ng*' 192.0.2.1:443 192.0.2.7:41234
passes 'comm ~ ^n' 192.0.2.1:443 192.0.2.7:41234 192.0.2.45:49437
passes 'user alice or uid 0' 192.0.2.1:40000 192.0.2.45:49437
passes 'cgroup = */nginx.service and outbound' 192.0.2.1:443
passes 'container api' 192.0.2.45:49437
passes 'container = 0123456789*' 192.0.2.45:49437
passes 'image = reg/*' 192.0.2.45:49437
passes 'pod api-7d9' 192.0.2.45:49437
passes 'pod shop/api-7d9' 192.0.2.45:49437
passes 'forwarded' 203.0.113.9:53
passes 'NGINX' 192.0.2.1:443 192.0.2.7:41234
# what has no owner passes no test of it, and so passes the opposite
passes 'comm != nginx and uid != 0' 192.0.2.1:40000 203.0.113.9:53 203.0.113.9:999

if has_library JANSSON; then
	run "$pktop" --replay own.rec --json
	is "JSON: an owner" "$(jq -c '.flows[0].owner' out)" '{"pid":77,"uid":0,"estimated":true,"comm":"node","command":null,"user":"root","cgroup":null,"runtime":"containerd","container_id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","container":"api","image":"reg/api:2","pod":"api-7d9","pod_namespace":"shop"}'
	is "JSON: no owner" "$(jq -c '.flows[4] | [.owner, .owner_reason]' out)" \
		'[null,"forwarded"]'
fi
done_testing
