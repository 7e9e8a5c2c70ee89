"""The request log: what can be asked, and how one request looks."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_Id = Annotated[str, Field(max_length=30, pattern=r"^[!-~]*$")]
_Provider = Annotated[str, Field(max_length=64)]
_Model = Annotated[str, Field(max_length=200)]


class RequestListing(BaseModel):
    """Which requests, newest first. ``before`` is the id that the page before ended with.

    ``since`` and ``until`` are microseconds since the epoch, ``slower_than`` microseconds,
    ``min_cost`` nano-USD. ``search`` is an id of a request, ours or its caller's.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    org: _Id | tuple[_Id, ...] = ""
    key: _Id | tuple[_Id, ...] = ""
    provider: _Provider | tuple[_Provider, ...] = ""
    model: _Model | tuple[_Model, ...] = ""
    status: int | None = None
    errors: bool = False
    slower_than: int | None = Field(default=None, ge=0)
    min_cost: int | None = Field(default=None, ge=0)
    search: str = Field(default="", max_length=64, pattern=r"^[ -~]*$")
    since: int | None = Field(default=None, ge=0)
    until: int | None = Field(default=None, ge=0)
    before: str = Field(default="", max_length=26, pattern=r"^[0-9A-Z]*$")
    after: str = Field(default="", max_length=26, pattern=r"^[0-9A-Z]*$")
    """Only newer ones than this id, oldest first: what ``logs tail`` asks for."""
    limit: int = Field(default=50, ge=1, le=1000)


class LoggedRequest(BaseModel):
    """One request. Durations are milliseconds; ``cost_usd`` is None where no price is known."""

    id: str
    at: str
    request_id: str
    org_id: str
    org: str
    key_id: str
    key: str
    model: str
    provider: str
    upstream_model: str
    stream: bool
    status: int
    code: str
    finish: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int
    cost_usd: str | None
    source: str
    latency_ms: float
    ttft_ms: float | None
    attempts: int
    error: str
    tries: list[dict[str, Any]]


class RequestLogPage(BaseModel):
    """A page as HTTP shows it. ``total`` is None where only reading every row would tell."""

    items: list[LoggedRequest]
    total: int | None
    page: int
    page_size: int
    next: str | None


class RequestPage(BaseModel):
    """One page; ``next`` is what to give as ``before`` for the following one, None at the end."""

    items: list[LoggedRequest]
    next: str | None
