import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from orouter.db.session import Database
from orouter.db.upsert import insert_missing, upsert

TABLE = SQLModel.metadata.tables["limit_counters"]


def row(subject: str, requests: int, tokens: int = 0) -> dict[str, object]:
    filled: dict[str, object] = {column.name: 0 for column in TABLE.columns}
    key: dict[str, object] = {"scope": "org", "subject_id": subject, "period_key": "2026-11"}
    return filled | key | {"used_requests": requests, "used_tokens": tokens}


def stored(session: Session) -> list[tuple[str, int, int]]:
    columns = (TABLE.c.subject_id, TABLE.c.used_requests, TABLE.c.used_tokens)
    rows = session.connection().execute(sa.select(*columns).order_by(TABLE.c.subject_id))
    return [(subject, requests, tokens) for subject, requests, tokens in rows]


def test_rows_that_are_there_are_left_alone(database: Database) -> None:
    database.call(insert_missing, TABLE, [row("a", 1), row("b", 1)])
    database.call(insert_missing, TABLE, [row("b", 9), row("c", 9)])
    assert database.call(stored) == [("a", 1, 0), ("b", 1, 0), ("c", 9, 0)]


def test_rows_that_are_there_are_added_to_or_replaced(database: Database) -> None:
    for _ in range(2):
        rows = [row("a", 1, 5), row("b", 2, 6)]
        database.call(upsert, TABLE, rows, add=["used_requests"], replace=["used_tokens"])
    assert database.call(stored) == [("a", 2, 5), ("b", 4, 6)]


async def test_it_works_on_the_event_loop(async_database: Database) -> None:
    for _ in range(2):
        await async_database.run(upsert, TABLE, [row("a", 1), row("b", 1)], add=["used_requests"])
    assert await async_database.run_readonly(stored) == [("a", 2, 0), ("b", 2, 0)]


def test_no_rows_are_no_statement(database: Database) -> None:
    database.call(upsert, TABLE, [], add=["used_requests"])
    assert database.call(stored) == []
