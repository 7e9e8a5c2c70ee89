"""A configured provider at run time, and a candidate.

One model of it that could serve a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from orouter.dialects.base import Target
from orouter.providers.base import Provider
from orouter.providers.prices import Price
from orouter.upstream.breaker import Breaker
from orouter.upstream.client import HttpClient
from orouter.upstream.credentials import Credential, CredentialPool


@dataclass(slots=True)
class Endpoint:
    """Where and how a provider of the configuration is reached; timeouts in seconds.

    Rebuilt by a reload of the configuration; breakers and resting keys begin anew then.
    """

    name: str
    provider: Provider
    base_url: str
    credentials: CredentialPool
    client: HttpClient
    headers: dict[str, str]
    answer_timeout_s: float
    connect_timeout_s: float
    breakers: dict[tuple[str, str], Breaker] = field(default_factory=dict)
    _with_key: dict[str, dict[str, str]] = field(default_factory=dict)
    in_flight: int = 0
    retries_in_flight: int = 0

    def breaker(self, credential: Credential, model: str) -> Breaker:
        key = (credential.label, model)
        found = self.breakers.get(key)
        if found is None:
            found = self.breakers[key] = Breaker()
        return found

    def headers_with(self, credential: Credential, more: Mapping[str, str]) -> Mapping[str, str]:
        """What is sent with a call; ``more`` is what the request itself needs."""
        known = self._with_key.get(credential.label)
        if known is None:
            key = self.provider.auth_prefix + credential.secret
            known = self._with_key[credential.label] = {
                **self.headers,
                self.provider.auth_header: key,
            }
        return {**known, **more} if more else known

    def may_retry(self) -> bool:
        """The retry budget: a fifth of what is in flight, three at least."""
        return self.retries_in_flight < max(3, self.in_flight // 5)


class Candidate(Struct, frozen=True, kw_only=True):
    """One way to serve a request."""

    endpoint: Endpoint
    name: str
    """As callers say it, ``provider/model``."""
    target: Target
    """The model as the provider says it, and what a translation must know of it."""
    price: Price | None = None
    max_output: int | None = None
    """The model's own bound on output tokens, where it is known."""
    context: int | None = None
    """How many tokens it reads at the most, where that is known."""
