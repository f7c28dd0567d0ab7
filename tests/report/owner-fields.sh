# SPDX-License-Identifier: GPL-2.0-or-later
# The fields of owners in reports: all of them, and what the flows of a group share.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"

make owners.rec <<-'END'
	owners 1
	iface 0 eth0
	addr 192.0.2.1 netns=1
	owner 1 nginx pid=1234 uid=33 user=www-data cgroup=/a container_name=web container=0123456789abcdef pod=p pod_namespace=n image=i runtime=docker command==1+1, "x"
	owner 2 nginx pid=1235 uid=33 user=www-data
	socket listening tcp 0.0.0.0:443 owner=1 netns=1
	socket bound udp 0.0.0.0:53 owner=2 netns=1 estimated
	flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=4 bytes=400
	flow eth0 in udp 192.0.2.7:41234 192.0.2.1:53 packets=3 bytes=300
	flow eth0 in tcp 10.9.9.9:1 10.9.9.8:2 packets=2 bytes=200
	flow eth0 in tcp 192.0.2.7:5 192.0.2.1:6 packets=1 bytes=100 owner=2 retransmits=1
	tick 1
	end
END

run "$pktop" --replay owners.rec --batch --columns src,owner,owner_reason,pid,command
is "text" "$(sed -n '/^owners/p; /^SOURCE/,$p' out)" 'owners   2 processes, 2 sockets
SOURCE           PROCESS      NO OWNER    PID  COMMAND
192.0.2.7:41234  web/nginx               1234  =1+1, "x"
192.0.2.7:41234  ~nginx 1235             1235
10.9.9.9:1       forwarded    forwarded     -
192.0.2.7:5      nginx 1235              1235'
run "$pktop" --replay owners.rec --csv --columns src,owner,owner_reason,owner_estimated,pid,uid,user,cgroup,container,container_id,image,pod,command
prints "CSV" 'src,owner,owner_reason,owner_estimated,pid,uid,user,cgroup,container,container_id,image,pod,command
192.0.2.7:41234,web/nginx,,0,1234,33,www-data,/a,web,0123456789abcdef,i,n/p,"'\''=1+1, ""x"""
192.0.2.7:41234,~nginx 1235,,1,1235,33,www-data,,,,,,
10.9.9.9:1,forwarded,forwarded,0,,,,,,,,,
192.0.2.7:5,nginx 1235,,0,1235,33,www-data,,,,,,'
run "$pktop" --replay owners.rec --csv --by user --columns group,flows,packets,owner,pid,uid,comm
prints "a group has what its flows share" 'group,flows,packets,owner,pid,uid,comm
www-data,3,8,,,33,nginx
(forwarded),1,2,forwarded,,,'
run "$pktop" --replay owners.rec --csv --by src --columns group,flows,owner,owner_reason,pid,comm
prints "sources" 'group,flows,owner,owner_reason,pid,comm
192.0.2.7,3,,,,nginx
10.9.9.9,1,forwarded,forwarded,,'
run "$pktop" --replay owners.rec --csv --by iface --columns group,flows,owner,owner_reason,uid
prints "flows with and without an owner share nothing" 'group,flows,owner,owner_reason,uid
eth0,4,,,'

run "$pktop" --replay owners.rec --json
grep -q "built without JSON" err && done_testing
is "JSON" "$(sed -n 's/.*"src_addr": \("[^"]*"\).*\("owner": .*\), "time_flow_start.*/\1 \2/p' out)" \
	'"192.0.2.7" "owner": {"pid": 1234, "uid": 33, "estimated": false, "comm": "nginx", "command": "=1+1, \"x\"", "user": "www-data", "cgroup": "/a", "runtime": "docker", "container_id": "0123456789abcdef", "container": "web", "image": "i", "pod": "p", "pod_namespace": "n"}, "owner_reason": null
"192.0.2.7" "owner": {"pid": 1235, "uid": 33, "estimated": true, "comm": "nginx", "command": null, "user": "www-data", "cgroup": null, "runtime": null, "container_id": null, "container": null, "image": null, "pod": null, "pod_namespace": null}, "owner_reason": null
"10.9.9.9" "owner": null, "owner_reason": "forwarded"
"192.0.2.7" "owner": {"pid": 1235, "uid": 33, "estimated": false, "comm": "nginx", "command": null, "user": "www-data", "cgroup": null, "runtime": null, "container_id": null, "container": null, "image": null, "pod": null, "pod_namespace": null}, "owner_reason": null'
is "JSON: the tables" "$(grep '"owners"' out)" ' "owners": {"looked_for": true, "reason": null, "note": null, "processes": 2, "sockets": 2, "addresses": 1, "processes_refused": 0, "processes_dropped": 0, "sockets_refused": 0, "sockets_dropped": 0, "sockets_evicted": 0, "addresses_refused": 0, "texts_refused": 0, "reports_lost": 0},'
run "$pktop" --replay owners.rec --json --by user --columns group,owner
is "JSON: groups" "$(sed -n '/"groups"/,$p' out)" ' "groups": [
  {"group": "www-data", "owner": {"pid": null, "uid": 33, "estimated": true, "comm": "nginx", "command": null, "user": "www-data", "cgroup": null, "runtime": null, "container_id": null, "container": null, "image": null, "pod": null, "pod_namespace": null}},
  {"group": "(forwarded)", "owner": null}]}'
run "$pktop" --replay owners.rec --json --columns owner_estimated,pid,user --top 1
is "JSON: columns of the owner" "$(sed -n '/"flows": \[/,$p' out)" ' "flows": [
  {"owner_estimated": false, "pid": 1234, "user": "www-data"}]}'
done_testing
