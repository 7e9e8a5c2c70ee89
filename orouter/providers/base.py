"""A provider is a paragraph: which dialect it speaks, where, and how it wants its key."""

from collections.abc import Mapping

from msgspec import Struct

from orouter.dialects.base import Dialect


class Provider(Struct, frozen=True, kw_only=True):
    """``auth_header`` carries ``auth_prefix`` + key; ``headers`` go with every request."""

    type: str
    dialect: Dialect
    base_url: str = ""
    auth_header: str = "authorization"
    auth_prefix: str = "Bearer "
    headers: Mapping[str, str] = {}
    recalls: bool = False
    """It wants signed reasoning back with tool calls (see ``dialects.base.Recalled``)."""
    base_path: str = ""
    """Appended to an operator's base_url where the provider's own address includes a version."""
    models_path: str = "/models"
    """Where it lists its models: ``data`` or ``models``, each with ``id`` or ``name``."""
    check_path: str = ""
    """Where a wrong key is refused, if not at ``models_path``."""
