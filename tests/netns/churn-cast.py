# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers, and clients that come and go, for churn.sh.

churn-cast.py serve CERTIFICATE KEY: DNS, HTTP and TLS, each on its port.
churn-cast.py query ADDRESS COUNT: so many queries of DNS.
churn-cast.py ask ADDRESS SECONDS: process after process asks each of the servers some times. Prints
how often each was asked. Names come again, so that what is kept of them has an end.
"""
import functools
import os
import socket
import ssl
import struct
import sys
import threading
import time

ROUNDS = 20  # of one process
NAMES = 100
PACE_S = 0.1  # a process at a time
DNS, HTTP, TLS = 53, 80, 443


def serve_dns():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", DNS))
    while True:
        query, peer = sock.recvfrom(512)
        answer = b"\xc0\x0c" + struct.pack("!HHIH4B", 1, 1, 60, 4, 192, 0, 2, 7)
        sock.sendto(query[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0) + query[12:] + answer, peer)


def listening(port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", port))
    sock.listen(64)
    return sock


def serve_http(listener):
    while True:
        with listener.accept()[0] as sock:
            sock.recv(4096)
            sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")


def serve_tls(listener, context):
    while True:
        try:
            with context.wrap_socket(listener.accept()[0], server_side=True) as sock:
                sock.recv(1)
        except ConnectionResetError:
            pass  # who asked did not read the tickets


def serve(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    for target in (serve_dns,), (serve_http, listening(HTTP)), (serve_tls, listening(TLS), context):
        threading.Thread(target=target[0], args=target[1:]).start()


def ask_dns(address, number):
    name = b"\x08%08d\x05churn\x07example\0" % number
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(20)
        sock.connect((address, DNS))
        sock.send(struct.pack("!6H", number % 65536, 0x100, 1, 0, 0, 0) + name + b"\0\1\0\1")
        sock.recv(512)


def ask_http(address, number):
    with socket.create_connection((address, HTTP), 20) as sock:
        sock.sendall(b"GET /%08d HTTP/1.1\r\nHost: churn.example\r\n\r\n" % number)
        answer = b""
        while part := sock.recv(4096):
            answer += part
        if not answer.endswith(b"hello"):
            sys.exit("the answer was cut short")


def ask_tls(context, address, number):
    with socket.create_connection((address, TLS), 20) as sock:
        context.wrap_socket(sock, server_hostname="%08d.churn.example" % number).close()


def ask_all(context, address, first):
    for number in range(first, first + ROUNDS):
        for play in ask_dns, ask_http, functools.partial(ask_tls, context):
            play(address, number % NAMES)


def ask(address, seconds):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        pid = os.fork()
        if pid == 0:
            ask_all(context, address, n)
            os._exit(0)
        time.sleep(PACE_S)
        if os.waitpid(pid, 0)[1] != 0:
            sys.exit("a client failed")
        n += ROUNDS
    print(n)


if sys.argv[1] == "serve":
    serve(*sys.argv[2:])
elif sys.argv[1] == "query":
    for number in range(int(sys.argv[3])):
        ask_dns(sys.argv[2], number % NAMES)
else:
    ask(sys.argv[2], float(sys.argv[3]))
