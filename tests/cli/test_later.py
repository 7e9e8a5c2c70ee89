"""Late modules, in an interpreter that has loaded none of them."""

import subprocess
import sys

import pytest

FIRST = "models.LimitSet"
SECOND = "limits.put"


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
def test_a_package_and_those_who_import_from_it_may_be_first(order):
    script = f"""
import sys
from orouter.cli.later import later
models, limits = later("orouter.models"), later("orouter.services.limits")
assert "orouter.models" not in sys.modules
print({order[0]}.__name__, {order[1]}.__name__)
"""
    done = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == ["LimitSet", "put"]
