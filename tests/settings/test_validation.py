"""Everything wrong is told at once, each with its place and the likely meaning."""

import pytest

from orouter.settings import ConfigurationError, load

BROKEN = """\
server:
  prot: 9000
  port: eighty
  host: 127.0.0.1
  host: 0.0.0.0
port: 8000
colour: red
providers:
  openai: {typ: openai, api_key: ${NOPE}}
routing:
  max_retries: 9
  unpriced: alow
"""


def test_all_problems_at_once(read):
    with pytest.raises(ConfigurationError) as caught:
        read(BROKEN, OROUTER_SERVER__WORKRES="4", OROUTER_METRICS__ENABLED="maybe")
    assert caught.value.message.splitlines() == [
        "11 problems in the configuration:",
        "  orouter.yaml:5: server.host is there already, on line 4",
        "  orouter.yaml:9: ${NOPE} is not set in the environment and has no default",
        "  orouter.yaml:3: server.port must be a whole number",
        "  orouter.yaml:2: server.prot is not known; did you mean server.port?",
        (
            "  environment variable OROUTER_SERVER__WORKRES: server.workres is not known; "
            "did you mean server.workers?"
        ),
        "  orouter.yaml:9: providers.openai.typ is not known; did you mean providers.openai.type?",
        "  orouter.yaml:11: routing.max_retries must be at most 3",
        "  orouter.yaml:12: routing.unpriced must be 'allow' or 'refuse'",
        "  environment variable OROUTER_METRICS__ENABLED: metrics.enabled must be true or false",
        "  orouter.yaml:6: port is not known; did you mean server.port?",
        "  orouter.yaml:7: colour is not known",
    ]
    assert caught.value.exit_code == 2
    assert "config check" in str(caught.value.hint)


def test_one_problem_is_one_line(refused):
    assert refused("\n\nsrver: {}") == ["orouter.yaml:3: srver is not known; did you mean server?"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"flags": {"server.port": 0.5}}, "flag: server.port must be a whole number"),
        (
            {"stored": {"models": {"a/b": {"contxt": 1}}}},
            "stored: models.a/b.contxt is not known; did you mean models.a/b.context?",
        ),
    ],
)
def test_flags_and_stored_values_are_checked_alike(given, problem):
    with pytest.raises(ConfigurationError) as caught:
        load(environ={}, **given)
    assert caught.value.message == problem
