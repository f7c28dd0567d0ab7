# SPDX-License-Identifier: GPL-2.0-or-later
# Owners of a thousand connections between fifty processes, half of which live for a moment only:
# how many are named rightly, wrongly (none may be), and not at all.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command python3

new_ns a
# Prints, per connection, what the two ends are: LOCAL_PORT REMOTE_PORT PID, for each end.
cat >"$dir/crowd.py" <<'END'
import os, select, socket, sys

SERVERS, CLIENTS, ROUNDS = 5, 45, 1000
servers, ports = [], []
for _ in range(SERVERS):
	listener = socket.socket()
	listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	listener.bind(("127.0.0.1", 0))
	listener.listen(256)
	ports.append(listener.getsockname()[1])
	pid = os.fork()
	if pid == 0:
		while True:
			connection, peer = listener.accept()
			while connection.recv(4096):
				pass
			connection.close()
	servers.append(pid)
	listener.close()

def connect(i):
	connection = socket.create_connection(("127.0.0.1", ports[i % SERVERS]))
	local, remote = connection.getsockname()[1], ports[i % SERVERS]
	connection.sendall(b"x" * 100)
	os.write(1, b"%d %d %d %d\n" % (local, remote, os.getpid(), servers[i % SERVERS]))
	connection.shutdown(socket.SHUT_WR)
	connection.recv(1)
	connection.close()

# one in three clients lives for one connection, the others for many
done = 0
while done < ROUNDS:
	children = []
	for client in range(CLIENTS):
		count = min(1 if client % 3 else 20, ROUNDS - done)
		if not count:
			break
		first, done = done, done + count
		pid = os.fork()
		if pid == 0:
			for i in range(count):
				connect(first + i)
			os._exit(0)
		children.append(pid)
	for pid in children:
		os.waitpid(pid, 0)
for pid in servers:
	os.kill(pid, 9)
	os.waitpid(pid, 0)
END

ok "start" start crowd a -i lo --json
crowd() { in_ns a timeout 120 python3 "$dir/crowd.py" >"$dir/truth"; }
ok "a crowd" crowd
stop crowd
is "ends well" "$status $(cat "$dir/crowd.err")" "0 "
is "the books balance" "$(unbalanced crowd)" ""
is "connections" "$(wc -l <"$dir/truth" | tr -d ' ')" 1000

# A flow belongs to the process at its near end: the sender of what goes out, the receiver of what
# comes in.
report crowd '.flows[] | "\(.direction) \(.src_port) \(.dst_port) \(.owner.pid // 0) \(
	.owner_reason // "-")"' >"$dir/flows"
awk '
	# ports that two connections had, one after the other, are one flow of two processes
	NR == FNR {
		if (($1, $2) in client)
			again[$1, $2]
		else
			n++
		client[$1, $2] = $3
		server[$1, $2] = $4
		next
	}
	($2, $3) in again || ($3, $2) in again { next }
	{
		from_client = ($2, $3) in client
		if (!from_client && !(($3, $2) in client))
			next
		sender = from_client ? client[$2, $3] : server[$3, $2]
		receiver = from_client ? server[$2, $3] : client[$3, $2]
		want = $1 == "out" ? sender : receiver
		if ($4 == 0) {
			unnamed++
			reasons[$5]++
		} else if ($4 == want) {
			right++
		} else {
			wrong++
			printf "# wrong: %s, should be %s\n", $0, want
		}
	}
	END {
		printf "# %d rows: %d right, %d wrong, %d not named:", right + wrong + unnamed,
			right, wrong, unnamed
		for (reason in reasons)
			printf " %s %d", reason, reasons[reason]
		printf "\n"
		for (pair in again)
			n--
		printf "%d %d %d %d\n", right, wrong, unnamed, 4 * n
	}' "$dir/truth" "$dir/flows" >"$dir/result"
grep '^#' "$dir/result" | tail -n 12
# shellcheck disable=SC2046 # words
set -- $(tail -n 1 "$dir/result")
is "every flow is there" $(($1 + $2 + $3)) "$4"
is "none is named wrongly" "$2" 0
ok "nearly all are named" [ "$1" -ge $(($4 * 99 / 100)) ]
done_testing
