# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes that connect, accept and close, for conns.sh.

conn-cast.py PLAY...: runs the plays. Each prints what has to be told of the connections that it
made, a line per end:

    LABEL;DIRECTION PROTO SOURCE_PORT DESTINATION_PORT;EVENTS

Ports are those of who began. The events are one extended regular expression for all of that end in
their order, separated by ", ": type, error or -, octets sent/received or -, owner; those of
another socket with the same ends follow after a comma. Addresses stand before the ports where a
play is about them.
"""
import array
import ctypes
import mmap
import os
import select
import signal
import socket
import struct
import sys

HOST = "127.0.0.1"


def me():
    with open("/proc/self/comm") as comm:
        return "%d %s" % (os.getpid(), comm.read().strip())


def tell(label, direction, proto, source, destination, *events):
    line = "%s;%s %s %s %s;^%s$\n" % (label, direction, proto, source, destination,
                                      ", ".join(events))
    os.write(1, line.encode())


def child(text, play, *arguments):
    pid = os.fork()
    if pid == 0:
        with open("/proc/self/comm", "w") as comm:
            comm.write(text)
        play(*arguments)
        os._exit(0)
    return pid


def wait(*pids):
    for pid in pids:
        status = os.waitpid(pid, 0)[1]
        if status not in (0, signal.SIGKILL):
            sys.exit(os.waitstatus_to_exitcode(status))


def port_of(sock):
    return sock.getsockname()[1]


def listening(host=HOST, family=socket.AF_INET):
    sock = socket.socket(family)
    sock.bind((host, 0))
    sock.listen(1024)
    return sock


def end(label, direction, ports, error, octets, who, closes=None):
    """One end of a connection that came to be: closes is who closes it, if somebody else."""
    began = "connect" if direction == "out" else "accept"
    tell(label, direction, "tcp", *ports, "%s - - %s" % (began, who),
         "close %s %s %s" % (error, octets, closes or who))


def read_all(sock):
    n = 0
    while True:
        data = sock.recv(65536)
        if not data:
            return n
        n += len(data)


def ask(label, address, family=socket.AF_INET, said=b"question", n_answer=6):
    """A client, until the server closes."""
    sock = socket.socket(family)
    sock.connect(address)
    ports = port_of(sock), address[1]
    sock.sendall(said)
    sock.shutdown(socket.SHUT_WR)
    if read_all(sock) != n_answer:
        sys.exit("the answer was cut short")
    sock.close()
    end(label, "out", ports, "-", "%d/%d" % (len(said), n_answer), me())


def serve(sock, answer=b"answer"):
    n = read_all(sock)
    sock.sendall(answer)
    sock.close()
    return "%d/%d" % (len(answer), n)


def answer_one(label, listener, accept=socket.socket.accept, answer=b"answer"):
    sock, peer = accept(listener)
    octets = serve(sock, answer)
    end(label, "in", (peer[1], port_of(listener)), "-", octets, me())


def play_plain():
    listener = listening()
    pid = child("plain-client", ask, "a client", listener.getsockname())
    answer_one("its server", listener)
    wait(pid)


def play_much():
    listener = listening()
    pid = child("much-client", ask, "who is sent much", listener.getsockname(), socket.AF_INET,
                b"q" * 300000, 5000000)
    answer_one("who sends much", listener, answer=b"a" * 5000000)
    wait(pid)


def play_ipv6():
    listener = listening("::1", socket.AF_INET6)
    pid = child("six-client", ask, "a client of IPv6", listener.getsockname()[:2], socket.AF_INET6)
    answer_one("its server of IPv6", listener)
    wait(pid)


def play_mapped():
    """Sockets of IPv6 that speak IPv4: addresses are those of IPv4."""
    listener = listening("::", socket.AF_INET6)
    port = port_of(listener)
    pid = child("mapped-client", mapped_ask, port)
    sock, peer = listener.accept()
    octets = serve(sock)
    tell("a server of IPv6 that speaks IPv4", "in", "tcp", "127.0.0.1 %d" % peer[1],
         "127.0.0.1 %d" % port, "accept - - " + me(), "close - %s %s" % (octets, me()))
    wait(pid)


def mapped_ask(port):
    sock = socket.socket(socket.AF_INET6)
    sock.connect(("::ffff:127.0.0.1", port))
    source = port_of(sock)
    sock.sendall(b"question")
    sock.shutdown(socket.SHUT_WR)
    read_all(sock)
    sock.close()
    tell("a client of IPv6 that speaks IPv4", "out", "tcp", "127.0.0.1 %d" % source,
         "127.0.0.1 %d" % port, "connect - - " + me(), "close - 8/6 " + me())


def accept_null(listener):
    """accept(2) that does not ask who it is."""
    libc = ctypes.CDLL(None, use_errno=True)
    sock = socket.socket(fileno=libc.accept(listener.fileno(), None, None))
    return sock, sock.getpeername()


def play_accept():
    listener = listening()
    pid = child("accept-client", ask, "the client of accept", listener.getsockname())
    answer_one("accept without an address", listener, accept_null)
    wait(pid)


class Ring:
    """io_uring(7), for one request at a time."""
    SETUP, ENTER = 425, 426  # numbers of the calls, on all architectures
    SQ, CQ, SQES = 0, 0x8000000, 0x10000000  # what is mapped
    GETEVENTS, ACCEPT = 1, 13

    def __init__(self):
        self.call = ctypes.CDLL(None, use_errno=True).syscall
        params = ctypes.create_string_buffer(120)
        self.fd = self.call(self.SETUP, 1, params)
        if self.fd < 0:
            sys.exit(77)  # not here
        words = struct.unpack("=30I", params.raw)
        _, self.sq_tail, _, _, _, _, array_offset = words[10:17]
        self.cq_head, _, _, _, _, self.cqes = words[20:26]
        self.sq, self.cq, self.sqes = (mmap.mmap(self.fd, mmap.PAGESIZE, offset=offset)
                                       for offset in (self.SQ, self.CQ, self.SQES))
        self.sq[array_offset:array_offset + 4] = bytes(4)

    def accept(self, listener):
        self.sqes[:64] = struct.pack("=BBHi56x", self.ACCEPT, 0, 0, listener.fileno())
        self.sq[self.sq_tail:self.sq_tail + 4] = struct.pack("=I", 1)
        self.call(self.ENTER, self.fd, 1, 1, self.GETEVENTS, None, 0)
        result = struct.unpack_from("=i", self.cq, self.cqes + 8)[0]
        if result < 0:
            sys.exit("io_uring: " + os.strerror(-result))
        sock = socket.socket(fileno=result)
        return sock, sock.getpeername()


def play_uring():
    listener = listening()
    pid = child("uring-client", ask, "the client of io_uring", listener.getsockname())
    answer_one("what io_uring accepts", listener, Ring().accept)
    wait(pid)
    pid = child("uring-client", idle_ask, listener.getsockname())
    sock, peer = Ring().accept(listener)
    sock.close()
    end("what io_uring accepts, and nobody uses", "in", (peer[1], port_of(listener)), "-", "0/0",
        me())
    wait(pid)


def play_idle():
    """What is accepted and closed, and not used in between."""
    listener = listening()
    pid = child("idle-client", idle_ask, listener.getsockname())
    sock, peer = listener.accept()
    sock.close()
    end("a server that reads nothing", "in", (peer[1], port_of(listener)), "-", "0/0", me())
    wait(pid)


def idle_ask(address):
    sock = socket.socket()
    sock.connect(address)
    ports = port_of(sock), address[1]
    read_all(sock)
    sock.close()
    end("its client", "out", ports, "-", "0/0", me())


def play_unaccepted():
    """Nobody accepts before all of it is over: it is told of who listens."""
    listener = listening()
    sock = socket.socket()
    sock.connect(listener.getsockname())
    ports = port_of(sock), port_of(listener)
    sock.sendall(b"question")
    listener.close()
    try:
        read_all(sock)
    except ConnectionResetError:
        pass
    sock.close()
    end("a client that is not accepted", "out", ports, "ECONNRESET", "8/0", me())
    end("who listens, and does not accept", "in", ports, "-", "0/8", me() + " estimated")


def play_forked():
    """The child accepts on a socket that it inherited."""
    listener = listening()
    worker = child("forked-child", answer_one, "a forked child that accepts", listener)
    client = child("forked-client", ask, "its client", listener.getsockname())
    wait(worker, client)


def play_inherited():
    """The parent accepts, and a child of its own serves that one connection."""
    listener = listening()
    client = child("inherit-client", ask, "the client of a child per connection",
                   listener.getsockname())
    sock, peer = listener.accept()
    worker = child("inherit-child", serve, sock)
    sock.close()
    wait(worker, client)
    end("a child per connection", "in", (peer[1], port_of(listener)), "-", "6/8", me(),
        "%d inherit-child" % worker)


def play_handed():
    """A connection that goes to another process over a Unix socket."""
    listener = listening()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    worker = child("handed-worker", handed_serve, theirs)
    client = child("handed-client", ask, "the client of a handed socket", listener.getsockname())
    sock, peer = listener.accept()
    ours.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                           array.array("i", [sock.fileno()]))])
    sock.close()
    wait(worker, client)
    end("a handed socket", "in", (peer[1], port_of(listener)), "-", "6/8", me(),
        "%d handed-worker" % worker)


def handed_serve(unix):
    _, rights, _, _ = unix.recvmsg(1, socket.CMSG_SPACE(4))
    serve(socket.socket(fileno=struct.unpack("i", rights[0][2])[0]))


def play_exec():
    """A server that becomes another program with the connection in its hands, as inetd does."""
    listener = listening()
    client = child("exec-client", ask, "the client of an inetd", listener.getsockname(),
                   socket.AF_INET, b"question", 8)
    worker = os.fork()
    if worker == 0:
        sock, _ = listener.accept()
        os.dup2(sock.fileno(), 0)
        os.dup2(sock.fileno(), 1)
        os.execvp("cat", ["cat"])
    wait(worker, client)
    tell("a program that was run by an inetd", "in", "tcp", "[0-9]+", port_of(listener),
         "accept - - %d [a-z-]+" % worker, "close - 8/8 %d cat" % worker)


def play_shared():
    """Two processes on one port: each is named for what it accepts."""
    first = socket.socket()
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    first.bind((HOST, 0))
    port = port_of(first)
    ready, ready_child = os.pipe()
    pids = [child(text, shared_serve, port, ready_child) for text in ("shared-a", "shared-b")]
    for _ in pids:
        os.read(ready, 1)
    asked = set()
    while len(asked) < len(pids):
        sock = socket.create_connection((HOST, port))
        ports = port_of(sock), port
        sock.shutdown(socket.SHUT_WR)
        answer = sock.recv(100).decode()
        sock.close()
        if answer in asked:
            continue  # nobody says which of the two it will be
        asked.add(answer)
        end("one of two on a port", "in", ports, "-", "%d/0" % len(answer), answer)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait(*pids)


def shared_serve(port, ready):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((HOST, port))
    listener.listen(64)
    os.write(ready, b".")
    while True:
        serve(listener.accept()[0], me().encode())


def play_reset():
    listener = listening()
    accepted, accept = os.pipe()
    pid = child("reset-client", reset_ask, listener.getsockname(), accepted)
    sock, peer = listener.accept()
    os.write(accept, b"!")
    try:
        read_all(sock)
    except ConnectionResetError:
        pass
    sock.close()
    end("who is reset", "in", (peer[1], port_of(listener)), "ECONNRESET", "0/0", me())
    wait(pid)


def reset_ask(address, accepted):
    sock = socket.socket()
    sock.connect(address)
    ports = port_of(sock), address[1]
    os.read(accepted, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    end("who resets", "out", ports, "-", "0/0", me())


def fails(label, address, error, source="[0-9]+"):
    tell(label, "out", "tcp", source, address[1], "connect %s - %s" % (error, me()))


def nobody():
    """A port of the loopback where nobody listens: bound, so that nobody else gets it."""
    sock = socket.socket()
    sock.bind((HOST, 0))
    return sock


def play_refused():
    kept = nobody()
    address = kept.getsockname()
    socket.socket().connect_ex(address)
    fails("a port where nobody listens", address, "ECONNREFUSED")


def play_nonblocking():
    """connect() that returns at once, refused and not."""
    kept, listener = nobody(), listening()
    for address in kept.getsockname(), listener.getsockname():
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(address)
        select.select([], [sock], [])
        if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            fails("refused without waiting", address, "ECONNREFUSED")
            continue
        ports = port_of(sock), address[1]
        accepted = listener.accept()[0]
        accepted.close()
        select.select([sock], [], [])
        sock.close()
        end("connected without waiting", "out", ports, "-", "0/0", me())
        end("its server", "in", ports, "-", "0/0", me())


def play_unreachable():
    address = ("203.0.113.1", 1)
    socket.socket().connect_ex(address)
    fails("no route", address, "ENETUNREACH", "null")
    for net, error in ("198.51.100.1", "EINVAL"), ("198.51.100.2", "EHOSTUNREACH"), \
            ("198.51.100.3", "EACCES"):
        address = (net, 2 + int(net[-1]))
        socket.socket().connect_ex(address)
        fails("a route that refuses", address, error, "null")


def play_taken():
    """Both ends are those of another connection."""
    listener = listening()
    first = socket.socket()
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    first.bind((HOST, 0))
    second = socket.socket()
    second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    second.bind(first.getsockname())
    first.connect(listener.getsockname())
    second.connect_ex(listener.getsockname())
    ports = port_of(first), port_of(listener)
    accepted = listener.accept()[0]
    accepted.close()
    read_all(first)
    first.close()
    tell("ends that another socket has", "out", "tcp", *ports, "connect - - " + me(),
         "close - 0/0 %s,connect EADDRNOTAVAIL - %s" % (me(), me()))


def play_silent():
    """Nobody answers: the process gives up, or the kernel does."""
    host = "10.9.1.99"
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex((host, 3))
    sock.close()
    fails("who does not wait", (host, 3), "ECANCELED")
    sock = socket.socket()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
    sock.connect_ex((host, 4))
    fails("who is not answered", (host, 4), "ETIMEDOUT")


def play_udp():
    """Unconnected ones: each far end once. The server has a port of its own."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((HOST, 0))
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(3):
        client.sendto(b"question", server.getsockname())
        server.sendto(b"answer", server.recvfrom(100)[1])
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind((HOST, 0))
    server.sendto(b"answer", other.getsockname())
    tell("a UDP client", "out", "udp", port_of(client), port_of(server), "open - - " + me())
    tell("its server", "out", "udp", port_of(server), port_of(client), "open - - " + me())
    tell("another port of the same client", "out", "udp", port_of(server), port_of(other), "")


