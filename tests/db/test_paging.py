import pytest
from sqlmodel import Session, col, select

from orouter.db.paging import contains, page_of, sort_order
from orouter.db.session import Database
from orouter.errors import InvalidRequest
from orouter.models import Organization
from orouter.models.base import now
from orouter.schemas.pages import Listing

COLUMNS = {name: col(getattr(Organization, name)) for name in ("created_at", "name", "id")}


def seed(session: Session, *names: str) -> None:
    at = now()
    for name in names:
        given = {"name": name, "name_key": name, "version": 1, "created_at": at}
        session.add(Organization.model_validate(given))


def listed(session: Session, listing: Listing) -> tuple[list[str], int]:
    query = select(Organization).where(contains(listing.search, col(Organization.name)))
    rows, total = page_of(session, query, listing, COLUMNS)
    return [row.name for row in rows], total


def test_pages_follow_each_other_without_gap_or_repetition(database: Database) -> None:
    """All rows are of the same moment: only the tie-breaker gives them an order."""
    database.call(seed, *"abcdefg")
    pages = [database.call(listed, Listing(page=n, page_size=3)) for n in (1, 2, 3, 4)]
    assert sorted(name for names, _ in pages for name in names) == list("abcdefg")
    assert [len(names) for names, _ in pages] == [3, 3, 1, 0]
    assert {total for _, total in pages} == {7}


def test_sorted_by_code_point_on_every_database(database: Database) -> None:
    database.call(seed, "b", "B", "a", "ä", "Z", "😀")
    names, _ = database.call(listed, Listing(sort="name"))
    assert names == ["B", "Z", "a", "b", "ä", "😀"]
    assert database.call(listed, Listing(sort="-name"))[0] == names[::-1]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("%", ["100%"]),
        ("_", ["a_b"]),
        ("/", ["a/b"]),
        ("'", ["o'neil"]),
        ("\\", ["back\\slash"]),
        ("NEIL", ["o'neil"]),
        ("' OR 1=1 --", []),
        ("😀", ["😀"]),
    ],
)
def test_a_search_has_no_wildcards(database: Database, search: str, found: list[str]) -> None:
    database.call(seed, "100%", "a_b", "a/b", "axb", "o'neil", "back\\slash", "😀")
    assert database.call(listed, Listing(search=search))[0] == found


@pytest.mark.parametrize("sort", ["digest", "name; DROP TABLE api_keys", "--name", "name DESC", ""])
def test_only_known_columns_are_sorted_by(sort: str) -> None:
    with pytest.raises(InvalidRequest, match="created_at, name, id"):
        sort_order(sort, COLUMNS)
