"""The real thing, started as a newcomer does."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from orouter.cli.addresses import next_free


@contextmanager
def started(place: Path, *argv: str):
    """A server in a process of its own, and the address where it answers."""
    port = next_free("127.0.0.1", 18_400)
    command = [sys.executable, "-m", "orouter", *argv, "--port", str(port)]
    with (place / "out").open("w") as out, (place / "err").open("w") as err:
        server = subprocess.Popen(command, cwd=place, stdout=out, stderr=err)  # noqa: S603 - our own command line
        try:
            yield server, f"http://127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait()


def answered(url: str, deadline: float = 30, **request: object) -> int:
    """The status of the first answer; fails after ``deadline`` seconds without one."""
    end = time.monotonic() + deadline
    while True:
        try:
            asked = urllib.request.Request(url, **request)  # noqa: S310  http to ourselves
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310  as above
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture
def place(bare, tmp_path):
    return tmp_path


def test_what_quickstart_prints_works_as_pasted(place):
    with started(place, "quickstart") as (server, url):
        assert answered(f"{url}/health") == 200
        printed = (place / "out").read_text()
        key = re.search(r"OPENAI_API_KEY=(\S+)", printed)[1]
        body = re.search(r"-d '(.+)'", printed)[1].encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        chat = f"{url}/v1/chat/completions"
        assert chat in printed
        assert answered(chat, data=body, headers=headers) == 200
        assert answered(chat, data=body, headers=headers | {"Authorization": "Bearer x"}) == 401
        server.terminate()
        assert server.wait(20) == 0
    written = (place / "logs/orouter.log").read_text() + (place / "err").read_text()
    assert '"event":"request"' in written
    assert key not in written


def test_several_workers_answer(cli, tmp_path):
    with started(tmp_path, "serve", "--workers", "2", "--demo") as (server, url):
        assert answered(f"{url}/health") == 200
        server.terminate()
        assert server.wait(30) == 0
