from collections import Counter

import pytest

from tests.closing_lines import database_of, line

pytest_plugins = ["pytester"]


def test_parameters_name_the_database() -> None:
    named = {
        "tests/db/test_upsert.py::test_twice[mysql]": "MySQL/MariaDB",
        "tests/db/test_upsert.py::test_twice[mariadb-3]": "MySQL/MariaDB",
        "tests/db/test_upsert.py::test_twice[3-PostgreSQL]": "PostgreSQL",
        "tests/db/test_sqlite.py::test_alone": None,
    }
    assert {nodeid: database_of(nodeid) for nodeid in named} == named


def test_a_line_counts_and_gives_reasons() -> None:
    told = line("Redis", Counter(passed=2, skipped=1), {"no answer"})
    assert told == "Redis: 2 passed, 1 skipped (no answer)"


def test_a_run_ends_with_what_ran_where(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        @pytest.mark.parametrize("database", ["sqlite", "postgresql"])
        def test_it(database):
            if database == "postgresql":
                pytest.skip("127.0.0.1:5432 does not answer")
    """)
    result = pytester.runpytest_subprocess("-p", "tests.closing_lines", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(
        [
            "SQLite: 1 passed",
            "MySQL/MariaDB: no tests",
            "PostgreSQL: 1 skipped (127.0.0.1:5432 does not answer)",
            "Redis: no tests",
        ]
    )
