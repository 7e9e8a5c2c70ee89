"""What is counted of a request, and under which labels."""

from typing import Any

from orouter.logs import AccessRecord
from orouter.services import tally as counting
from orouter.services.tally import Tally
from orouter.telemetry import families as of
from orouter.telemetry.families import Family
from orouter.telemetry.samples import Snapshot, merged
from tests.usage.made import settlement

MODEL = "openai/gpt-4"
NAMES = ("openai", MODEL)


def record(path: str = "/v1/chat/completions", **fields: Any) -> AccessRecord:
    made = {
        "time_us": 1,
        "request_id": "req",
        "method": "POST",
        "status": 200,
        "latency_us": 40_000,
    }
    return AccessRecord(path=path, **(made | fields))


class Counted:
    """A tally that knows one model, and what it has counted."""

    def __init__(self) -> None:
        self.tally = Tally(enabled=True)
        self.tally.knows = lambda model: model == MODEL

    def serve(self, status: int = 200, **fields: Any) -> None:
        made = {"model": MODEL, "provider": "openai", "status": status, "attempts": 1}
        settled = settlement(**(made | fields))
        self.tally.finish(record(status=status, code=settled.code), settled)

    def of(self, family: Family) -> dict[tuple[str, ...], float]:
        self.tally.count()
        whole = merged([Snapshot(list(self.tally.samples()))])
        return {each.labels: each.value for each in whole.samples if each.family == family.name}


def test_a_request_is_counted_with_what_it_used() -> None:
    counted = Counted()
    counted.serve(prompt_tokens=100, completion_tokens=7, cached_tokens=40, cost=2_000_000)
    counted.serve(prompt_tokens=1, completion_tokens=1, cost=None, stream=True, ttft=30_000)
    assert counted.of(of.REQUESTS) == {
        (*NAMES, "2xx", "false"): 1,
        (*NAMES, "2xx", "true"): 1,
    }
    tokens = {labels[2]: count for labels, count in counted.of(of.TOKENS).items()}
    assert tokens == {"input": 101, "output": 8, "cached": 40}
    assert counted.of(of.COST) == {NAMES: 0.002}
    assert counted.of(of.UNPRICED) == {NAMES: 1}
    assert counted.of(of.FIRST_TOKEN) == {NAMES: 0.03}
    assert counted.of(of.DURATION) == {(*NAMES, "false"): 0.04, (*NAMES, "true"): 0.04}
    assert counted.of(of.ATTEMPTS) == {("openai", "ok"): 2}
    assert counted.of(of.SETTLED) == {(): 2}


def test_a_failure_is_counted_by_its_code_and_each_attempt_by_its_own() -> None:
    counted = Counted()
    tries = (
        '[{"provider":"openai","model":"m","status":503,"ms":1,"code":"upstream_unavailable"},'
        '{"provider":"other","model":"m","status":200,"ms":1}]'
    )
    counted.serve(tries=tries)
    counted.serve(502, code="upstream_error", attempts=0, counted=False)
    assert counted.of(of.ERRORS) == {("upstream_error",): 1}
    assert counted.of(of.ATTEMPTS) == {("openai", "upstream_unavailable"): 1, ("other", "ok"): 1}


def test_models_that_nobody_knows_are_other() -> None:
    counted = Counted()
    for n in range(300):
        counted.serve(404, model=f"openai/junk-{n}", counted=False)
    assert counted.of(of.REQUESTS) == {("openai", "other", "4xx", "false"): 300}


def test_models_that_answered_have_their_names_up_to_a_bound() -> None:
    counted = Counted()
    for n in range(counting.MOST_UNLISTED + 50):
        counted.serve(model=f"openai/tuned-{n}")
    series = counted.of(of.REQUESTS)
    assert len(series) == counting.MOST_UNLISTED + 1
    assert series["openai", "other", "2xx", "false"] == 50


def test_paths_are_few() -> None:
    counted = Counted()
    for path in (
        "/health",
        "/v1/models/a",
        "/v1/models/b",
        "/api/v1/orgs/x",
        "/wp-login.php",
        "/x",
    ):
        counted.tally.finish(record(path, status=404), None)
    assert counted.of(of.HTTP) == {
        ("/health", "4xx"): 1,
        ("/v1/models/", "4xx"): 2,
        ("/api/v1/", "4xx"): 1,
        ("other", "4xx"): 2,
    }


def test_warnings_are_counted() -> None:
    counted = Counted()
    counted.tally.warned("org", "cost")
    assert counted.of(of.LIMIT_WARNINGS) == {("org", "cost"): 1}


def test_nothing_is_kept_while_nobody_counts() -> None:
    tally = Tally()
    tally.finish(record(), settlement())
    assert not tally._finished
