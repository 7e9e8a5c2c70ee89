"""Any server that speaks OpenAI's chat completions; the configuration gives its ``base_url``."""

from orouter.dialects import openai_chat
from orouter.providers.base import Provider

COMPATIBLE = Provider(
    type="compatible",
    dialect=openai_chat,
)
