import pytest
from pydantic import ValidationError

from orouter.models import KeyCreate, KeyUpdate, OrganizationCreate, OrganizationUpdate


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("  acme ", "acme"),
        ("Acme", "Acme"),
        ("👩‍🚀 crew", "👩‍🚀 crew"),
        ("cafe\u0301", "caf\u00e9"),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_name_has_one_spelling(given: str, stored: str) -> None:
    assert OrganizationCreate(name=given).name == stored


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 101, "a\x00b", "a\nb", "a\x7f", "a\u2028x", "\ud800"]
)
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        OrganizationCreate(name=name)


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (OrganizationCreate, {"name": "a", "id": "org_1"}),
        (OrganizationUpdate, {"deleted_at": None}),
        (OrganizationUpdate, {"name": None}),
        (KeyCreate, {"name": "a", "org_id": "org_1"}),
        (KeyCreate, {"name": "a", "permission": "root"}),
        (KeyCreate, {"name": "a", "expires_at": "2027-01-01T00:00:00"}),
        (KeyCreate, {"name": "a", "expires_at": "0001-01-01T00:00:00+14:00"}),
        (KeyUpdate, {"digest": "0"}),
    ],
)
def test_what_callers_may_not_set_is_refused(
    model: type[OrganizationCreate | OrganizationUpdate | KeyCreate | KeyUpdate],
    body: dict[str, object],
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(body)


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        KeyCreate.model_validate({"name": "a", "secret": "canary"})
    assert "canary" not in str(refused.value)
