"""The provider that needs no account: ``upstream/demo.py`` answers for it, in this process."""

from orouter.dialects import openai_chat
from orouter.providers.base import Provider

DEMO = Provider(
    type="demo",
    dialect=openai_chat,
    base_url="demo:",
)
