"""What all tables share: constraint names, moments, and what a name may hold."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig  # its public home does not export it

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

STRICT = SQLModelConfig(extra="forbid", hide_input_in_errors=True)
"""For models that callers fill in: an unknown field is refused, a refused value not repeated."""


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def is_printable(text: str) -> bool:
    """Whether it holds no control characters and no half of a surrogate pair."""
    return not _UNPRINTABLE.search(text)


def printable(text: str) -> str:
    """Return ``text``; ValueError if it is not printable."""
    if not is_printable(text):
        raise ValueError("must not contain control characters")
    return text


def tidy(text: str) -> str:
    """Normalise a name to the one spelling of it that is stored: NFC, no blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def _tidy_if_text(value: object) -> object:
    return tidy(value) if isinstance(value, str) else value


Name = Annotated[
    str,
    BeforeValidator(_tidy_if_text),
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(printable),
]
"""1 to 100 characters, case-sensitive."""

Description = Annotated[
    str,
    BeforeValidator(_tidy_if_text),
    StringConstraints(max_length=500),
    AfterValidator(printable),
]


def dead_key(row_id: str) -> str:
    """Value of a deleted row's ``name_key``: frees the name, since none starts with a blank."""
    return f" {row_id}"
