"""Models as the admin pages show them: whose price it is, and how much each is used."""

from datetime import timedelta

import pytest

from orouter.db.session import Database
from orouter.models.base import now
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.schemas.catalogue import ModelListing, ModelPublic
from orouter.services import model_overview
from orouter.settings import Settings, load
from tests.services.owned_usage import ZONE, Owner


def found(
    database: Database, known: Settings, actor: Actor = CLI, **asked: str
) -> list[ModelPublic]:
    listing = ModelListing.model_validate(asked)
    return database.call(model_overview.listing, listing, actor, known, ZONE).items


@pytest.mark.parametrize(
    ("flags", "environ", "origin"),
    [
        ({}, {}, "catalogue"),
        ({"models": {"openai/gpt-4o": {"context": 5}}}, {}, "catalogue"),
        ({"models": {"openai/gpt-4o": {"input_per_mtok": 5}}}, {}, "flag"),
        ({}, {"OROUTER_MODELS__OPENAI/GPT-4O__INPUT_PER_MTOK": "5"}, "environment"),
    ],
)
def test_whose_price_it_is(
    sqlite: Database, flags: dict[str, object], environ: dict[str, str], origin: str
) -> None:
    known = load(flags=flags, environ=environ)
    [model] = [
        each
        for each in found(sqlite, known, search="openai/gpt-4o", provider="openai")
        if each.id == "openai/gpt-4o"
    ]
    assert model.price_origin == origin


def test_an_unknown_price_is_none_and_said_so(sqlite: Database) -> None:
    known = load(flags={"models": {"openai/own": {"context": 5}}}, environ={})
    [model] = found(sqlite, known, search="openai/own")
    assert (model.price_origin, model.prices.input_per_mtok) == ("none", None)


def test_use_counts_thirty_days_and_what_the_caller_may_see(database: Database) -> None:
    known = load(environ={})
    acme, other = Owner(database, "acme"), Owner(database, "other")
    for days in (0, 29, 31):
        when = (now() - timedelta(days=days)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
        acme.use(when)
        other.use(when)
    asked = {"search": "gpt-4o", "include": "usage", "sort": "-requests_30d"}
    assert found(database, known, CLI, **asked)[0].requests_30d == 4
    own = of_key(acme.key, acme.org, "admin")
    assert found(database, known, own, **asked)[0].requests_30d == 2
    assert found(database, known, own, search="gpt-4o")[0].requests_30d is None


def test_a_model_is_found_by_its_alias_and_upstream_name(sqlite: Database) -> None:
    known = load(
        flags={"aliases": {"fast": "demo/echo"}, "models": {"demo/own": {"upstream": "xyz"}}},
        environ={},
    )
    assert [each.id for each in found(sqlite, known, search="FAST", provider="demo")] == [
        "demo/echo"
    ]
    assert [each.id for each in found(sqlite, known, search="xyz")] == ["demo/own"]
    assert model_overview.detail(known, "fast", CLI).id == "demo/echo"
