from orouter.upstream.breaker import LONGEST_REST_S, Breaker


def broken(now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(5):
        breaker.failed(now, spread=1.0)
    return breaker


def test_five_failures_in_a_row_open_it_for_thirty_seconds() -> None:
    breaker = Breaker()
    for n in range(4):
        breaker.failed(0.0, spread=1.0)
        assert breaker.allows(0.0, last_place=False), n
    breaker.failed(0.0, spread=1.0)
    assert not breaker.allows(29.9, last_place=False)
    assert breaker.waits_s(10.0) == 20.0


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker()
    for _ in range(4):
        breaker.failed(0.0)
    breaker.succeeded(0.0)
    breaker.failed(0.0)
    assert not breaker.is_open


def test_more_than_half_of_twenty_open_it_too() -> None:
    breaker = Breaker()
    for n in range(20):
        if n % 5 == 1 or n % 5 == 3:
            breaker.succeeded(1.0)
        else:
            breaker.failed(1.0, spread=1.0)
    assert breaker.is_open


def test_failures_of_long_ago_do_not_count() -> None:
    breaker = Breaker()
    for n in range(100):
        now = float(n * 4)
        breaker.failed(now, spread=1.0)
        breaker.succeeded(now)
    assert not breaker.is_open


def test_one_probe_goes_after_the_rest_and_closes_it() -> None:
    breaker = broken()
    assert breaker.allows(30.0, last_place=False)
    assert not breaker.allows(30.0, last_place=False)
    breaker.succeeded(30.5)
    assert breaker.allows(30.5, last_place=False)


def test_a_failed_probe_doubles_the_rest_up_to_a_bound() -> None:
    breaker, now = broken(), 0.0
    rests = []
    for _ in range(6):
        now = breaker.reopens_at
        assert breaker.allows(now, last_place=False)
        breaker.failed(now, spread=1.0)
        rests.append(breaker.reopens_at - now)
    assert rests == [60.0, 120.0, 240.0, LONGEST_REST_S, LONGEST_REST_S, LONGEST_REST_S]


def test_the_last_place_is_probed_each_second() -> None:
    breaker = broken()
    assert breaker.allows(1.0, last_place=True)
    assert not breaker.allows(1.5, last_place=True)
    assert breaker.allows(2.0, last_place=True)


def test_rests_are_spread() -> None:
    rests = {broken().reopens_at for _ in range(5)}
    unspread = Breaker()
    for _ in range(5):
        unspread.failed(0.0)
    assert rests == {30.0}
    assert 30.0 <= unspread.reopens_at <= 45.0
