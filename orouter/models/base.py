"""What all tables share: constraint names, moments, and what a name may hold."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints
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


def printable(text: str) -> str:
    """Return ``text``; ValueError if it holds control characters or half a surrogate pair."""
    if _UNPRINTABLE.search(text):
        raise ValueError("must not contain control characters")
    return text


def tidy(text: str) -> str:
    """Normalise a name to the one spelling of it that is stored: NFC, no blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def _tidy_if_text(value: object) -> object:
    return tidy(value) if isinstance(value, str) else value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


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

Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An aware datetime from outside, turned to UTC."""


def dead_key(row_id: str) -> str:
    """Value of a deleted row's ``name_key``: frees the name, since none starts with a blank."""
    return f" {row_id}"
