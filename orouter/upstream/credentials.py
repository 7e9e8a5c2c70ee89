"""The operator's keys at one provider.

Balanced, a failing one rested, the last one never given up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

BAD_KEY_REST_S = 300.0
"""A refused key is tried again after this long: it may have been mended at the provider."""
TIRED_REST_S = 10.0
"""A rate-limited key rests this long where the provider does not say how long."""


@dataclass(slots=True)
class Credential:
    """One key; ``label`` names it in logs (``openai#2``), ``secret`` never appears anywhere."""

    label: str
    secret: str = field(repr=False)
    rests_until: float = 0.0


class CredentialPool:
    """Hands out keys in turn. Times are seconds of a monotonic clock."""

    def __init__(self, name: str, secrets: tuple[str, ...]) -> None:
        self._keys = [Credential(f"{name}#{n}", secret) for n, secret in enumerate(secrets, 1)]
        self._next = 0

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Credential]:
        return iter(self._keys)

    def pick(self, now: float) -> Credential:
        """The next key that is not resting; if all are, the one that wakes first."""
        keys = self._keys
        if len(keys) == 1:
            return keys[0]
        for _ in keys:
            self._next = (self._next + 1) % len(keys)
            if keys[self._next].rests_until <= now:
                return keys[self._next]
        return min(keys, key=lambda key: key.rests_until)

    def awake(self, now: float) -> int:
        """How many keys are not resting."""
        return sum(key.rests_until <= now for key in self._keys)

    def rest(self, key: Credential, until: float) -> None:
        """Leaves ``key`` out until then, as far as there are others."""
        key.rests_until = max(key.rests_until, until)
