# SPDX-License-Identifier: GPL-2.0-or-later
"""A server of HTTP/1.1 on a port of any address: connections are kept, /chunks comes in chunks.

Arguments: the port, and a file that gets what is posted.
"""
import http.server
import socket
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "session=secret")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
        elif self.path == "/large":
            self.answer(200, b"x" * 1000000)
        elif self.path == "/switch":
            self.send_response(101)
            self.send_header("Connection", "Upgrade")
            self.send_header("Upgrade", "words")
            self.end_headers()
            self.wfile.write(b"HTTP/1.1 204 is no answer any more\r\n\r\n")
            self.close_connection = True
        elif self.path.startswith("/ok"):
            self.answer(200, b"hello")
        else:
            self.answer(404, b"nothing")

    do_PROPFIND = do_GET

    def do_CONNECT(self):
        """Goes on as the server at the other end of the tunnel."""
        if self.path.startswith("refused"):
            self.answer(403, b"no")
        else:
            self.send_response(200)
            self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(sys.argv) > 2:
            with open(sys.argv[2], "ab") as file:
                file.write(body)
        self.answer(201, body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


Server(("::", int(sys.argv[1])), Handler).serve_forever()
