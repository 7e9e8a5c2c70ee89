from collections import Counter

import pytest

from tests.closing_lines import line

pytest_plugins = ["pytester"]


def test_a_line_counts_and_gives_reasons() -> None:
    told = line("Redis", Counter(passed=2, skipped=1), {"no answer"})
    assert told == "Redis: 2 passed, 1 skipped (no answer)"


def test_a_run_ends_with_what_ran_where(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.fixture
        def sqlite(): ...

        @pytest.mark.parametrize("database", ["sqlite", "postgresql"])
        def test_on_each(database):
            if database == "postgresql":
                pytest.skip("127.0.0.1:5432 does not answer")

        def test_on_one(sqlite): ...

        @pytest.mark.parametrize("url", ["mysql://host"])
        def test_on_none(url): ...
    """)
    result = pytester.runpytest_subprocess("-p", "tests.closing_lines", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(
        [
            "SQLite: 2 passed",
            "MySQL/MariaDB: no tests",
            "PostgreSQL: 1 skipped (127.0.0.1:5432 does not answer)",
            "Redis: no tests",
        ]
    )