def play_udp_connected():
    """As resolvers do; one that sends nothing is not told of."""
    for family, host in (socket.AF_INET, HOST), (socket.AF_INET6, "::1"):
        server = socket.socket(family, socket.SOCK_DGRAM)
        server.bind((host, 0))
        client, mute = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
        client.connect(server.getsockname())
        mute.connect(server.getsockname())
        for _ in range(3):
            client.send(b"question")
        tell("a connected UDP client", "out", "udp", port_of(client), port_of(server),
             "open - - " + me())
        tell("a connected UDP socket that is silent", "out", "udp", port_of(mute),
             port_of(server), "")


def play_many():
    """A thousand short ones, one after another; how many there were is for conns.sh to count."""
    listener = listening()
    pid = child("many-server", many_serve, listener)
    for _ in range(1000):
        sock = socket.create_connection(listener.getsockname())
        read_all(sock)
        sock.close()
    wait(pid)


def many_serve(listener):
    for _ in range(1000):
        listener.accept()[0].close()


def play_older():
    """A connection from before pktop, closed when a line comes."""
    listener = listening()
    sock = socket.create_connection(listener.getsockname())
    ports = port_of(sock), port_of(listener)
    accepted = listener.accept()[0]
    sock.sendall(b"question")
    print("ready", flush=True)
    sys.stdin.readline()
    accepted.recv(100)
    accepted.close()
    read_all(sock)
    sock.close()
    tell("an older connection", "null", "tcp", *ports, "close - 8/0 " + me())
    tell("its other end", "null", "tcp", *reversed(ports), "close - 0/8 " + me())


for play in sys.argv[1:]:
    pid = child(play, globals()["play_" + play])
    wait(pid)
