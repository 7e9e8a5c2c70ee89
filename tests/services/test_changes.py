import threading
import time

from sqlmodel import Session, col, select

from orouter.db.session import Database
from orouter.models import Organization, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import changes, organizations

WRITERS, EACH = 4, 8


def test_every_bump_is_the_next_number(database: Database) -> None:
    assert [database.call(changes.bump) for _ in range(3)] == [1, 2, 3]
    assert database.call(changes.current) == 3


def test_a_rolled_back_mutation_never_happened(database: Database) -> None:
    def fail(session: Session) -> None:
        changes.bump(session)
        raise RuntimeError

    try:
        database.call(fail)
    except RuntimeError:
        assert database.call(changes.current) == 0


def write(database: Database, writer: int) -> None:
    for number in range(EACH):
        new = OrganizationCreate(name=f"{writer}/{number}")
        database.call(organizations.create, new, CLI)


def versions(session: Session) -> list[int]:
    return sorted(session.exec(select(col(Organization.version))))


def test_who_sees_a_value_has_every_change_up_to_it(database: Database) -> None:
    """Were numbers given in one order and committed in another, a poller would miss a change."""
    threads = [threading.Thread(target=write, args=(database, n)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    seen = 0
    deadline = time.monotonic() + 30
    while seen < WRITERS * EACH and time.monotonic() < deadline:
        with database.read() as session:
            seen = changes.current(session)
        with database.read() as session:
            assert versions(session)[:seen] == list(range(1, seen + 1))
    for thread in threads:
        thread.join()
    assert seen == WRITERS * EACH
