# SPDX-License-Identifier: GPL-2.0-or-later
# What streams and reports tell of programs that everybody has, beside what these say themselves:
# nginx, Python, PostgreSQL, Redis and OpenSSH, each on a port that says nothing.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
# where quickstart unpacks what would start a server if it was installed
servers=$(cd "$top_builddir" && pwd)/servers
for path in "$servers/usr/sbin" "$servers"/usr/lib/postgresql/*/bin /usr/lib/postgresql/*/bin; do
	[ ! -d "$path" ] || PATH=$PATH:$path
done
need_command awk curl nginx postgres psql python3 redis-benchmark redis-check-rdb redis-cli \
	setpriv ssh ssh-keygen sshd
need_library HTP JANSSON
need_module http.server

mount -t tmpfs tmpfs /run && mkdir /run/sshd || skip_all "cannot mount a tmpfs"
cat >"$dir/passwd" <<END
root:x:0:0::$dir:/bin/sh
nobody:x:65534:65534::/:/bin/sh
sshd:x:65533:65534::/run/sshd:/bin/sh
database:x:60001:60001::/:/bin/sh
alice:x:60002:60002::/:/bin/sh
END
echo 'root:*:1::::::' >"$dir/shadow"
for file in passwd shadow; do
	mount --bind "$dir/$file" /etc/$file || skip_all "cannot mount over /etc/$file"
done
new_ns a b
join a va 1 b vb 2 1
http=7001 python=7002 redis=7003 sql=7004 ssh=7005

# ---- servers

# serve NAME COMMAND...: a server in b, its process ID in pid_NAME
serve() {
	serve_name=$1
	shift
	nsenter --net=/run/netns/b -- "$@" >"$dir/$serve_name.log" 2>&1 &
	eval "pid_$serve_name=$!"
	pids="$pids $!"
}
# these have processes of their own, which they end
pid_nginx='' pid_sql=''
trap '[ -z "$pid_nginx" ] || kill "$pid_nginx"; [ -z "$pid_sql" ] || kill -INT "$pid_sql"
	wait $pid_nginx $pid_sql; clean_up' EXIT
mkdir "$dir/www"
echo hello >"$dir/www/hello"
head -c 1000000 /dev/zero >"$dir/www/large"
cat >"$dir/nginx.conf" <<END
daemon off;
user nobody nogroup;
worker_processes 1;
pid $dir/nginx.pid;
events { }
http {
	log_format said '\$remote_port \$request_method \$request_uri \$status \$body_bytes_sent';
	log_format octets '\$remote_port \$bytes_sent \$request_length';
	access_log $dir/nginx.said said;
	access_log $dir/nginx.octets octets;
	client_body_temp_path $dir/body;
	proxy_temp_path $dir/proxy;
	fastcgi_temp_path $dir/fastcgi;
	uwsgi_temp_path $dir/uwsgi;
	scgi_temp_path $dir/scgi;
	server {
		listen 10.9.1.2:$http;
		root $dir/www;
		location /form {
			access_log $dir/nginx.said said;
			return 204; # does not read the body, nor count it
		}
	}
}
END
serve nginx nginx -e "$dir/nginx.errors" -c "$dir/nginx.conf"
serve python python3 -m http.server --bind 10.9.1.2 --directory "$dir/www" $python
ln -s "$(command -v redis-check-rdb)" "$dir/redis-server"
serve redis "$dir/redis-server" --port $redis --bind 10.9.1.2 --protected-mode no --save '' \
	--dir "$dir"
mkdir "$dir/sql"
chown database "$dir/sql"
setpriv --reuid database --regid nogroup --clear-groups initdb -D "$dir/sql/data" -A trust -N \
	-U alice >"$dir/initdb.log" 2>&1
echo "host all all 10.9.1.0/24 trust" >>"$dir/sql/data/pg_hba.conf"
serve sql setpriv --reuid database --regid nogroup --clear-groups postgres -D "$dir/sql/data" \
	-p $sql -c listen_addresses=10.9.1.2 -c unix_socket_directories=
ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
install -m 600 -o alice "$dir/key" "$dir/ssh.key"
cat >"$dir/sshd.conf" <<END
ListenAddress 10.9.1.2:$ssh
HostKey $dir/key
AuthorizedKeysFile $dir/key.pub
StrictModes no
PidFile none
END
# what it runs to serve a connection, since OpenSSH 9.8 and 10.0
for part in session auth; do
	[ ! -e "$servers/usr/lib/openssh/sshd-$part" ] ||
		echo "Sshd${part}Path $servers/usr/lib/openssh/sshd-$part" >>"$dir/sshd.conf"
