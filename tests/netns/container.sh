# SPDX-License-Identifier: GPL-2.0-or-later
# Names of real containers: containerd, docker and podman run some, with their state below a
# directory of the test.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"

tool=$top_builddir/tests/container-tool
[ -x "$tool" ] || skip_all "$tool is not built"
need_library JANSSON
need_command busybox containerd ctr runc
busybox=$(command -v busybox)
ldd "$busybox" >/dev/null 2>&1 && skip_all "needs a busybox without shared libraries"

root=$dir/root
mkdir -p "$root/run" "$root/var/lib" "$dir/rootfs/bin"
cp "$busybox" "$dir/rootfs/bin/busybox"
ln -s busybox "$dir/rootfs/bin/sleep"
ip link set dev lo up
# where runtimes keep more than they are told to keep elsewhere
mount -t tmpfs tmpfs /run || skip_all "cannot mount a tmpfs"
# what runs in the way of runtimes is found by their state, and ended by its pid
say() { "$tool" "$root" "$1"; }
is_running() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# cgroups that the runtimes leave behind
made_cgroups() {
	find /sys/fs/cgroup -maxdepth 2 -type d \( -name default -o -name docker -o -name k8s.io \
		-o -name kubepods \)
}
cgroups_before=$(made_cgroups)
left_cgroups() { made_cgroups | grep -vxF "${cgroups_before:-/}"; }
# true when none is left; a process that was just killed holds its own
cgroups_removed() {
	for made in $(left_cgroups); do
		find "$made" -depth -type d -exec rmdir {} \; 2>/dev/null
	done
	[ -z "$(left_cgroups)" ]
}

is "a process in no container" "$(say $$)" none

# ---- containerd, by its own client

cat >"$dir/containerd.toml" <<END
version = 2
root = "$root/var/lib/containerd"
state = "$root/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$dir/containerd.sock"
END
containerd -c "$dir/containerd.toml" >"$dir/containerd.log" 2>&1 &
pids="$pids $!"
ctr() { command ctr -a "$dir/containerd.sock" "$@"; }
ctr_answers() { ctr version >/dev/null 2>&1; }
ok "containerd starts" wait_for 20 ctr_answers
task_pid() { ctr -n "$1" task ls 2>/dev/null | awk -v name="$2" '$1 == name { print $2 }'; }
has_task() { is_running "$(task_pid "$1" "$2")"; }

for space in default k8s.io; do
	ctr -n $space run -d --rootfs "$dir/rootfs" "web-$space" /bin/sleep 600 \
		>>"$dir/log" 2>&1
	ok "containerd, $space: a container" wait_for 10 has_task $space "web-$space"
	pid=$(task_pid $space "web-$space")
	pids="$pids $pid"
	is "containerd, $space: name" "$(say "$pid")" "containerd|web-$space|web-$space|||"
done

# as Kubernetes makes them: the cgroup of a pod, and annotations in the bundle
id=$(printf '%064d' 7 | tr 0 a)
ctr -n k8s.io run -d --cgroup \
	"/kubepods/burstable/pod8d5e7c3a-1111-2222-3333-444455556666/$id" \
	--annotation io.kubernetes.cri.container-type=container \
	--annotation io.kubernetes.cri.container-name=nginx \
	--annotation io.kubernetes.cri.image-name=docker.io/library/nginx:1.25 \
	--annotation io.kubernetes.cri.sandbox-name=web-0 \
	--annotation io.kubernetes.cri.sandbox-namespace=shop \
	--rootfs "$dir/rootfs" "$id" /bin/sleep 600 >>"$dir/log" 2>&1
ok "a pod: a container" wait_for 10 has_task k8s.io "$id"
pid=$(task_pid k8s.io "$id")
pids="$pids $pid"
is "a pod: names" "$(say "$pid")" \
	"containerd|$id|nginx|docker.io/library/nginx:1.25|web-0|shop"
for space in default k8s.io; do
	for name in $(ctr -n $space task ls -q); do
		ctr -n $space task kill -s KILL "$name" >/dev/null 2>&1
		wait_for 10 is_not has_task $space "$name"
		ctr -n $space container rm "$name" >/dev/null 2>&1
	done
