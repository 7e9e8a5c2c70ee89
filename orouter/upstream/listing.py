"""Asking a provider what it offers: one cheap request, outside the way that completions go."""

from collections.abc import Iterator
from typing import Any

from orouter.dialects.faults import unreadable
from orouter.dialects.readings import parse
from orouter.errors import UpstreamError
from orouter.upstream.client import HttpCall
from orouter.upstream.credentials import Credential
from orouter.upstream.endpoint import Endpoint

PATIENCE_S = 15.0
BODY_LIMIT = 32 << 20


async def models(endpoint: Endpoint, credential: Credential) -> list[str]:
    """The provider's own names of its models, sorted. Raises UpstreamError or what it answered."""
    return sorted(set(_names(await _get(endpoint, credential, endpoint.provider.models_path))))


async def check(endpoint: Endpoint, credential: Credential) -> None:
    """Returns if the provider takes the key. Raises UpstreamError or what it answered."""
    provider = endpoint.provider
    await _get(endpoint, credential, provider.check_path or provider.models_path)


async def _get(endpoint: Endpoint, credential: Credential, path: str) -> Any:
    provider = endpoint.provider
    key = provider.auth_prefix + credential.secret
    call = HttpCall(
        method="GET",
        url=endpoint.base_url + path,
        headers={**endpoint.headers, provider.auth_header: key},
        body=b"",
        connect_timeout_s=min(endpoint.connect_timeout_s, PATIENCE_S),
        answer_timeout_s=PATIENCE_S,
    )
    try:
        answer = await endpoint.client.send(call)
        try:
            body = await answer.read(BODY_LIMIT)
        finally:
            answer.close()
    except UpstreamError as e:
        raise type(e)(f"The provider '{endpoint.name}' failed: {e.message}.") from e
    if not 200 <= answer.status < 300:
        raise provider.dialect.decode_error(answer.status, answer.headers, body).error
    value = parse(body)
    if not isinstance(value, dict):
        raise unreadable(body)
    return value


def _names(listed: dict[str, Any]) -> Iterator[str]:
    items = listed.get("data") or listed.get("models") or ()
    for item in items if isinstance(items, list) else ():
        name = item.get("id") or item.get("name") if isinstance(item, dict) else None
        if isinstance(name, str):
            yield name.removeprefix("models/")
