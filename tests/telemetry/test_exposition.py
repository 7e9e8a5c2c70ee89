"""What Prometheus' own parser makes of the text."""

from prometheus_client.parser import text_string_to_metric_families

from orouter.telemetry import families as of
from orouter.telemetry.exposition import text
from orouter.telemetry.samples import Histogram, Snapshot, sample


def parsed(snapshot: Snapshot) -> dict[str, list[tuple[str, dict[str, str], float]]]:
    return {
        family.name: [(each.name, each.labels, each.value) for each in family.samples]
        for family in text_string_to_metric_families(text(snapshot))
    }


def test_every_kind_is_read_back() -> None:
    histogram = Histogram()
    for seconds in (0.005, 0.3, 0.4, 999):
        histogram.observe(seconds)
    snapshot = Snapshot(
        [
            sample(of.COST, 0.125, "openai", "openai/gpt-4"),
            histogram.sample(of.FIRST_TOKEN, "openai", "openai/gpt-4"),
            sample(of.IN_FLIGHT, 3),
        ]
    )
    found = parsed(snapshot)
    labels = {"provider": "openai", "model": "openai/gpt-4"}
    assert found["orouter_cost_usd"] == [("orouter_cost_usd_total", labels, 0.125)]
    assert found["orouter_requests_in_flight"] == [("orouter_requests_in_flight", {}, 3)]
    series = found["orouter_time_to_first_token_seconds"]
    counts = {each[1]["le"]: each[2] for each in series if each[0].endswith("_bucket")}
    assert (counts["0.01"], counts["0.25"], counts["0.5"], counts["+Inf"]) == (1, 1, 3, 4)
    assert series[-1][2] == 4
    assert series[-2][2] == 999.705


def test_a_name_with_anything_in_it_stays_one_label() -> None:
    org = 'Müller "&" \\ Co.\n# TYPE x'
    found = parsed(Snapshot([sample(of.LIMIT_USED, 0.5, "org_1", org, "month", "cost")]))
    [(_, labels, _)] = found["orouter_limit_used_ratio"]
    assert labels["org"] == org
