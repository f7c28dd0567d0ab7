# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes that use sockets on the loopback, for owner.sh.

owner-cast.py FIRST_PORT PLAY...: runs the plays, with ports from the first one on. Each prints what
has to be said of its flows, a line per flow:

    LABEL;PROTO DIRECTION SOURCE_PORT DESTINATION_PORT;OWNER

The owner is an extended regular expression. Of ICMP the type stands in the place of the source port,
and nothing in the other.
"""
import os
import signal
import socket
import struct
import sys
import threading

HOST = "127.0.0.1"
# No port is used twice unless a play wants it, also by processes that know nothing of each other:
# each takes the next one out of a pipe. The kernel chooses above all of them.
N_PORTS = 1000


def name(text, path="/proc/self/comm"):
    with open(path, "w") as comm:
        comm.write(text)


def me():
    with open("/proc/self/comm") as comm:
        return "%d %s" % (os.getpid(), comm.read().strip())


def tell(label, proto, direction, source, destination, owner):
    line = "%s;%s %s %s %s;^%s$\n" % (label, proto, direction, source, destination, owner)
    os.write(1, line.encode())


def tell_end(label, proto, local, remote, owner):
    """Both directions of one end: what it sends and what it receives."""
    tell(label + " sends", proto, "out", local, remote, owner)
    tell(label + " receives", proto, "in", remote, local, owner)


def child(text, play, *arguments):
    pid = os.fork()
    if pid == 0:
        name(text)
        play(*arguments)
        os._exit(0)
    return pid


def wait(*pids):
    for pid in pids:
        if os.waitpid(pid, 0)[1] not in (0, signal.SIGKILL):
            sys.exit("a process of the play failed")


def port_of(sock):
    return sock.getsockname()[1]


def new_port():
    return struct.unpack("=H", os.read(ports, 2))[0]


def tcp():
    sock = socket.socket()
    sock.bind((HOST, new_port()))
    return sock


def listening():
    sock = tcp()
    sock.listen(64)
    return sock


def connected(port):
    sock = tcp()
    sock.connect((HOST, port))
    return sock


def udp(port=None):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((HOST, port or new_port()))
    return sock


def ask(label, port):
    """A TCP client: what it is answered."""
    sock = connected(port)
    tell_end(label, "tcp", port_of(sock), port, me())
    sock.sendall(b"question")
    answer = sock.recv(100)
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)
    return answer


def answer_one(label, listener):
    sock, peer = listener.accept()
    serve(label, sock, peer[1])


def serve(label, sock, remote):
    tell_end(label, "tcp", port_of(sock), remote, me())
    sock.recv(100)
    sock.sendall(b"%d" % os.getpid())
    sock.recv(1)
    sock.close()


def play_plain():
    listener = listening()
    pid = child("plain-client", ask, "a client", port_of(listener))
    answer_one("its server", listener)
    wait(pid)


def play_unaccepted():
    listener = listening()
    pid = child("unaccepted-client", unanswered, port_of(listener), me())
    wait(pid)


def unanswered(port, server):
    sock = connected(port)
    sock.sendall(b"question")
    tell_end("a client that is not accepted", "tcp", port_of(sock), port, me())
    tell_end("who listens, and does not accept", "tcp", port, port_of(sock), server)


def play_forked():
    """The child accepts on a socket that it inherited."""
    listener = listening()
    worker = child("forked-child", answer_one, "a forked child that accepts", listener)
    client = child("forked-client", ask, "its client", port_of(listener))
    wait(worker, client)


def play_handed():
    """The parent accepts, and a child of its own serves that one connection."""
    listener = listening()
    client = child("handed-client", ask, "the client of a child per connection",
                   port_of(listener))
    sock, peer = listener.accept()
    worker = child("handed-child", serve, "a child per connection", sock, peer[1])
    sock.close()
    wait(worker, client)


def play_threads():
    listener = listening()

    def client():
        name("a-thread", "/proc/thread-self/comm")
        ask("a thread", port_of(listener))

    def server():
        name("b-thread", "/proc/thread-self/comm")
        answer_one("another thread", listener)

    threads = [threading.Thread(target=client), threading.Thread(target=server)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def play_udp():
    """Neither end is connected, and the client's port is the kernel's choice."""
    server = udp()
    pid = child("udp-client", udp_ask, "a UDP client", port_of(server))
    peer = server.recvfrom(100)[1]
    server.sendto(b"answer", peer)
    tell_end("a UDP server", "udp", port_of(server), peer[1], me())
    wait(pid)


def udp_ask(label, port, sock=None):
    sock = sock or socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.sendto(b"question", (HOST, port))
    tell_end(label, "udp", port_of(sock), port, me())
    return sock.recv(100)


def play_connected():
    """As resolvers do."""
    server = udp()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((HOST, port_of(server)))
    sock.send(b"question")
    tell("a connected UDP client", "udp", "out", port_of(sock), port_of(server), me())


def play_again():
    """One process has a port after another, which comes when a line does."""
    first, second, port = udp(), udp(), new_port()
    wait(child("again-a", again, "who had a port before", port, port_of(first)))
    sys.stdin.readline()
    wait(child("again-b", again, "who has it after that", port, port_of(second)))


def again(label, port, remote):
    udp(port).sendto(b"x", (HOST, remote))
    tell(label, "udp", "out", port, remote, me())


def play_hurry():
    """The same within one interval, when packets could be of either."""
    sink, port = udp(), new_port()
    for text in "hurry-a", "hurry-b":
        wait(child(text, hurry, port, port_of(sink)))


def hurry(port, remote):
    udp(port).sendto(b"x", (HOST, remote))
    tell("who has a port at once after another", "udp", "out", port, remote,
         "([0-9]+ hurry-(a|b) estimated|%s)" % me())


def shared(kind, port):
    sock = socket.socket(socket.AF_INET, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((HOST, port))
    return sock


def shared_tcp(port, ready):
    listener = shared(socket.SOCK_STREAM, port)
    listener.listen(64)
    os.write(ready, b".")
    while True:
        answer_one("one of two that share a port", listener)


def shared_udp(port, ready):
    sock = shared(socket.SOCK_DGRAM, port)
    os.write(ready, b".")
    while True:
        peer = sock.recvfrom(100)[1]
        sock.sendto(b"%d" % os.getpid(), peer)
        # nobody tells who is to receive it: right, or said not to be sure
        tell_end("one of two that share a UDP port", "udp", port, peer[1],
                 "(%s|[0-9]+ shared-(a|b) estimated)" % me())


def play_shared(server, client):
    """Two processes on one port, until both were asked."""
    port = new_port()
    ready, ready_child = os.pipe()
    pids = [child(text, server, port, ready_child) for text in ("shared-a", "shared-b")]
    for _ in pids:
        os.read(ready, 1)
    asked = set()
    while len(asked) < len(pids):
        asked.add(client("who asks one of two", port))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait(*pids)


def play_shared_tcp():
    play_shared(shared_tcp, ask)


def play_shared_udp():
    play_shared(shared_udp, lambda *asked: udp_ask(*asked, udp()))


def play_ping():
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    body = struct.pack("!HH", os.getpid() & 0xffff, 1)
    checksum = 0xffff - (0x0800 + sum(struct.unpack("!HH", body))) % 0xffff
    sock.sendto(struct.pack("!BBH", 8, 0, checksum) + body, (HOST, 0))
    while sock.recv(100)[20] != 0:
        pass
    tell("who pings", "icmp", "out", "echo-request", "", me())
    tell("who is answered", "icmp", "in", "echo-reply", "", me())
    tell("who is pinged", "icmp", "in", "echo-request", "", "no socket")
    tell("who answers", "icmp", "out", "echo-reply", "", "no socket")


def play_nobody():
    """A port where nobody listens."""
    sock, port = tcp(), new_port()
    if sock.connect_ex((HOST, port)) == 0:
        sys.exit("somebody listens")
    tell_end("who connects to a port where nobody listens", "tcp", port_of(sock), port, me())
    tell_end("a port where nobody listens", "tcp", port, port_of(sock), "no socket")


def play_short():
    """A process that is gone at once, and its children with it."""
    listener = listening()
    pid = os.fork()
    if pid == 0:
        os.execvp("socat", ["socat", "-u", "OPEN:/dev/null",
                            "TCP:%s:%d,bind=:%d" % (HOST, port_of(listener), new_port())])
    sock, peer = listener.accept()
    tell_end("a process of milliseconds", "tcp", peer[1], port_of(listener), "%d socat" % pid)
    sock.recv(1)
    wait(pid)


def play_silent():
    """A socket of UDP that nobody reads from, until a line comes."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", 0))
    print("%d %s" % (port_of(sock), me()), flush=True)
    sys.stdin.readline()


