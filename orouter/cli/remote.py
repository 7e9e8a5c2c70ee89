"""Verbs done by a server over HTTP: ``orouter --server URL`` with a token.

A command calls the same verb either way. Here its name finds a route, its arguments become path,
query and body, and the answer is read into the type that the verb returns: so what a command shows
does not depend on where the work was done.
"""

import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_type_hints
from urllib.parse import quote

import typer

import orouter
from orouter.cli.routes import ROUTES, Route
from orouter.errors import InvalidApiKey, InvalidRequest, NotFound, UpstreamError, answered

if TYPE_CHECKING:  # only what goes over HTTP pays for it
    from httpx import Client, Response

PATIENCE_S = 60.0
TOKEN_VARIABLE = "OROUTER_TOKEN"  # noqa: S105 - where it is, not what it is

Verb = Callable[..., Any]
Said = Mapping[str, Any]
"""A verb's arguments by the names of its parameters."""


def only_here() -> InvalidRequest:
    """For a command that no server does for others."""
    return InvalidRequest(
        "This command works on the installation itself, not over HTTP",
        hint="run it on the server's machine, without --server and OROUTER_SERVER_URL",
    )


class Remote:
    """A server, and the right to ask it."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/").removesuffix("/v1")
        if not self.url.startswith(("http://", "https://")):
            raise InvalidRequest(
                f"{url} is not the address of a server", hint="write --server https://HOST"
            )

    @cached_property
    def timezone(self) -> str:
        """The server's ``reporting_timezone``."""
        return str(self.ask("GET", "/calendar")["timezone"])

    def perform(self, verb: Verb, *args: Any, **kwargs: Any) -> Any:
        """What ``verb(session, ...)`` answers there. Raises the server's error."""
        route, said = _routed(verb, args, kwargs)
        answer = self._send(route.method, self._path(route, said), _content(route, said))
        return route.read(answer.content) if route.read else _read(verb, answer)

    def rehearse(self, verb: Verb, *args: Any, **kwargs: Any) -> Any:
        """What it would answer; nothing of it stays."""
        route, said = _routed(verb, args, kwargs)
        if not route.dry_run:
            raise only_here()
        rehearsal = {"params": {"dry_run": True}}
        return _read(verb, self._send(route.method, self._path(route, said), rehearsal))

    @contextmanager
    def stream(self, verb: Verb, *args: Any, **kwargs: Any) -> Iterator[Iterator[bytes]]:
        """The pieces that ``verb(session, ...)`` makes there, as they come."""
        route, said = _routed(verb, args, kwargs)
        path, content = self._path(route, said), _content(route, said)
        with _answering(self.url), self._client.stream(route.method, path, **content) as answer:
            if answer.status_code >= 400:
                answer.read()
            yield _good(answer).iter_bytes()

    def ask(self, method: str, path: str, **content: Any) -> Any:
        """What a route that stands for no verb answers."""
        return self._send(method, path, content).json()

    def close(self) -> None:
        """Ends the connections."""
        if "_client" in vars(self):
            self._client.close()

    @cached_property
    def _client(self) -> "Client":
        from httpx import Client

        headers = {
            "authorization": f"Bearer {_token()}",
            "user-agent": f"orouter/{orouter.__version__}",
        }
        return Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=PATIENCE_S)

    def _send(self, method: str, path: str, content: Mapping[str, Any]) -> "Response":
        with _answering(self.url):
            return _good(self._client.request(method, path, **content))

    def _path(self, route: Route, said: Said) -> str:
        """The path; what cannot stand in one is looked up and named by its id."""
        values = {name: value for name, value in said.items() if isinstance(value, str)}
        for name in values.keys() & {"ref", "org"}:
            of_key = route.path.startswith("/keys") or said.get("scope") == "key"
            if "/" in values[name] or not values[name].strip(". "):
                values[name] = self._id(values[name], of_key=of_key and name == "ref")
        safe = "/" if route.path.startswith("/models") else ""
        quoted = {name: quote(each, safe=safe) for name, each in values.items()}
        return route.path.format_map(quoted)

    def _id(self, ref: str, *, of_key: bool) -> str:
        """The id of what has such a name, or ORG/NAME. Raises NotFound."""
        found = self._keys(ref) if of_key else self._named("/orgs", ref)
        if len(found) != 1:
            kind = "key" if of_key else "organization"
            raise NotFound(f"No such {kind}.", hint=f"Give its id; see: orouter {kind[:3]} list")
        return found.pop()

    def _keys(self, ref: str) -> set[str]:
        found = self._named("/keys", ref)
        for at in (at for at, letter in enumerate(ref) if letter == "/"):
            for org in self._named("/orgs", ref[:at]):
                found |= self._named("/keys", ref[at + 1 :], org=org)
        return found

    def _named(self, path: str, name: str, **more: str) -> set[str]:
        if not name:
            return set()
        listing = {"search": name, "page_size": 200, **more}
        items = self.ask("GET", path, params=listing)["items"]
        return {item["id"] for item in items if item["name"] == name}


