"""A pytest plugin: the last lines of a run say what ran on which database, and what did not.

A test belongs to a database when its parameters name it: ``test_upsert[mysql]``.
"""

import re
from collections import Counter, defaultdict

import pytest

DATABASES = {
    "SQLite": re.compile("sqlite"),
    "MySQL/MariaDB": re.compile("mysql|mariadb"),
    "PostgreSQL": re.compile("postgres"),
    "Redis": re.compile("redis"),
}


def database_of(nodeid: str) -> str | None:
    """The database that the parameters of a test name."""
    parameters = nodeid.partition("[")[2].lower()
    return next((name for name, words in DATABASES.items() if words.search(parameters)), None)


def line(name: str, outcomes: Counter[str], reasons: set[str]) -> str:
    """What one database is told: counts, and why tests of it were left out."""
    if not outcomes:
        return f"{name}: no tests"
    counts = ", ".join(
        f"{outcomes[each]} {each}" for each in ("passed", "failed", "skipped") if outcomes[each]
    )
    return f"{name}: {counts}" + "".join(f" ({reason})" for reason in sorted(reasons))


class ClosingLines:
    """Counts the outcomes of the tests of each database."""

    def __init__(self) -> None:
        self.outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.reasons: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        database = database_of(report.nodeid)
        if database is None or (report.when != "call" and report.outcome == "passed"):
            return
        self.outcomes[database][report.outcome] += 1
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons[database].add(str(report.longrepr[2]).removeprefix("Skipped: "))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.outcomes:
            terminalreporter.section("databases")
            for name in DATABASES:
                terminalreporter.write_line(line(name, self.outcomes[name], self.reasons[name]))


def pytest_configure(config: pytest.Config) -> None:
    """Take part in this run."""
    config.pluginmanager.register(ClosingLines())
