"""The whole set-up, as the server makes it."""

import io
import json
import logging
import subprocess
import sys
import warnings

import pytest

from orouter import logs
from orouter.errors import ConfigurationError
from orouter.settings import load

CANARY = "canary-0123456789"


@pytest.fixture
def console():
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield stream
    logs.close()
    logging.captureWarnings(capture=False)
    root.handlers[:], level = before
    root.setLevel(level)


def events(text):
    return [json.loads(line) for line in text.splitlines()]


def test_the_settings_fit_the_set_up(console, tmp_path):
    options = load(environ={}, flags={"logging.file": str(tmp_path / "x.log")}).logging
    logs.configure(**options.model_dump(), stream=console)
    logs.get_logger("orouter.test").info("ingested", rows=5)
    [event] = events(console.getvalue())
    assert (event["event"], event["rows"], event["level"]) == ("ingested", 5, "info")
    assert event["logger"] == "orouter.test"
    assert event["timestamp"].endswith("Z")
    assert events((tmp_path / "x.log").read_text()) == [event]


def test_no_file_where_none_is_asked_for(console, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = load(environ={"OROUTER_LOGGING__FILE": "none"}).logging
    logs.configure(**options.model_dump(), stream=console)
    logs.get_logger("t").info("x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_a_configuration_error(console, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"cannot be written"):
        logs.configure(file=str(tmp_path / "file/x.log"), stream=console)


def test_libraries_go_through_the_same_processors(console):
    logging.getLogger("uvicorn").propagate = False  # as uvicorn's own configuration leaves it
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())
    logs.configure(level="DEBUG", format="json", stream=console)
    logging.getLogger("uvicorn.error").info("listening on %s", "Bearer abcdefgh")
    logging.getLogger("sqlalchemy.engine").info("SELECT")
    logging.getLogger("httpx").info("GET https://h/?key=1")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("careful", stacklevel=1)
    seen = [(event["logger"], event["event"]) for event in events(console.getvalue())]
    assert seen[0] == ("uvicorn.error", "listening on Bearer ***")
    assert [name for name, _ in seen] == ["uvicorn.error", "py.warnings"]


def test_levels_can_change_while_running(console):
    logs.configure(level="WARNING", format="json", stream=console)
    log = logs.get_logger("t")
    log.info("not this")
    assert not logs.access().enabled
    logs.set_level("DEBUG")
    log.debug("but this")
    assert logs.access().enabled
    assert [event["event"] for event in events(console.getvalue())] == ["but this"]


@pytest.mark.parametrize("shape", ["json", "console"])
def test_no_secret_in_any_format_at_the_lowest_level(console, tmp_path, shape):
    file = tmp_path / "x.log"
    logs.configure(level="DEBUG", format=shape, file=str(file), stream=console)
    logs.keep_secret(CANARY)
    log = logs.get_logger("t").bind(bound=CANARY)
    try:
        local = CANARY
        int(local)
    except ValueError:
        log.exception("failed with %s", CANARY, header={"x-api-key": CANARY}, raw=CANARY.encode())
        logging.getLogger("asyncio").exception("task died: %s", CANARY)
    logs.access().write(
        logs.AccessRecord(
            time_us=0, request_id="r", method="GET", path=f"/{CANARY}", status=404, latency_us=1
        )
    )
    logs.close()
    both = console.getvalue() + file.read_text()
    assert both.count("ValueError: invalid literal") == 4
    assert both.count("/***") >= 2
    assert CANARY not in both


def test_a_line_for_people_is_short_and_in_one_piece(console):
    logs.configure(format="console", stream=console)
    logs.get_logger("t").warning("a\nb", c=1)
    [line] = console.getvalue().splitlines()
    assert line.endswith("[warning  ] a\\nb [t] c=1")


def test_nothing_is_lost_when_the_process_ends(tmp_path):
    script = """
from orouter import logs
logs.configure(format="json", file="x.log")
for number in range(3000):
    logs.access().write(logs.AccessRecord(
        time_us=number, request_id="r", method="GET", path="/", status=200, latency_us=1))
"""
    done = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True
    )
    assert len((tmp_path / "x.log").read_bytes().splitlines()) == 3000
    assert len(done.stderr.splitlines()) == 3000
