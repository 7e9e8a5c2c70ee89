"""A provider that lists its models, on a real socket, for tests of ``model sync`` and the like."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD_KEY = "sk-good-0123456789"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        sent = "".join(str(value) for value in self.headers.values())
        listed = {"data": [{"id": "gpt-4o"}, {"id": "gpt-9"}, {"id": "gpt-4o-2024-05-13"}]}
        refused = {"error": {"message": f"Incorrect API key provided: {sent}"}}
        good = GOOD_KEY in sent
        body = json.dumps(listed if good else refused).encode()
        self.send_response(200 if good else 401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


@contextmanager
def listing_provider() -> Iterator[str]:
    """The address of a provider that knows ``GOOD_KEY`` and three models, two of them known."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
