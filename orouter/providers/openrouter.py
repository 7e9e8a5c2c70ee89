"""OpenRouter: https://openrouter.ai/docs. Its ``usage.cost`` is what it charges.

Attribution (``HTTP-Referer``, ``X-Title``) is the operator's choice: the provider's ``headers``.
"""

from orouter.dialects import openai_chat
from orouter.providers.base import Provider

OPENROUTER = Provider(
    type="openrouter",
    dialect=openai_chat,
    base_url="https://openrouter.ai/api/v1",
    recalls=True,
    check_path="/key",  # its list of models is for everybody
)