done

# ---- docker

if command -v dockerd >/dev/null && command -v docker >/dev/null; then
	export DOCKER_HOST="unix://$dir/docker.sock"
	dockerd --data-root "$root/var/lib/docker" --exec-root "$root/run/docker" \
		-p "$dir/docker.pid" -H "$DOCKER_HOST" --bridge none --iptables=false \
		>"$dir/docker.log" 2>&1 &
	docker_pid=$!
	docker_answers() { docker version >/dev/null 2>&1 || is_not is_running $docker_pid; }
	wait_for 30 docker_answers
	tar -C "$dir/rootfs" -c . | docker import - test/sleep:1 >/dev/null 2>>"$dir/log"
	docker run -d --name shop_web --network none test/sleep:1 /bin/sleep 600 \
		>"$dir/docker.id" 2>>"$dir/log"
	pid=$(docker inspect -f '{{.State.Pid}}' shop_web 2>/dev/null)
	pids="$pids $pid"
	ok "docker: a container" is_running "$pid"
	is "docker: names" "$(say "$pid")" \
		"docker|$(cat "$dir/docker.id")|shop_web|test/sleep:1||"

	# pktop itself, where the state of docker is in its usual place: what runs in the container
	# is named, and the container is found by its name
	cat >"$dir/inside" <<-'END'
		mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/docker &&
			mount --bind "$root/var/lib/docker" /var/lib/docker || exit 1
		exec "$pktop" "$@" --json
	END
	export root pktop
	# watch NAME ARGUMENT...: pktop in the background, until it counts
	watch() {
		watch_name=$1
		shift
		unshare -m sh "$dir/inside" "$@" >"$dir/$watch_name.out" 2>"$dir/$watch_name.err" &
		eval "pid_$watch_name=$!"
		pids="$pids $!"
		wait_for 20 counts_or_gone $! && counts $!
	}
	ok "docker: pktop per process" watch process -k
	ok "docker: pktop by the name of the container" watch cgroup -c shop_web
	ok "docker: the stream of connections" watch conns log conns
	nsenter -t "$pid" -n ip link set dev lo up
	timeout 20 docker exec shop_web /bin/busybox sh -c \
		'/bin/busybox nc -l -p 9 >/dev/null &
		until echo hello | /bin/busybox nc -w 2 127.0.0.1 9; do :; done' >>"$dir/log" 2>&1
	for name in process cgroup; do
		stop $name
		is "docker, $name: ends well" "$status $(cat "$dir/$name.err")" "0 "
		is "docker, $name: whose it is" "$(report $name '[.flows[] |
			select(.direction == "out" and .dst_port == 9) | .owner |
			"\(.comm) \(.runtime) \(.container) \(.image)"] | unique | join(", ")')" \
			"busybox docker shop_web test/sleep:1"
	done
	stop conns
	is "docker, conns: ends well" "$status $(cat "$dir/conns.err")" "0 "
	# but for those that came before it listened
	is "docker, conns: both ends in the container" "$(report conns "select(.dst_port == 9 and
		.netns == $(stat -Lc %i "/proc/$pid/ns/net") and .error == null) |
		\"\\(.direction) \\(.type) \\(.bytes_sent)/\\(.bytes_received) \\(.owner |
		\"\\(.comm) \\(.runtime) \\(.container) \\(.image) \\(.container_id)\")\"" | sort)" \
		"$(for what in "in accept null/null" "in close 0/6" "out close 6/0" \
			"out connect null/null"; do
			echo "$what busybox docker shop_web test/sleep:1 $(cat "$dir/docker.id")"
		done)"
	docker rm -f shop_web >/dev/null 2>&1
	kill $docker_pid
	wait $docker_pid 2>/dev/null
else
	pass "docker # SKIP needs the commands docker and dockerd"
fi

for pid in $pids; do
	kill -9 "$pid" 2>/dev/null
done
pids=
ok "no cgroup is left" wait_for 10 cgroups_removed
[ "$tap_failed" = 0 ] || tail -n 30 "$dir"/*log | sed 's/^/#   /'
done_testing
