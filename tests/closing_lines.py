"""A pytest plugin: the last lines of a run say what ran on which database, and what did not.

A test belongs to the database that its parameter ``database`` or ``backend`` names, or else to the
one that a fixture of it is called after.
"""

from collections import Counter, defaultdict

import pytest

DATABASES = {
    "sqlite": "SQLite",
    "mysql": "MySQL/MariaDB",
    "postgresql": "PostgreSQL",
    "redis": "Redis",
}


def database_of(item: pytest.Item) -> str | None:
    """One of ``DATABASES``, or None for a test that needs no database."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    named = next(
        (parameters[each] for each in ("database", "backend", "own_url") if each in parameters),
        None,
    )
    fixtures = getattr(item, "fixturenames", ())
    return next((each for each in DATABASES if each == named or each in fixtures), None)


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
        self.databases: dict[str, str] = {}
        self.outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.reasons: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        if database := database_of(item):
            self.databases[item.nodeid] = database

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        database = self.databases.get(report.nodeid)
        if database is None or (report.when != "call" and report.outcome == "passed"):
            return
        self.outcomes[database][report.outcome] += 1
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons[database].add(str(report.longrepr[2]).removeprefix("Skipped: "))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.outcomes:
            terminalreporter.section("databases")
            for each, name in DATABASES.items():
                terminalreporter.write_line(line(name, self.outcomes[each], self.reasons[each]))


def pytest_configure(config: pytest.Config) -> None:
    """Take part in this run."""
    config.pluginmanager.register(ClosingLines())
