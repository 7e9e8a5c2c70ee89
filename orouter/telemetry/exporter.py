"""Bringing spans to a collector (OTLP over HTTP, as JSON), from a thread of its own.

Whoever ends a span only appends it. Spans are a help and no record: while the collector is away at
most ``MOST`` of them wait, and what it refuses is gone.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog

from orouter.telemetry.spans import Span

EVERY_S = 2.0
BATCH = 512
MOST = 10_000
TIMEOUT_S = 5.0
_TRANSIENT = frozenset({429, 502, 503, 504})

log = structlog.get_logger(__name__)


class _NoRedirects(HTTPRedirectHandler):
    """The headers are for the collector that was configured."""

    def redirect_request(self, *_: object) -> None:
        return None


class Exporter:
    """``encode`` makes a body of a batch."""

    def __init__(
        self, url: str, headers: Mapping[str, str], encode: Callable[[Sequence[Span]], bytes]
    ) -> None:
        self.dropped = 0
        self._url = url
        self._headers = {"content-type": "application/json", **headers}
        self._encode = encode
        self._open = build_opener(_NoRedirects()).open
        self._spans: deque[Span] = deque()
        self._away = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spans", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def add(self, span: Span) -> None:
        """One that has ended. Any thread may call."""
        if len(self._spans) >= MOST:
            self.dropped += 1
            return
        self._spans.append(span)

    def stop(self) -> None:
        """Send what is left, if the collector takes it at once."""
        self._stopping.set()
        self._thread.join(2 * TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            self._send_all()
        self._send_all()

    def _send_all(self) -> None:
        while self._spans:
            batch = [self._spans.popleft() for _ in range(min(BATCH, len(self._spans)))]
            if not self._send(batch):
                self._spans.extendleft(reversed(batch))
                return

    def _send(self, batch: Sequence[Span]) -> bool:
        """Whether that is done with; else it is worth another try."""
        request = Request(self._url, self._encode(batch), self._headers)  # noqa: S310 - settings allow http and https only
        try:
            with self._open(request, timeout=TIMEOUT_S):
                pass
        except HTTPError as error:
            error.close()
            if error.code not in _TRANSIENT:
                log.error("spans_refused", count=len(batch), status=error.code)  # noqa: TRY400 - the status is enough
                return True
            return self._failed(str(error.code))
        except OSError as error:
            return self._failed(type(error).__name__)
        if self._away:
            log.info("collector_answers", spans_dropped=self.dropped)
        self._away = False
        return True

    def _failed(self, reason: str) -> bool:
        if not self._away:
            log.warning("collector_does_not_answer", reason=reason)
        self._away = True
        return False
