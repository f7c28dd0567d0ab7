# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that records are posted to: it answers with the status in the file "status", and with a
second number there asks to be left alone for so many seconds. Each request takes a line of that
file, but leaves the last one.

What has more records, or more bytes, than the numbers in the file "most" is refused with 413; with
a third word there before it was read, as RFC 9110, 15.5.14 allows.

Writes its port to the file "port", what it accepted to "got", a record a line, and each request to
"requests". With arguments, a certificate and a key, it speaks TLS.
"""
import http.server
import json
import os
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def most(self):
        if not os.path.exists("most"):
            return [sys.maxsize, sys.maxsize]
        with open("most", encoding="ascii") as file:
            records, size, *unread = file.read().split()
        return [int(records), int(size), *unread]

    def status(self):
        with open("status", encoding="ascii") as file:
            line, *rest = file.readlines()
        if rest:
            with open("status", "w", encoding="ascii") as file:
                file.writelines(rest)
        return map(int, line.split())

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        most_records, most_bytes, *unread = self.most()
        after = []
        if unread and size > most_bytes:
            self.close_connection = True
            status = 413
        else:
            body = self.rfile.read(size)
            if len(json.loads(body)) > most_records or size > most_bytes:
                status = 413
            else:
                status, *after = self.status()
        if status == 200:
            with open("got", "a", encoding="utf-8") as file:
                for record in json.loads(body):
                    file.write(json.dumps(record) + "\n")
        with open("requests", "a", encoding="utf-8") as file:
            print(self.path, status, self.headers["Content-Type"],
                  self.headers["Authorization"], file=file)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if after:
            self.send_header("Retry-After", str(after[0]))
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open("port.new", "w", encoding="ascii") as port:
    print(server.server_address[1], file=port)
os.rename("port.new", "port")
server.serve_forever()
