# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that records are posted to: it answers with the status in the file "status", and with a
second number there asks to be left alone for so many seconds.

Writes its port to the file "port", what it accepted to "got", a record a line, and each request to
"requests". With arguments, a certificate and a key, it speaks TLS.
"""
import http.server
import json
import os
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("status", encoding="ascii") as file:
            status, *after = map(int, file.read().split())
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
