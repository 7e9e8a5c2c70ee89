"""What stands in a request's head, and heads that are known again by their bytes.

A client sends the same head with every request of a connection, but for the length of the body.
Reading it anew is a tenth of a request's cost (docs/performance.md). Only what llhttp has accepted
on the same connection is known again, only where it ended a message before, and only with the whole
body behind it: so llhttp, which tells the same of the same bytes, need not be asked.
"""

import re
from collections.abc import Mapping

from orouter.ids import ulid
from orouter.services.key_secrets import Presented

LONGEST = 4096
"""Bytes of a head that is remembered, for each connection that is used again."""
_MOST_DIGITS = 18
_LENGTH = re.compile(rb"\r\ncontent-length: ?(\d+)\r\n", re.IGNORECASE)
_END = b"\r\n\r\n"
_FRAMING = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
"""Whoever sends one of these is read by the parser each time."""
_REQUEST_ID = re.compile(rb"(?!ork_)[A-Za-z0-9._:-]{1,128}")
"""It is logged and stored, so a key that was put there by mistake is none."""


class Head:
    """A request's head; header names are in lower case, and of a repeated one the last counts.

    ``bearer`` is the API key of the ``Authorization`` header, ``given_id`` the caller's own request
    id if it is a plain one, both empty if there is none. ``encoded``: the body is compressed;
    ``expects``: it comes once the caller is told to go on.
    """

    __slots__ = (
        *("bearer", "encoded", "expects", "given_id", "headers", "keep_alive", "method", "path"),
        "query_string",
    )

    def __init__(
        self,
        method: str,
        path: str,
        headers: Mapping[bytes, bytes],
        query_string: bytes = b"",
        *,
        keep_alive: bool = True,
    ) -> None:
        self.method = method
        self.path = path
        self.headers = headers
        self.query_string = query_string
        self.keep_alive = keep_alive
        scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
        is_bearer = scheme.lower() == b"bearer"
        self.bearer = Presented(key.strip().decode("latin-1") if is_bearer else "")
        self.encoded = headers.get(b"content-encoding", b"").lower() not in (b"", b"identity")
        self.expects = headers.get(b"expect", b"").lower() == b"100-continue"
        self.given_id = plain_request_id(headers.get(b"x-request-id", b""))


class KnownHead:
    """The bytes of a head around the length that it tells."""

    __slots__ = ("_after", "_before", "head")

    def __init__(self, head: Head, before: bytes, after: bytes) -> None:
        self.head = head
        self._before = before
        self._after = after

    def body_in(self, data: bytes) -> bytes | None:
        """The body, if ``data`` is this head with a whole body and nothing else."""
        before, after = self._before, self._after
        if not data.startswith(before):
            return None
        at = len(before)
        end = data.find(b"\r", at, at + _MOST_DIGITS)
        if end < 0 or not data.startswith(after, end):
            return None
        body = data[end + len(after) :]
        digits = data[at:end]
        return body if digits.isdigit() and int(digits) == len(body) else None


def remembered(data: bytes, head: Head) -> KnownHead | None:
    """From the bytes of one whole request and what the parser said of it."""
    end = data.find(_END, 0, LONGEST) + len(_END)
    length = _LENGTH.search(data, 0, end)
    if (
        length is None
        or length[1] != head.headers.get(b"content-length")
        or int(length[1]) != len(data) - end
        or not _FRAMING.isdisjoint(head.headers)
    ):
        return None
    return KnownHead(head, data[: length.start(1)], data[length.end(1) : end])


def plain_request_id(given: bytes) -> str:
    """The caller's own request id if it is a plain one, else nothing."""
    return given.decode() if _REQUEST_ID.fullmatch(given) else ""


def request_id_of(given: bytes) -> str:
    """The caller's own request id if it is a plain one, else a new one."""
    return plain_request_id(given) or "req_" + ulid()
