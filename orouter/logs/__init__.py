"""What the running program writes about itself: for people on a terminal, JSON lines elsewhere.

>>> configure(level="INFO", file="logs/orouter.log")
>>> log = get_logger("orouter.usage")
>>> log.warning("segment adopted", segment="…", records=12)

Everything, also what libraries write through ``logging``, goes through redaction last.
"""

from orouter.logs.access import AccessLog, AccessRecord
from orouter.logs.redaction import keep_secret, redact, redact_known
from orouter.logs.setup import access, close, configure, get_logger, set_level

__all__ = [
    "AccessLog",
    "AccessRecord",
    "access",
    "close",
    "configure",
    "get_logger",
    "keep_secret",
    "redact",
    "redact_known",
    "set_level",
]
