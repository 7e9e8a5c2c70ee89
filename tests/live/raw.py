"""Bytes as they are: a caller and a provider that keep to no rule of HTTP."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket], None]
"""What a provider does with a connection once the whole request has been read."""


def connect(port: int, timeout: float = 5.0) -> socket.socket:
    """A connection to this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout)


def exchange(port: int, *pieces: bytes) -> bytes:
    """Sends the pieces; what comes back until the other side closes or resets."""
    answer = b""
    with connect(port) as caller:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                caller.sendall(piece)
        with contextlib.suppress(ConnectionError):
            while block := caller.recv(65536):
                answer += block
    return answer


def says(*blocks: bytes) -> Script:
    """Writes the blocks and closes."""

    def script(connection: socket.socket) -> None:
        for block in blocks:
            connection.sendall(block)

    return script


def repeats(*blocks: bytes) -> Script:
    """Writes the blocks, the last one again and again, until nobody takes it."""

    def script(connection: socket.socket) -> None:
        says(*blocks)(connection)
        while True:
            connection.sendall(blocks[-1])

    return script


def stalls(*blocks: bytes) -> Script:
    """Writes the blocks and then nothing, until the other side closes."""

    def script(connection: socket.socket) -> None:
        says(*blocks)(connection)
        while connection.recv(65536):
            pass

    return script


class RawProvider:
    """A provider that answers every request with ``script``; ``left`` is when it was left alone."""

    def __init__(self) -> None:
        self.script: Script = says()
        self.asked = 0
        self.left = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def plays(self, script: Script) -> None:
        """From now on; forgets who asked before."""
        self.script, self.asked = script, 0
        self.left.clear()

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            for connection in self._connections():
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _connections(self) -> Iterator[socket.socket]:
        while True:
            yield self._listener.accept()[0]

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(20)
            _read_request(connection)
            self.asked += 1
            self.script(connection)
        self.left.set()


def _read_request(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if b"content-length" in line)
    missing = int(length.partition(b":")[2]) - len(body)
    while missing > 0:
        missing -= len(_some(connection))


def _some(connection: socket.socket) -> bytes:
    block = connection.recv(65536)
    if not block:
        raise ConnectionResetError("the other side closed before its request was whole")
    return block


def until(condition: Callable[[], bool], seconds: float = 3.0) -> bool:
    """True as soon as the condition holds, False if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
