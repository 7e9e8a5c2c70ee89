"""The provider types that a configuration can name. A new one is a file and a line here."""

from collections.abc import Mapping

from orouter.providers.anthropic import ANTHROPIC
from orouter.providers.base import Provider
from orouter.providers.compatible import COMPATIBLE
from orouter.providers.demo import DEMO
from orouter.providers.google import GOOGLE
from orouter.providers.openai import OPENAI
from orouter.providers.openrouter import OPENROUTER

TYPES: Mapping[str, Provider] = {
    provider.type: provider
    for provider in (OPENAI, ANTHROPIC, GOOGLE, OPENROUTER, COMPATIBLE, DEMO)
}
