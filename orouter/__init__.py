"""orouter: a self-hosted LLM gateway for an organization's own keys, limits and statistics."""

__version__ = "0.1.0"