@contextmanager
def _answering(url: str) -> Iterator[None]:
    from httpx import HTTPError

    try:
        yield
    except HTTPError as error:
        reason = str(error) or type(error).__name__
        raise UpstreamError(
            f"The server at {url} does not answer: {reason}", hint="is --server right?"
        ) from error


def _routed(verb: Verb, args: tuple[Any, ...], kwargs: Said) -> tuple[Route, Said]:
    route = ROUTES.get(f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}")
    if route is None:
        raise only_here()
    bound = inspect.signature(verb).bind(None, *args, **kwargs)  # session or settings are there
    bound.apply_defaults()
    return route, bound.arguments


def _content(route: Route, said: Said) -> dict[str, Any]:
    content: dict[str, Any] = {"params": _query(route, said)}
    body = _dumped(said[route.body]) if route.body else {}
    body |= {name: _plain(said[parameter]) for name, parameter in route.fields.items()}
    body |= route.fixed
    return content | ({"json": body} if body or route.body else {})


def _query(route: Route, said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in route.query:
        value = said[name]
        found |= _dumped(value) if hasattr(value, "model_dump") else {name: value}
    return {name: value for name, value in found.items() if value is not None}


def _dumped(model: Any) -> dict[str, Any]:
    from pydantic_core import to_jsonable_python

    said = model.model_dump(by_alias=True, exclude_unset=True)
    fields: dict[str, Any] = to_jsonable_python(_opened(said))
    return fields


def _opened(value: Any) -> Any:
    """The same with secrets in clear: the server seals them."""
    if isinstance(value, dict):
        return {name: _opened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_opened(each) for each in value]
    reveal = getattr(value, "get_secret_value", None)
    return reveal() if reveal else value


def _plain(value: Any) -> Any:
    return int(value.total_seconds()) if isinstance(value, timedelta) else value


def _good(answer: "Response") -> "Response":
    if answer.is_success:
        return answer
    try:
        error = answered(answer.json())
    except ValueError:
        error = UpstreamError(f"The server answered {answer.status_code}, and nothing of ours")
    if isinstance(error, InvalidApiKey):
        error.hint = f"{TOKEN_VARIABLE} is a user's token or a key of permission admin"
    raise error


def _read(verb: Verb, answer: "Response") -> Any:
    from pydantic import TypeAdapter

    wanted = get_type_hints(verb)["return"]
    return None if wanted is type(None) else TypeAdapter(wanted).validate_json(answer.content)


def _token() -> str:
    """From the environment or a hidden prompt; never an argument, which others could see."""
    if token := os.environ.get(TOKEN_VARIABLE, ""):
        return token
    if sys.stdin.isatty():
        return str(typer.prompt("Token", hide_input=True, err=True))
    raise InvalidApiKey(
        f"No token: set {TOKEN_VARIABLE}", hint="a user's token, or a key of permission admin"
    )
