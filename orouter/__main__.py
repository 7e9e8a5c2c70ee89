"""``python -m orouter``."""

from orouter.cli.main import run

run()
