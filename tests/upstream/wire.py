"""A provider's end of the wire, scripted byte by byte, and certificates made for it."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from orouter.upstream.client import HttpCall

OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"
HELLO = OK + b"content-length: 5\r\n\r\nhello"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


@dataclass
class Peer:
    """One connection that a client opened."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    requests: list[bytes] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def request(self) -> bytes:
        """A whole request."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if b"content-length" in line.lower())
        self.requests.append(head + await self.reader.readexactly(int(length.split(b":")[1])))
        return self.requests[-1]

    async def send(self, *blocks: bytes, pause: float = 0.0) -> None:
        for block in blocks:
            self.writer.write(block)
            await self.writer.drain()
            await asyncio.sleep(pause)

    async def hung_up(self) -> None:
        """Until the client closes the connection."""
        while await self.reader.read(1 << 16):
            pass

    def reset(self) -> None:
        self.writer.transport.abort()


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Wire:
    port: int
    peers: list[Peer] = field(default_factory=list)

    def call(self, body: bytes = b"{}", *, timeout_s: float = 5.0, **changed: object) -> HttpCall:
        fields = {
            "url": f"http://127.0.0.1:{self.port}/v1/chat/completions?a=b",
            "headers": {"content-type": "application/json", "authorization": "Bearer sk-1"},
            "connect_timeout_s": 5.0,
            **changed,
        }
        return HttpCall(body=body, answer_timeout_s=timeout_s, **fields)

    @property
    def secure(self) -> str:
        return f"https://localhost:{self.port}/"


@asynccontextmanager
async def serving(
    script: Script, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Wire]:
    """Plays ``script`` on each connection, then closes it."""
    wire = Wire(0)
    tasks = set()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        wire.peers.append(peer)
        tasks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await script(peer)
        writer.transport.close()
        peer.gone.set()

    server = await asyncio.start_server(play, host, 0, ssl=tls, backlog=1024)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answering(*blocks: bytes, pause: float = 0.0) -> Script:
    """Each request gets these bytes."""

    async def script(peer: Peer) -> None:
        while True:
            await peer.request()
            await peer.send(*blocks, pause=pause)

    return script


def answering_once(*blocks: bytes, pause: float = 0.0) -> Script:
    """One request gets these bytes; then the connection ends."""

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(*blocks, pause=pause)

    return script


class Authority:
    """A certificate authority of our own; ``trust`` is a client's context that believes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test authority")])
        root = self._certificate(self._name, self._key.public_key(), days=1)
        self._root = root.add_extension(x509.BasicConstraints(True, None), critical=True).sign(
            self._key, hashes.SHA256()
        )

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(
            cadata=self._root.public_bytes(serialization.Encoding.PEM).decode()
        )

    def server(self, name: str = "localhost", days: int = 1) -> ssl.SSLContext:
        """A server's context for ``name``; ``days`` until it expires, negative if it has."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        names = x509.SubjectAlternativeName(
            [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
        )
        built = self._certificate(subject, key.public_key(), days)
        certificate = built.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        path = self._folder / f"{name}{days}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=9))
            .not_valid_after(now + dt.timedelta(days=days))
        )
