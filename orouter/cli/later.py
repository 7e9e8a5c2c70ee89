"""Modules that load when something of them is first used, so that help is instant.

SQLAlchemy and pydantic take longer to import than most commands to run. Type checkers are shown the
plain import::

    if TYPE_CHECKING:
        from orouter.services import keys
    else:
        keys = later("orouter.services.keys")
"""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


def later(name: str) -> ModuleType:
    """The module of that name; it runs when an attribute of it is first asked for.

    The packages around it are imported at once.
    """
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