done
serve ssh "$(command -v sshd)" -D -e -f "$dir/sshd.conf"
for port in $http $python $redis $sql $ssh; do
	ok "a server on port $port" wait_for 20 listens b $port
done

# ---- clients

ok "connections: starts" start conns a log conns --json
ok "requests: starts" start http a log http --json -i va
ok "flows: starts" start flows b -i vb --json

# client COMMAND...: in a, as alice; what it says goes to $dir/said, who it is to $dir/clients
touch "$dir/clients"
chown alice "$dir/clients"
client() {
	# shellcheck disable=SC2016 # the inner shell expands
	in_ns a setpriv --reuid alice --regid nogroup --clear-groups timeout -s KILL 60 sh -c '
		echo "$1 $$" >>"$0" && exec "$@"' "$dir/clients" "$@" \
		>"$dir/said" 2>"$dir/said.err" </dev/null
}
url=http://10.9.1.2:$http
ok "curl" client curl -s $url/hello
ok "curl, of one connection" client curl -s -o /dev/null -o /dev/null -o /dev/null $url/large \
	"$url/missing?a=b" $url/hello
ok "curl -I" client curl -s -I $url/large
ok "curl -d" client curl -s -d a=b $url/form
for file in hello missing large; do
	ok "curl of Python, $file" client curl -s -o /dev/null http://10.9.1.2:$python/$file
done
query() { client psql -X -A -t -F ' ' -h 10.9.1.2 -p $sql -U alice -d postgres -c "$1"; }
ok "psql" query 'select inet_client_port(), pg_backend_pid()'
read -r sql_port sql_backend <"$dir/said"
ok "psql, much" query "select repeat('x', 100) from generate_series(1, 10000)"
ok "redis-cli" client redis-cli -h 10.9.1.2 -p $redis set key value
ok "redis-benchmark" client redis-benchmark -h 10.9.1.2 -p $redis -n 2000 -c 20 -t set,get -q
ok "redis-cli info" client redis-cli -h 10.9.1.2 -p $redis info stats
tr -d '\r' <"$dir/said" >"$dir/redis.said"
shell() {
	client ssh -F none -i "$dir/ssh.key" -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -p $ssh root@10.9.1.2 "$1"
}
# shellcheck disable=SC2016 # the shell at the other end expands
ok "ssh" shell 'echo $SSH_CONNECTION'
read -r _ ssh_port _ <"$dir/said"
ok "ssh, much" shell 'head -c 1000000 /dev/zero'
ok "all connections have ended" wait_for 20 closed a
ok "all connections have ended for servers" wait_for 20 closed b
for run in conns http flows; do
	stop $run
	is "$run ends well" "$status $(cat "$dir/$run.err")" "0 "
done
is "nothing is lost" "$(report conns 'select(.type == "loss") | .what'
	report http 'select(.type == "loss") | .what')" ""

# ---- connections

# of both namespaces; others may be at work on this machine
jq -c --argjson a "$(in_ns a stat -Lc %i /proc/self/ns/net)" \
	--argjson b "$(in_ns b stat -Lc %i /proc/self/ns/net)" \
	'select(.netns == $a or .netns == $b)' "$dir/conns.out" >"$dir/ours.out"
# told FILTER: of a port what is told of it, and how often
told() { report ours "$@" | sort | uniq -c | sed 's/^ *//'; }
who='"\(.dst_port) \(.direction) \(.type) \(.owner.comm) \(.owner.uid) \(.owner.estimated)"'
n_redis=$(sed -n 's/^total_connections_received://p' "$dir/redis.said")
is "each end is told of, with its program and user" "$(told "$who" |
	sed 's/ redis-\(cli\|benchmark\) / redis /; s/ sshd-session / sshd /' |
	awk '{ n = $1; $1 = ""; all[$0] += n } END { for (what in all) print all[what] what }' |
	sort -k2)" "4 7001 in accept nginx 65534 false
