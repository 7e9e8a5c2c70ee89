"""Balanced estimates of what a request may come to, made before any provider has seen it.

Those that nothing exceeds are made by `orouter.services.upper_bounds`.
"""

from orouter.dialects.base import Usage

BALANCED_OUTPUT = 4096
"""Tokens reserved for an answer whose caller set no bound: few are longer, most far shorter."""


def estimate(prompt_bytes: int, asked_output: int | None, most_output: int) -> Usage:
    """The tokens to reserve for a prompt of that size.

    ``asked_output`` is the bound that the request itself set, ``most_output`` what the model can
    write. Three bytes are taken for a token, which holds for prose in every script and for code.
    """
    output = min(BALANCED_OUTPUT, most_output) if asked_output is None else asked_output
    return Usage(prompt_tokens=-(-prompt_bytes // 3), completion_tokens=min(output, most_output))
