"""The scripts of the repository, as modules."""

import importlib.util
import sys
from types import ModuleType

from tests.house.source import ROOT


def script(name: str) -> ModuleType:
    """``scripts/NAME.py``."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module