4 7001 in close nginx 65534 false
4 7001 out close curl 60002 false
4 7001 out connect curl 60002 false
3 7002 in accept python3 0 false
3 7002 in close python3 0 false
3 7002 out close curl 60002 false
3 7002 out connect curl 60002 false
$n_redis 7003 in accept redis-server 0 false
$n_redis 7003 in close redis-server 0 false
$n_redis 7003 out close redis 60002 false
$n_redis 7003 out connect redis 60002 false
2 7004 in accept postgres 60001 false
2 7004 in close postgres 60001 false
2 7004 out close psql 60002 false
2 7004 out connect psql 60002 false
2 7005 in accept sshd 0 false
2 7005 in close sshd 0 false
2 7005 out close ssh 60002 false
2 7005 out connect ssh 60002 false"
is "clients by their process" \
	"$(report ours 'select(.direction == "out") | "\(.owner.comm) \(.owner.pid)"' | sort -u)" \
	"$(sort -u "$dir/clients")"
# shellcheck disable=SC2154 # serve() sets them
is "servers by their process" "$(report ours 'select(.type == "accept" and .dst_port > 7001) |
	"\(.dst_port) \(.owner.pid)"' | sort -u)" "7002 $pid_python
7003 $pid_redis
7004 $pid_sql
7005 $pid_ssh"
is "both ends have sent what the other received, and took some time" "$(report ours -s '
	group_by([.dst_port, .src_port])[] | map(select(.type == "close")) as $ends |
	select(length != 4 or ($ends | length) != 2 or any($ends[]; .duration_s <= 0) or
		$ends[0].bytes_sent != $ends[1].bytes_received or
		$ends[1].bytes_sent != $ends[0].bytes_received) | .[]')" ""
# server PORT FILTER: of connections that the server has closed
server() { report ours "select(.dst_port == $1 and .direction == \"in\" and .type == \"close\") | $2"; }
is "as many octets as nginx says" \
	"$(server $http 'select(.bytes_received != 153) | "\(.src_port) \(.bytes_sent) \(.bytes_received)"' |
		sort)" \
	"$(awk '{ out[$1] += $2; in_[$1] += $3 } END { for (port in out) print port, out[port], in_[port] }' \
		"$dir/nginx.octets" | sort)"
# but for what it says last: that is in the answer itself
last=$(server $redis .bytes_sent | tail -n 1)
is "as many octets as Redis says" "$(server $redis '"\(.bytes_received) \(.bytes_sent)"' |
	awk -v last="$last" '{ in_ += $1; out += $2 } END { print in_, out - last }')" \
	"$(sed -n 's/^total_net_\(in\|out\)put_bytes://p' "$dir/redis.said" | paste -sd ' ')"
is "as PostgreSQL says: port and process" \
	"$(server $sql '"\(.src_port) \(.owner.pid)"' | head -n 1)" "$sql_port $sql_backend"
is "as ssh says: port" "$(server $ssh .src_port | head -n 1)" "$ssh_port"

# ---- requests

is "requests as nginx says" "$(records http http "select(.dst_port == $http) |
	\"\\(.src_port) \\(.method) \\(.path) \\(.status) \\(.response_size)\"")" \
	"$(cat "$dir/nginx.said")"
is "requests as Python says" "$(records http http "select(.dst_port == $python) |
	\"\\(.method) \\(.path) \\(.status)\"")" \
	"$(sed -n 's/.*"\(.*\) HTTP\/1.1" \([0-9]*\) -$/\1 \2/p' "$dir/python.log")"
is "there are as many" "$(records http http .path | wc -l)" 9

# ---- flows

is "application protocols" "$(report flows '.flows[] |
	"\([.src_port, .dst_port] | min) \(.direction) \(.l7) \(.l7_source)"' | sort -u)" \
	"7001 in http payload
7001 out http payload
7002 in http payload
7002 out http payload
7003 in redis payload
7003 out redis payload
7004 in postgresql payload
7004 out postgresql payload
7005 in ssh payload
7005 out ssh payload"
done_testing
