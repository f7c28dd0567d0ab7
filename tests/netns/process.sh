# SPDX-License-Identifier: GPL-2.0-or-later
# What processes send and receive is counted as they were told by their calls.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command python3

new_ns a b
join a va 1 b vb 2 1

cat >"$dir/talk.py" <<'END'
import os, socket, sys, threading
port = int(sys.argv[1])  # another each time: the last connection may not be gone
udp = lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a, b = udp(), udp()
b.bind(("127.0.0.1", 5555))
a.bind(("127.0.0.1", 4444))
for i in range(100):
    a.sendto(b"x" * 100, ("127.0.0.1", 5555))
for i in range(60):
    b.recvfrom(1000)
for i in range(40):
    b.recvfrom(50)  # cut short
try:
    a.sendto(b"x" * 70000, ("127.0.0.1", 5555))  # fails
except OSError:
    pass
a.connect(("127.0.0.1", 5555))
a.send(b"q" * 7)
b.recvfrom(100, socket.MSG_PEEK)
b.recvfrom(100)
s = socket.socket()
s.bind(("127.0.0.1", 6666))
s.listen(1)
c = socket.create_connection(("127.0.0.1", 6666), source_address=("127.0.0.1", port))
d, _ = s.accept()
t = threading.Thread(target=lambda: c.sendall(b"y" * 100000))
t.start()
def take(n):
    while n:
        n -= len(d.recv(n))
take(100000)
t.join()
with open(__file__, "rb") as f:
    size = os.fstat(f.fileno()).st_size
    os.sendfile(c.fileno(), f.fileno(), 0, size)
take(size)
child = os.fork()
if child == 0:
    c.sendall(b"k" * 123)  # on a socket that it inherited
    os._exit(0)
os.waitpid(child, 0)
take(123)
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
v = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
v.bind(("::1", 5556))
u.bind(("::1", 4446))
for i in range(9):
    u.sendto(b"1" * 10, ("::1", 5556))
    v.recvfrom(100)
print(size)
END

# check HOOKS PORT: by the way that is asked for
check() {
	if ! start run a -k --hooks "$1" --json; then
		pass "$1 # SKIP $(cat "$dir/run.err")"
		return
	fi
	# in another namespace than that of pktop
	size=$(in_ns b python3 "$dir/talk.py" "$2")
	stop run
	is "$1: ends well" $status 0
	is "$1: the books balance" "$(unbalanced run)" ""
	is "$1: interface" "$(report run '.interfaces[] | "\(.name) \(.attach)"')" "sockets $1"
	is "$1: layer" "$(report run .layer)" payload
	is "$1: UDP out, connected and not" \
		"$(flow run '.direction == "out" and .src_port == 4444 and .dst_port == 5555')" \
		"101 10007"
	is "$1: UDP in, from the peer" "$(flow run '.direction == "in" and .dst_port == 5555 and
		.src_addr == "127.0.0.1" and .src_port == 4444')" "101 8007"
	is "$1: UDP over 6" "$(flow run '.src_addr == "::1" and .src_port == 4446 and
		.dst_addr == "::1" and .dst_port == 5556 and .direction == "out"')" "9 90"
	is "$1: and in" "$(flow run '.src_addr == "::1" and .src_port == 4446 and
		.dst_addr == "::1" and .dst_port == 5556 and .direction == "in"')" "9 90"
	is "$1: TCP out, from two processes" "$(report run '[.flows[] | select(.direction == "out"
		and .src_port == '"$2"' and .dst_port == 6666) | .bytes] | sort | join(" ")')" \
		"123 $((100000 + size))"
	is "$1: TCP in, from the peer" "$(report run '[.flows[] | select(.direction == "in" and
		.src_port == '"$2"' and .dst_port == 6666) | .bytes] | add')" "$((100123 + size))"
}
check tracepoint 7771
check fexit 7772
check kprobe 7773

# Segments sent again are counted as the kernel counts them, for the process that sent them.
cat >"$dir/server.py" <<'END'
import socket
s = socket.socket()
s.bind(("10.9.1.2", 0))
s.listen(1)
print(s.getsockname()[1], flush=True)
c, _ = s.accept()
n = 0
while n < 200:
    n += len(c.recv(200))
c.send(b"done")
END
cat >"$dir/client.py" <<'END'
import os, socket, sys
c = socket.create_connection(("10.9.1.2", int(sys.argv[1])))
c.send(b"a" * 100)
print("sent", flush=True)
sys.stdin.readline()
c.send(b"b" * 100)
c.recv(4)
END
has_line() { [ -s "$1" ]; }
resent() { [ "$(in_ns a awk '/^Tcp: [0-9]/ { print $13 }' /proc/net/snmp)" -ge 2 ]; }
if start again a -k --json; then
	nsenter --net=/run/netns/b -- python3 "$dir/server.py" >"$dir/port" 2>/dev/null &
	pids="$pids $!"
	wait_for 10 has_line "$dir/port"
	mkfifo "$dir/go"
	nsenter --net=/run/netns/a -- python3 "$dir/client.py" "$(cat "$dir/port")" <"$dir/go" \
		>"$dir/sent" &
	client=$!
	pids="$pids $client"
	exec 3>"$dir/go"
	wait_for 10 has_line "$dir/sent"
	ip -n a neigh change 10.9.1.2 lladdr 02:00:00:00:01:77 dev va nud permanent
	echo >&3
	ok "segments are sent again" wait_for 20 resent
	ip -n a neigh change 10.9.1.2 lladdr 02:00:00:00:01:02 dev va nud permanent
	wait "$client"
	exec 3>&-
	stop again
	is "as many as the kernel says" \
		"$(report again '[.flows[] | select(.direction == "out") | .retransmits] | add')" \
		"$(in_ns a awk '/^Tcp: [0-9]/ { print $13 }' /proc/net/snmp)"
	is "no flow is made of them" "$(flow again '.direction == "out" and
		.dst_addr == "10.9.1.2"')" "2 200"
	is "one flow" "$(report again '[.flows[] | select(.direction == "out" and
		.dst_addr == "10.9.1.2")] | length')" 1
fi

done_testing
