"""The fast path of a stream: chunks that are in order go on as the bytes that they are.

A block is looked at as bytes only: counting a few needles shows that each of its events is one
``data:`` line of the known stream, with the known choice, without finish, usage or error. A quote
inside a JSON string is escaped, so a needle such as ``"usage"`` cannot occur in a text. Measured on
chunks of 250 bytes: well under 1 us each, where parsing and encoding costs about 10.
"""

CHOICE = b'"choices":[{"index":0,"delta":{'
OPEN = b'"finish_reason":null'
USAGE = b'"usage"'
NO_USAGE = b',"usage":null'

OPENAI_SUSPECTS = (b'"error"',)
OTHER_SUSPECTS = (
    b'"error"',
    b'"tool_calls"',
    b'"reasoning_content"',
    b'"reasoning_details"',
    b'"content":[',
    b'"citations"',
    b'"message"',
)
"""What may need normalising from servers that are not OpenAI itself."""


class Relay:
    """Knows what the chunks of one stream begin with; see ``take``."""

    __slots__ = ("_keep_null", "_prefix", "_suspects", "events")

    def __init__(self, *, openai: bool, include_usage: bool) -> None:
        self._suspects = OPENAI_SUSPECTS if openai else OTHER_SUSPECTS
        self._keep_null = include_usage
        self._prefix: bytes | None = None
        self.events = 0
        """How many events were relayed so far."""

    @property
    def ready(self) -> bool:
        """Whether a chunk was seen whose beginning the others can be compared with."""
        return self._prefix is not None

    def learn(self, data: bytes) -> None:
        """Remembers the beginning of a chunk that needed no change: envelope and choice 0."""
        found = data.find(CHOICE)
        if found > 0 and data.startswith(b"{"):
            self._prefix = b"data: " + data[: found + len(CHOICE)]

    def take(self, whole: bytes) -> bytes | None:
        """The bytes for the caller, or None if some event of the block must be read.

        ``"usage":null``, which is there because the gateway asked for usage, is cut out for callers
        who did not: one ``bytes.replace``, 0.1 us a chunk.
        """
        prefix = self._prefix
        if prefix is None or not whole.startswith(prefix):
            return None
        events = whole.count(b"\n\n")
        if (
            whole.count(prefix) != events
            or whole.count(OPEN) != events
            or whole.count(b"\n") != 2 * events
        ):
            return None
        usages = whole.count(USAGE)
        if usages and usages != whole.count(NO_USAGE):
            return None
        if any(suspect in whole for suspect in self._suspects):
            return None
        self.events += events
        return whole.replace(NO_USAGE, b"") if usages and not self._keep_null else whole
