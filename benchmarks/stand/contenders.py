"""The gateway and what it is compared with, each in front of the same mock provider."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from benchmarks.stand.processes import (
    LOAD_CORE,
    SERVER_CORE,
    answers,
    free_port,
    listens,
    running,
    wait_until,
)

SOURCES = Path(__file__).parents[1]
OUT = SOURCES / "out"
OROUTER = Path(sys.executable).with_name("orouter")

NGINX_CONFIGURATION = """
worker_processes 1; daemon off; pid nginx.pid; error_log nginx.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s;
  client_body_buffer_size 128k; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream mock {{ server 127.0.0.1:{mock}; keepalive 1024; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://mock; proxy_http_version 1.1; proxy_buffering off;
      proxy_set_header Connection ""; proxy_set_header Authorization "Bearer sk-mock";
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Contender:
    """Who answers on ``port``; no ``pid`` for the mock itself, whose cost is not of interest.

    ``headers`` are lines that its callers send besides their key.
    """

    name: str
    port: int
    pid: int | None = None
    key: str = "sk-mock"
    headers: tuple[str, ...] = ()


def compiled(name: str) -> Path:
    """The program of ``benchmarks/<name>.c``, built anew when its source is newer."""
    source, program = SOURCES / f"{name}.c", OUT / name
    OUT.mkdir(exist_ok=True)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", program, source], check=True)
    return program


@contextmanager
def mock(
    work: Path, *, delay_ms: int = 0, chunks: int = 200, interval_ms: int = 0, port: int = 0
) -> Iterator[Contender]:
    """A provider that answers after ``delay_ms``, streams in one write if there is no interval."""
    port = port or free_port()
    command = [compiled("mock"), f"{port}:{delay_ms}:{chunks}:{interval_ms}"]
    with running(command, LOAD_CORE, work / "mock.log"):
        wait_until(lambda: listens(port), "the mock provider")
        yield Contender("direct", port)


@contextmanager
def nginx(work: Path, upstream: int) -> Iterator[Contender | None]:
    """nginx's ``proxy_pass`` to the mock; None where nginx is not installed."""
    program = which("nginx") or which("nginx", path="/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    configuration = work / "nginx.conf"
    configuration.write_text(NGINX_CONFIGURATION.format(mock=upstream, port=port), encoding="utf-8")
    command = [program, "-p", work, "-c", configuration]
    with running(command, SERVER_CORE, work / "nginx.out") as pid:
        wait_until(lambda: listens(port), "nginx")
        yield Contender("nginx", port, pid)


def configured(work: Path, upstream: int) -> dict[str, str]:
    """Write a configuration with SQLite and the mock as each kind of provider that it can be.

    Gives orouter's environment.
    """
    address, key = f"http://127.0.0.1:{upstream}", {"api_key": "sk-mock-0000000000000000"}
    configuration = {
        "secret_key": secrets.token_hex(32),
        "database": {"url": f"sqlite:///{work / 'orouter.db'}"},
        "providers": {
            "openai": {"type": "openai", "base_url": f"{address}/v1", **key},
            "anthropic": {"type": "anthropic", "base_url": address, **key},
            "google": {"type": "google", "base_url": f"{address}/v1beta", **key},
        },
        "logging": {"level": "INFO", "format": "json", "file": str(work / "orouter.log")},
    }
    path = work / "orouter.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    path.chmod(0o600)
    return {**os.environ, "OROUTER_CONFIG": str(path)}


def issue_key(work: Path, environment: dict[str, str], *, limit: bool = False) -> str:
    """A key that may call, of an organization of its own, made by the command line.

    ``limit``: it has limits, which nobody reaches.
    """
    org = "limited" if limit else "bench"
    high = ["--requests", "1000000000", "--tokens", "1000000000000", "--cost", "1000000"]
    commands = [
        ["db", "upgrade"],
        ["org", "create", org],
        *([["limits", "set", org, "--period", "month", *high]] if limit else []),
        ["key", "issue", "--org", org, "--name", "bench", "--permission", "write"],
    ]
    output = ""
    for words in commands:
        done = subprocess.run(
            [OROUTER, "-q", *words],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"orouter {' '.join(words)} failed:\n{done.stderr}")
        output = done.stdout
    return output.strip()


@contextmanager
def orouter(
    work: Path, upstream: int, *, workers: int = 1, cores: Collection[int] = SERVER_CORE
) -> Iterator[list[Contender]]:
    """The gateway on SQLite, keys checked and usage journalled.

    Twice: with the key of an organization without limits, and with that of one that has some.
    """
    port = free_port()
    environment = configured(work, upstream)
    key, limited = (issue_key(work, environment, limit=limit) for limit in (False, True))
    command = [OROUTER, "serve", "--port", str(port), "--workers", str(workers)]
    with running(command, set(cores), work / "serve.out", environment) as pid:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), "orouter", seconds=90)
        yield [
            Contender("orouter", port, pid, key),
            Contender("orouter, limited", port, pid, limited),
        ]
