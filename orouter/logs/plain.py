"""structlog without rich.

It imports rich wherever that is installed, for tracebacks in colours that are not used here: 50
modules, 5 MB of every server, and 50 ms of its start and of most commands. Who logs takes
``get_logger`` from ``orouter.logs``, so that this comes first.
"""

import sys
from types import ModuleType
from typing import cast

# What import finds to be None it takes for absent: it has no other way to be told.
_modules = cast("dict[str, ModuleType | None]", sys.modules)
_modules.setdefault("rich", None)
try:
    import structlog
finally:
    if _modules["rich"] is None:
        del _modules["rich"]

__all__ = ["structlog"]
