"""OpenAI itself: https://platform.openai.com/docs/api-reference/chat."""

from orouter.dialects import openai_chat
from orouter.providers.base import Provider

OPENAI = Provider(
    type="openai",
    dialect=openai_chat,
    base_url="https://api.openai.com/v1",
)
