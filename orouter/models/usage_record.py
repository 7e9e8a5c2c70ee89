"""Usage records: one row for each request, kept for the request log and for recounting."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from orouter.models.columns import BIG, ascii_text, long_text, text

TEXT_WIDTHS = {
    "request_id": 64,
    "model": 200,
    "provider": 64,
    "upstream_model": 200,
    "code": 64,
    "finish": 32,
    "error": 500,
}
"""Columns whose text comes from outside, and the most characters they take."""


class UsageRecord(SQLModel, table=True):
    """The row of one request: the fields of a `Settlement`, with the same units.

    ``source`` is also ``unresolved``: the process died before it knew, so the row holds the upper
    estimate. ``failed`` repeats that ``code`` is not empty, as something to look up.
    """

    __tablename__ = "usage_records"
    __table_args__ = (
        Index(None, "org_id", "id"),
        Index(None, "key_id", "id"),
        Index(None, "failed", "id"),
    )

    id: str = Field(primary_key=True, sa_type=ascii_text(26))
    at: int = Field(sa_type=BIG)
    request_id: str = Field(sa_type=text(TEXT_WIDTHS["request_id"]))
    org_id: str = Field(sa_type=ascii_text(30))
    key_id: str = Field(sa_type=ascii_text(30))
    model: str = Field(sa_type=text(TEXT_WIDTHS["model"]))
    provider: str = Field(sa_type=text(TEXT_WIDTHS["provider"]))
    upstream_model: str = Field(sa_type=text(TEXT_WIDTHS["upstream_model"]))
    month: str = Field(sa_type=ascii_text(7))
    year: str = Field(sa_type=ascii_text(4))
    stream: bool
    status: int
    failed: bool
    code: str = Field(sa_type=text(TEXT_WIDTHS["code"]))
    finish: str = Field(sa_type=text(TEXT_WIDTHS["finish"]))
    prompt_tokens: int = Field(sa_type=BIG)
    completion_tokens: int = Field(sa_type=BIG)
    cached_tokens: int = Field(sa_type=BIG)
    cache_write_tokens: int = Field(sa_type=BIG)
    reasoning_tokens: int = Field(sa_type=BIG)
    cost: int | None = Field(sa_type=BIG)
    source: str = Field(sa_type=ascii_text(16))
    latency: int = Field(sa_type=BIG)
    ttft: int | None = Field(sa_type=BIG)
    attempts: int
    counted: bool
    limited: bool
    reserved_tokens: int = Field(sa_type=BIG)
    reserved_cost: int = Field(sa_type=BIG)
    error: str = Field(sa_type=text(TEXT_WIDTHS["error"]))
    tries: str = Field(sa_type=long_text())
