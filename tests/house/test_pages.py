"""What the pages say about the code, where a reader would rely on it."""

import re

import pytest

from orouter.api.protocol import BoundedHttpProtocol as Bounds
from orouter.schemas.chat_reading import MAX_DEPTH
from tests.house.source import ROOT, tracked

PAGES = [path for path in tracked() if path.suffix == ".md"]
LINK = re.compile(r"\]\((?!https?:)(?P<file>[^)#]*)(?:#(?P<anchor>[^)]*))?\)")
CODE = re.compile(r"`((?:orouter|tests|docs|benchmarks|scripts)/[\w./-]+\.\w+)`")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as Git hosts make them."""
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page) -> None:
    broken = []
    for link in LINK.finditer((ROOT / page).read_text(encoding="utf-8")):
        target = (ROOT / page).parent / link["file"] if link["file"] else ROOT / page
        if not target.exists() or (
            link["anchor"] and link["anchor"] not in anchors(target.read_text(encoding="utf-8"))
        ):
            broken.append(link[0])
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_files_that_are_named_exist(page) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    made_by_a_reader = set(re.findall(r"<!-- file: (\S+) -->", text))
    named = set(CODE.findall(text)) - made_by_a_reader
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set(), {ROOT / "README.md"}
    while ahead:
        page = ahead.pop()
        reached.add(page)
        files = [link["file"] for link in LINK.finditer(page.read_text(encoding="utf-8"))]
        pages = {(page.parent / file).resolve() for file in files if file.endswith(".md")}
        ahead |= pages - reached
    docs = {(ROOT / page).resolve() for page in PAGES if page.parts[0] == "docs"}
    assert docs - reached == set()


@pytest.mark.parametrize(
    "row",
    [
        f"| head of a request | {Bounds.head_bytes // 1024} KiB, {Bounds.head_fields} fields |",
        f"| time for the head | {Bounds.head_seconds:g} s |",
        (
            f"| time for the body | {Bounds.body_seconds:g} s, and a second for every "
            f"{Bounds.body_bytes_per_second // 1024} KiB that have come |"
        ),
        f"| a caller that reads nothing of its answer | {Bounds.unread_seconds:g} s |",
        f"| nesting of JSON | {MAX_DEPTH} levels |",
    ],
)
def test_the_bounds_of_the_listener_are_the_ones_told(row: str) -> None:
    assert row in (ROOT / "docs/security.md").read_text(encoding="utf-8")
