"""The Chinese README says what the English one says: same sections, examples, tables and links."""

import re

import pytest

from tests.house.source import ROOT

PAGES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
BLOCK = re.compile(r"(?:^<!-- [^\n]* -->\n)?^```.*?^```$", re.MULTILINE | re.DOTALL)


def outside(page: str) -> str:
    """The page without its examples."""
    return BLOCK.sub("", page)


def levels(page: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", outside(page), re.MULTILINE)]


def rows(page: str) -> list[int]:
    """How many cells each row of the tables has."""
    return [line.count("|") for line in outside(page).splitlines() if line.startswith("|")]


def links(page: str) -> list[str]:
    return sorted(
        target for target in re.findall(r"\]\(([^)#]+)\)", page) if not target.startswith("README")
    )


def paragraphs_that_begin_bold(page: str) -> int:
    return len(re.findall(r"^\*\*", outside(page), re.MULTILINE))


def words_of_code(page: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", outside(page).replace("\n", " ")))


@pytest.mark.parametrize(
    "part", [levels, BLOCK.findall, rows, links, paragraphs_that_begin_bold], ids=str
)
def test_both_readmes_have_the_same(part) -> None:
    english, chinese = map(part, PAGES)
    assert chinese == english


def test_what_is_typed_or_read_by_programs_is_not_translated() -> None:
    english, chinese = map(words_of_code, PAGES)
    assert english - chinese <= {"provider/model"}
    assert chinese - english <= {"供应商/模型"}


def test_each_leads_to_the_other() -> None:
    assert "(README.zh.md)" in PAGES[0]
    assert "(README.md)" in PAGES[1]
