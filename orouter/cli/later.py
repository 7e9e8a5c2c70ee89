"""Modules that load when something of them is first used, so that help is instant.

SQLAlchemy and pydantic take longer to import than most commands to run. Type checkers are shown the
plain import::

    if TYPE_CHECKING:
        from orouter.services import keys
    else:
        keys = later("orouter.services.keys")
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module; it is not in ``sys.modules``, where a package half there loads twice."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def later(name: str) -> ModuleType:
    """The module of that name, which is imported when an attribute of it is first asked for."""
    return _Later(name)
