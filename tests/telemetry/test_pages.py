"""The dashboard asks only for what there is, and the page tells every metric."""

import json
import re
from typing import Any

import pytest

from orouter.telemetry.families import FAMILIES
from tests.house.source import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "docs/grafana/orouter.json").read_text())
PAGE = (ROOT / "docs/observability.md").read_text(encoding="utf-8")
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
NAME = re.compile(r"\b(?:orouter|process)_\w+")
SCRAPED = {"job", "instance", "le"}
ROW = re.compile(r"^\| `(?P<name>(?:orouter|process)_\w+)` \| (?P<labels>[^|]*) \|", re.MULTILINE)


def family_of(name: str) -> str:
    """The family's name without what a histogram adds."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return base if base in FAMILIES and FAMILIES[base].kind == "histogram" else name


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_names_metrics_and_labels_that_exist(query: str) -> None:
    names = {family_of(name) for name in NAME.findall(query)}
    assert names
    assert names <= FAMILIES.keys()
    known = SCRAPED.union(*(FAMILIES[name].labels for name in names))
    grouped = [part.split(",") for part in re.findall(r"by \(([^)]*)\)", query)]
    matched = re.findall(r"(\w+)=", query)
    assert {label.strip() for part in [*grouped, matched] for label in part} <= known


def test_the_dashboard_shows_every_metric() -> None:
    shown = {family_of(name) for query in QUERIES for name in NAME.findall(query)}
    assert shown == set(FAMILIES)


def test_panels_have_their_own_places() -> None:
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places) == len(set(places))


def test_the_page_tells_every_metric_with_its_labels() -> None:
    told = {row["name"]: re.findall(r"`(\w+)`", row["labels"]) for row in ROW.finditer(PAGE)}
    assert told == {name: list(family.labels) for name, family in FAMILIES.items()}
