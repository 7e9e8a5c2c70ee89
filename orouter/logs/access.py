"""One line per request for a few microseconds: no logger, no lock, a thread writes in batches."""

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from orouter.logs.redaction import redact_short

Sink = Callable[[bytes], None]

_EVERY_S = 0.25
_BATCH = 512
_MOST = 200_000
"""Lines in memory when nothing can be written; more are dropped and counted."""


class AccessRecord(Struct, kw_only=True, omit_defaults=True, gc=False):
    """What an access line tells. ``time_us``: since the epoch; durations in microseconds."""

    time_us: int
    request_id: str
    method: str
    path: str
    """Without the query string."""
    status: int
    latency_us: int
    org_id: str = ""
    key_id: str = ""
    model: str = ""
    provider: str = ""
    code: str = ""
    """The error code of the answer; empty for success."""
    ttft_us: int | None = None
    """Time to the first byte of a stream."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    stream: bool = False
    attempts: int = 0


class AccessLog:
    """Lines kept in memory for at most a quarter of a second, and written out by ``close``.

    ``file`` and ``console`` take finished lines; ``for_people`` makes the console's short ones
    instead of JSON. Any thread may write.
    """

    def __init__(
        self, file: Sink | None = None, console: Sink | None = None, *, for_people: bool = False
    ) -> None:
        self.enabled = True
        self.dropped = 0
        self._file = file
        self._console = console
        self._for_people = for_people
        self._records: deque[AccessRecord] = deque()
        self._encode = msgspec.json.Encoder().encode
        self._second = 0
        self._prefix = b""
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def write(self, record: AccessRecord) -> None:
        """Takes the record over: do not change it afterwards."""
        if not self.enabled:
            return
        records = self._records
        if len(records) >= _MOST:
            self.dropped += 1
            return
        records.append(record)
        if self._thread is None or self._closed:
            self._start()
        elif len(records) == _BATCH:
            self._wake.set()

    def flush(self) -> None:
        """Writes out what is there."""
        with self._writing:
            while self._records:
                count = min(len(self._records), _BATCH)
                self._put([self._records.popleft() for _ in range(count)])

    def close(self) -> None:
        """Writes out everything and ends the thread; later records are written at once."""
        self._closed = True
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        self.flush()

    def _start(self) -> None:
        if self._closed:
            self.flush()
            return
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(_EVERY_S)
            self._wake.clear()
            self.flush()

    def _put(self, records: list[AccessRecord]) -> None:
        json = b"".join(map(self._json, records)) if self._needs_json() else b""
        if self._file is not None:
            self._file(json)
        if self._console is not None:
            self._console("".join(map(short_line, records)).encode() if self._for_people else json)

    def _needs_json(self) -> bool:
        return self._file is not None or not self._for_people

    def _json(self, record: AccessRecord) -> bytes:
        """The line that the JSON log has for any event, without building the event."""
        record.model = redact_short(record.model)
        record.path = redact_short(record.path)
        second, micros = divmod(record.time_us, 1_000_000)
        if second != self._second:
            moment = datetime.fromtimestamp(second, UTC)
            self._prefix = moment.strftime('{"timestamp":"%Y-%m-%dT%H:%M:%S.').encode()
            self._second = second
        rest = self._encode(record)[1:]
        return b'%b%06dZ","level":"info","event":"request",%b\n' % (self._prefix, micros, rest)


def short_line(record: AccessRecord) -> str:
    """The line for a person: when, what, how it ended, how long, for whom, how much."""
    clock = time.strftime("%H:%M:%S", time.localtime(record.time_us // 1_000_000))
    path = redact_short(record.path).encode("unicode_escape").decode()
    model = redact_short(record.model).encode("unicode_escape").decode()
    parts = [clock, record.method, path, str(record.status), f"{record.latency_us / 1000:.1f} ms"]
    parts += [part for part in (record.code, model, record.key_id) if part]
    if record.prompt_tokens or record.completion_tokens:
        parts.append(f"{record.prompt_tokens}+{record.completion_tokens} tokens")
    return " ".join(parts) + "\n"
