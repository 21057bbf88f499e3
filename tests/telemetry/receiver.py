"""An OTLP receiver over HTTP: prints its port, then writes each body that comes to a file, in hex, a line each."""

import gzip
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

FILE = Path(sys.argv[1])


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        known = self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
        with FILE.open("a") as file:
            file.write(body.hex() + "\n")
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


FILE.touch()
server = HTTPServer(("127.0.0.1", 0), Taking)
print(server.server_port, flush=True)
server.serve_forever()