def play_sockets():
    """One of each kind, until a line comes; as tests/owner-tool names them."""
    kept = []

    def keep(kind, family, proto, local, remote=None):
        sock = socket.socket(family, {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM,
                                      "icmp": socket.SOCK_RAW}[proto],
                             socket.IPPROTO_ICMP if proto == "icmp" else 0)
        sock.bind((local, new_port() if proto != "icmp" else 0))
        if kind == "listening":
            sock.listen(1)
        if remote:
            sock.connect(remote)
        kept.append(sock)
        port = 0 if proto == "icmp" else port_of(sock)
        ends = ["%s %d" % end for end in ((local, port), remote) if end]
        print(kind, proto, *ends, me())
        return sock.getsockname()[:2]

    keep("bound", socket.AF_INET, "icmp", "0.0.0.0")
    listener = keep("listening", socket.AF_INET, "tcp", HOST)
    keep("connected", socket.AF_INET, "tcp", HOST, listener)
    listener = keep("listening", socket.AF_INET6, "tcp", "::1")
    keep("connected", socket.AF_INET6, "tcp", "::1", listener)
    keep("bound", socket.AF_INET, "udp", "0.0.0.0")
    peer = keep("bound", socket.AF_INET6, "udp", "::")
    keep("connected", socket.AF_INET6, "udp", "::1", ("::1", peer[1]))
    sys.stdout.flush()
    sys.stdin.readline()


def play_older():
    """Sockets from before pktop, of which some are used when a line comes."""
    listener, silent = listening(), udp()
    sock = connected(port_of(listener))
    accepted = listener.accept()[0]
    print("ready", flush=True)
    sys.stdin.readline()
    sock.sendall(b"x")
    accepted.recv(1)
    tell_end("an older connection that is used", "tcp", port_of(sock), port_of(listener), me())
    # nobody sees who would receive it
    pid = child("newer", udp_tell, port_of(silent), me())
    wait(pid)


def udp_tell(port, owner):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.sendto(b"x", (HOST, port))
    tell("an older socket that is not used", "udp", "in", port_of(sock), port,
         owner + " estimated")


first = int(sys.argv[1])
ports, ports_in = os.pipe()
os.write(ports_in, struct.pack("=%dH" % N_PORTS, *range(first, first + N_PORTS)))
for play in sys.argv[2:]:
    pid = child(play, globals()["play_" + play])
    wait(pid)
