"""Put load on a contender, and say what it did and what it cost."""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.stand.contenders import OUT, Contender, compiled
from benchmarks.stand.processes import LOAD_CORE, cpu_seconds, family, pinned

SETTLE_S = 0.5
AT_REST_S = 0.02
"""What a round leaves behind, as journalled usage, is counted to that round: until each process
spends no more CPU than this in half a second, a twenty-fifth of a core."""
QUESTION = (
    "Explain in one paragraph what a gateway does with a request, and what of it takes time. "
)
SHORT = 5
LONG = 510
"""Of that sentence: 0.5 kB and 45 kB."""

Round = Mapping[str, float]


@dataclass(frozen=True)
class Scenario:
    """A way of calling: how many connections at a time, whether they stream, how long the prompt.

    ``rate`` is requests per second at a constant pace; without it each connection sends its next
    request when it has its answer. Connections start within ``ramp`` seconds. What the mock speaks
    depends on the ``path``.
    """

    name: str
    connections: int
    streams: bool = False
    sentences: int = SHORT
    rate: float | None = None
    ramp: float = 0.0
    warm_up: float = 0.0
    model: str = "openai/gpt-4.1"
    path: str = "/v1/chat/completions"

    def body(self) -> dict[str, Any]:
        """The chat request that every connection sends again and again."""
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "user", "content": QUESTION * self.sentences}],
            "temperature": 0.7,
            "max_tokens": 256,
        }
        if self.streams:
            request |= {"stream": True, "stream_options": {"include_usage": True}}
        return request


def command(scenario: Scenario, contender: Contender, seconds: float) -> list[str]:
    """How load.c is called for it."""
    OUT.mkdir(exist_ok=True)
    body = OUT / "body.json"
    written = json.dumps(scenario.body(), separators=(",", ":"))  # as the SDKs do
    body.write_text(written, encoding="utf-8")
    words: list[object] = [compiled("load"), "-p", contender.port, "-c", scenario.connections]
    words += ["-u", scenario.path, "-b", body, "-w", scenario.warm_up, "-d", seconds]
    for header in (f"Authorization: Bearer {contender.key}", *contender.headers):
        words += ["-H", header]
    words += ["-s"] if scenario.streams else []
    words += ["-R", scenario.rate] if scenario.rate else []
    words += ["-r", scenario.ramp] if scenario.ramp else []
    return [str(word) for word in words]


def drive(scenario: Scenario, contender: Contender, seconds: float) -> dict[str, float]:
    """One round of load: what load.c reports, and the contender's CPU in microseconds.

    Raises RuntimeError if a request was not answered.
    """
    before = cpu_seconds(contender.pid) if contender.pid else 0.0
    with pinned(LOAD_CORE):
        done = subprocess.run(
            command(scenario, contender, seconds), stdout=subprocess.PIPE, check=True
        )
    spent = _spent_until_rest(contender.pid) if contender.pid else 0.0
    round_: dict[str, float] = json.loads(done.stdout)
    if not (round_["good"] or round_.get("chunks")) or round_["bad"] or round_["errors"]:
        raise RuntimeError(f"{contender.name} did not answer every request: {round_}")
    if contender.pid:
        round_["cpu_us"] = (spent - before) * 1e6
    return round_


def _spent_until_rest(pid: int) -> float:
    """CPU seconds since its start, when it has done what there was to do."""
    spent = cpu_seconds(pid)
    for _ in range(60):
        time.sleep(SETTLE_S)
        known, spent = spent, cpu_seconds(pid)
        if spent - known <= AT_REST_S * len(family(pid)):
            break
    return spent


def in_turn(
    scenario: Scenario, field: Sequence[Contender], rounds: int, seconds: float
) -> dict[str, list[dict[str, float]]]:
    """Drive every contender in turn, ``rounds`` times, after a short round that only warms up."""
    taken: dict[str, list[dict[str, float]]] = {contender.name: [] for contender in field}
    for contender in field:
        drive(scenario, contender, seconds=0.3)
    for _ in range(rounds):
        for contender in field:
            taken[contender.name].append(drive(scenario, contender, seconds))
    return taken


def per(rounds: Sequence[Round], unit: str) -> float | None:
    """CPU microseconds for each request (``good``) or chunk (``chunks``): the rounds' median."""
    costs = [r["cpu_us"] / r[unit] for r in rounds if "cpu_us" in r]
    return median(costs) if costs else None


def ratios(cost: Mapping[str, float | None]) -> list[str]:
    """Each contender's cost in units of nginx's, in words; empty where nginx took no part."""
    nginx = cost.get("nginx")
    if not nginx:
        return ["nginx is not installed: no ratios"]
    return [
        f"{name} takes {value / nginx:.1f} times the CPU of nginx"
        for name, value in cost.items()
        if value and name != "nginx"
    ]
