"""Several workers as one node."""

from orouter.telemetry import families as of
from orouter.telemetry.samples import Histogram, Sample, Snapshot, decode, encode, merged, sample


def test_counters_add_up_and_gauges_do_what_their_family_says() -> None:
    one = Snapshot([sample(of.ERRORS, 2, "overloaded"), sample(of.LAG, 3), sample(of.WORKERS, 1)])
    two = Snapshot([sample(of.ERRORS, 5, "overloaded"), sample(of.LAG, 1), sample(of.WORKERS, 1)])
    up = [Snapshot([sample(of.DATABASE_UP, value)]) for value in (1, 0)]
    found = {(each.family, each.labels): each.value for each in merged([one, two, *up]).samples}
    assert found == {
        (of.ERRORS.name, ("overloaded",)): 7,
        (of.LAG.name, ()): 3,
        (of.WORKERS.name, ()): 2,
        (of.DATABASE_UP.name, ()): 0,
    }


def test_histograms_add_up_bucket_by_bucket() -> None:
    parts = []
    for seconds in (0.01, 0.02, 1000.0):
        histogram = Histogram()
        histogram.observe(seconds)
        parts.append(Snapshot([histogram.sample(of.FIRST_TOKEN, "openai", "openai/gpt-4")]))
    [whole] = merged(parts).samples
    assert whole.buckets[:2] == [1, 1]
    assert whole.buckets[-1] == 1
    assert whole.value == 1000.03


def test_of_the_dead_only_what_counts_on_is_left() -> None:
    snapshot = Snapshot([sample(of.SETTLED, 2), sample(of.IN_FLIGHT, 3)])
    assert [each.family for each in snapshot.departed().samples] == [of.SETTLED.name]


def test_a_snapshot_comes_back_without_what_this_version_does_not_know() -> None:
    known = sample(of.SETTLED, 2)
    snapshot = Snapshot([known, Sample("orouter_of_tomorrow", (), 1)])
    assert decode(encode(snapshot)).samples == [known]
