"""From a model's name to the places that could serve it, in the order in which to try them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from orouter.dialects.base import Target
from orouter.errors import InvalidRequest, ModelNotFound
from orouter.providers.catalogue import MAX_REMEMBERED, Catalogue, Entry
from orouter.schemas.chat import ChatRequest, ProviderChoice
from orouter.upstream.endpoint import Candidate, Endpoint

MOST_MODELS = 8
"""In ``models``: more would only prolong a request that nobody can serve."""


class Routes(Struct, frozen=True, kw_only=True):
    """Built from the configuration, replaced whole when it changes."""

    catalogue: Catalogue
    endpoints: Mapping[str, Endpoint]
    fallbacks: Mapping[str, tuple[str, ...]] = {}
    refuse_unpriced: bool = False
    known: dict[str, tuple[Candidate]] = {}
    """Whom names meant before."""

    def candidates(self, request: ChatRequest) -> Sequence[Candidate]:
        """In order, at least one. Raises ModelNotFound or InvalidRequest."""
        if request.models is None and request.provider is None and not self.fallbacks:
            return self._usual(request.model)
        entries = self._entries(request)
        chosen = _chosen(entries, request.provider) if request.provider else entries
        if not chosen:
            names = ", ".join(dict.fromkeys(entry.provider for entry in entries))
            raise InvalidRequest(
                f"'provider' leaves nobody to serve '{request.model}'; it is offered by: {names}.",
                param="provider",
            )
        return [self._candidate(entry) for entry in chosen]

    def _usual(self, name: str) -> Sequence[Candidate]:
        """Whom a model's name alone means."""
        known = self.known.get(name)
        if known is None:
            known = (self._candidate(self.catalogue.resolve(name)),)
            if len(self.known) >= MAX_REMEMBERED:
                self.known.clear()
            self.known[name] = known
        return known

    def _entries(self, request: ChatRequest) -> list[Entry]:
        """The model asked for, then the caller's further ones, then the operator's fallbacks."""
        if request.models is not None and len(request.models) > MOST_MODELS:
            raise InvalidRequest(f"'models' may name at most {MOST_MODELS} models.", param="models")
        found = {entry.name: entry for entry in self._offers(request, request.model)}
        passed_on = any(entry.kind == "openrouter" for entry in found.values())
        for name in request.models or ():
            try:
                for entry in self._offers(request, name):
                    found.setdefault(entry.name, entry)
            except ModelNotFound:
                if not passed_on:
                    raise
                # One of OpenRouter's own names: it gets the list and falls back by itself.
        for fallback in [one for name in found for one in self.fallbacks.get(name, ())]:
            # A fallback at a provider that is switched off: the request can do without.
            with suppress(ModelNotFound):
                entry = self.catalogue.resolve(fallback)
                found.setdefault(entry.name, entry)
        return list(found.values())

    def _offers(self, request: ChatRequest, name: str) -> list[Entry]:
        """The same model elsewhere is only for those who ask for a choice of providers."""
        return self.catalogue.offers(name) if request.provider else [self.catalogue.resolve(name)]

    def _candidate(self, entry: Entry) -> Candidate:
        if entry.price is None and self.refuse_unpriced:
            raise InvalidRequest(
                f"The price of '{entry.name}' is not known and this gateway refuses such models. "
                "Ask your administrator to set it.",
                param="model",
            )
        return Candidate(
            endpoint=self.endpoints[entry.provider],
            name=entry.name,
            target=Target(
                provider=entry.provider,
                kind=entry.kind,
                model=entry.upstream,
                capabilities=entry.capabilities,
            ),
            price=entry.price,
            max_output=entry.max_output,
            context=entry.context,
        )


def _chosen(entries: list[Entry], choice: ProviderChoice) -> list[Entry]:
    """OpenRouter's ``provider`` object: whom to try first, whom only, whom never.

    Names that are none of ours are OpenRouter's own, and its models get the whole object passed on.
    """
    ours = {entry.provider for entry in entries}
    only = choice.only
    if only is not None and ours.isdisjoint(only):
        left = [entry for entry in entries if entry.kind == "openrouter"]
    else:
        left = [entry for entry in entries if only is None or entry.provider in only]
    left = [entry for entry in left if entry.provider not in (choice.ignore or ())]
    rank = {name: n for n, name in enumerate(choice.order or ())}
    left.sort(key=lambda entry: rank.get(entry.provider, len(rank)))
    return left[:1] if choice.allow_fallbacks is False else left
