"""What one writer has written, in batches: settlements, and the intents that died without one.

A position is only moved past an intent once its settlement is in the same batch or an earlier one.
Reading again from any position that was stored finds records twice, never too few; the database
knows requests by their id and takes each once.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from orouter.logs import get_logger
from orouter.usage.records import Intent, Settlement
from orouter.usage.segments import HEAD, MAGIC, MAX_BODY, Found, Writer, read_intent, scan

BATCH = 500
_CHUNK = 2 * MAX_BODY

log = get_logger(__name__)


class Batch(NamedTuple):
    """Settlements to store in one transaction, together with how far that brings each segment.

    ``finished`` may be removed once the transaction is committed; ``corrupt`` counts the damaged
    places that were met.
    """

    settlements: list[Settlement]
    positions: dict[str, int]
    finished: list[Path]
    corrupt: int = 0

    def __bool__(self) -> bool:
        return bool(self.settlements or self.positions or self.finished)


class _Segment:
    """How far one segment was read, and which of its intents are open.

    Of those, where the frame that holds them begins and ends.
    """

    def __init__(self, path: Path, position: int | None) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDONLY)
        known = os.pread(self.descriptor, len(HEAD), 0) == HEAD
        self.position = position or (len(HEAD) if known else 0)
        self.open: dict[str, tuple[int, int]] = {}
        self.ended = False

    def stretches(self, *, final: bool) -> Iterator[Found]:
        """What follows the position, which moves along; `ended` says that nothing can follow."""
        while True:
            base = self.position
            data = os.pread(self.descriptor, _CHUNK, base)
            last = len(data) < _CHUNK
            for found in scan(data, final=final and last, base=base):
                self.position = found.end
                yield found
            if self.position > base:
                continue
            if last or not final:
                self.ended = final
                return
            self.position = base + _CHUNK - len(MAGIC)
            yield Found((), base, self.position)

    def set_aside(self, start: int, end: int) -> bool:
        """Keep bytes that cannot be read in a file of their own, unless they are all zeros."""
        data = self.bytes_of(start, end)
        if not data.strip(b"\0"):
            return False
        kept = self.path.with_name(f"{self.path.name}.{start}.corrupt")
        kept.write_bytes(data)
        log.error("journal_corrupt", segment=self.path.name, at=start, bytes=len(data))
        return True

    def bytes_of(self, start: int, end: int) -> bytes:
        return os.pread(self.descriptor, end - start, start)

    def begun(self) -> bool:
        """Whether anything was written after the head."""
        return os.pread(self.descriptor, len(MAGIC), len(HEAD)).strip(b"\0") != b""

    def settled_to(self) -> int:
        """Everything before this position needs no further reading."""
        return next((start for start, _ in self.open.values()), self.position)


class Inbox:
    """The segments of one writer, read from the positions that the database knows."""

    def __init__(self, writer: Writer, positions: Mapping[str, int], *, limit: int = BATCH) -> None:
        self.writer = writer
        self._positions = dict(positions)
        self._limit = limit
        self._corrupt = 0
        self._segments: dict[str, _Segment] = {}

    def read(self, *, final: bool) -> Batch:
        """Return about ``limit`` settlements that are new since the last call.

        ``final``: the writer is dead, so what is half written stays so, and an intent without a
        settlement becomes one at its estimate.
        """
        segments = self._discovered()
        # Writing in the next segment means that this one is complete; look before reading it.
        complete = [final or following.begun() for following in segments[1:]] + [final]
        self._corrupt = 0
        settlements: list[Settlement] = []
        for segment, is_complete in zip(segments, complete, strict=False):
            self._collect(segment, settlements, final=is_complete)
        if final and len(settlements) < self._limit:
            self._resolve(settlements)
        return Batch(settlements, self._moved(), self._finished(), self._corrupt)

    def forget(self, batch: Batch) -> None:
        """Remember that a batch is stored, and remove the segments it finished."""
        self._positions |= batch.positions
        for path in batch.finished:
            os.close(self._segments.pop(path.name).descriptor)
            path.unlink(missing_ok=True)

    def restart(self) -> None:
        """Read again from what is stored."""
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments.values():
            os.close(segment.descriptor)
        self._segments.clear()

    def _discovered(self) -> list[_Segment]:
        for path in self.writer.segments():
            if path.name not in self._segments:
                self._segments[path.name] = _Segment(path, self._positions.get(path.name))
        return list(self._segments.values())

    def _collect(self, segment: _Segment, settlements: list[Settlement], *, final: bool) -> None:
        if len(settlements) >= self._limit:
            return
        for found in segment.stretches(final=final):
            place = (found.start, found.end)
            if not found.records:
                self._corrupt += segment.set_aside(*place)
            for record in found.records:
                if type(record) is not Settlement:
                    segment.open[record.id] = place
                    continue
                settlements.append(record)
                if segment.open.pop(record.id, None) is None:
                    self._settled(record.id)
            if len(settlements) >= self._limit:
                return

    def _settled(self, request: str) -> None:
        """The intent is in another segment."""
        for segment in self._segments.values():
            segment.open.pop(request, None)

    def _resolve(self, settlements: list[Settlement]) -> None:
        for segment in self._segments.values():
            for request, place in segment.open.items():
                try:
                    intent = read_intent(segment.bytes_of(*place), request)
                    settlements.append(unresolved(intent))
                except msgspec.DecodeError:
                    self._corrupt += segment.set_aside(*place)
            segment.open.clear()

    def _moved(self) -> dict[str, int]:
        reached = {name: segment.settled_to() for name, segment in self._segments.items()}
        known = self._positions
        return {name: to for name, to in reached.items() if to != known.get(name, len(HEAD))}

    def _finished(self) -> list[Path]:
        return [s.path for s in self._segments.values() if s.ended and not s.open]


def unresolved(intent: Intent) -> Settlement:
    """What is booked for a request whose process died: its upper estimate."""
    return Settlement(
        id=intent.id,
        at=intent.at,
        request_id=intent.request_id,
        org_id=intent.org_id,
        key_id=intent.key_id,
        model=intent.model,
        provider=intent.provider,
        month=intent.month,
        year=intent.year,
        stream=intent.stream,
        status=500,
        code="unresolved",
        prompt_tokens=intent.estimated_prompt_tokens,
        completion_tokens=intent.estimated_completion_tokens,
        cost=intent.estimated_cost,
        source="unresolved",
        counted=True,
        limited=intent.limited,
        worker=intent.worker,
        holds=intent.holds,
        reserved_tokens=intent.reserved_tokens,
        reserved_cost=intent.reserved_cost,
        error="The process ended before the answer was accounted for",
    )
