"""Anthropic: its Messages API at the version that still takes sampling parameters."""

from orouter.dialects import anthropic_messages
from orouter.providers.base import Provider

ANTHROPIC = Provider(
    type="anthropic",
    dialect=anthropic_messages,
    base_url="https://api.anthropic.com",
    auth_header="x-api-key",
    auth_prefix="",
    # Since 2026-10-21 temperature, top_p and top_k are refused at any value, for every model.
    headers={"anthropic-version": "2023-06-01"},
    recalls=True,
    models_path="/v1/models?limit=1000",
)
