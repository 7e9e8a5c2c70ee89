"""What uvicorn and its workers are told."""

import socket

from orouter.cli.serving import environment, uvicorn_options
from orouter.settings import load


def test_a_worker_reads_the_same_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "o.yaml").write_text("server: {host: 0.0.0.0}")
    flags = {"server.port": 9, "server.workers": None, "providers.demo.enabled": True}
    settings = load("o.yaml", flags, environ={})
    again = load(environ=environment(settings, flags))
    assert again.model_dump() == settings.model_dump()
    assert again.file == "o.yaml"


def test_uvicorn_gets_our_protocol_and_none_of_its_own_logs():
    settings = load(environ={}, flags={"server.workers": 3, "server.shutdown_grace_s": 7})
    options = uvicorn_options(settings)
    assert options["http"] == "orouter.api.protocol:BoundedHttpProtocol"
    assert (options["workers"], options["timeout_graceful_shutdown"]) == (3, 7)
    assert (options["access_log"], options["log_config"]) == (False, None)


def test_serving_needs_a_secret_key(bare):
    done = bare("serve")
    assert done.code == 2
    assert "orouter init" in done.err


def test_a_port_in_use_is_told_before_anything_starts(cli):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = cli("serve", "--port", str(port))
    assert done.code == 5
    assert f"127.0.0.1:{port}" in done.err
