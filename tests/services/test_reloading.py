"""The configuration in force follows its file, SIGHUP and what is stored; nothing invalid does."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import ConfigurationError, ModelNotFound
from orouter.schemas.actor import CLI
from orouter.services import serving, stored_settings
from orouter.services.gateway import Gateway
from orouter.services.reloading import differences
from orouter.settings import Settings

CANARY = "sk-canary-0123456789"


class File:
    """The configuration file of a running gateway."""

    def __init__(self, path: Path, database: Database) -> None:
        url = database.primary.url.render_as_string(hide_password=False)
        self.path = path
        self._fixed = f"""
secret_key: a-secret-key-for-tests-0123456789
database: {{url: "{url}"}}
usage: {{mode: direct}}
"""

    def write(self, text: str) -> Settings:
        """What the file says from now on, and its meaning if it has one."""
        self.path.write_text(self._fixed + text)
        return configuration.load(str(self.path), environ={})


@pytest.fixture
def file(tmp_path: Path, async_database: Database) -> File:
    return File(tmp_path / "o.yaml", async_database)


def told(logged: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was logged about the configuration, among what else happens."""
    return [each for each in logged if each["event"].startswith("configuration")]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - there is no event for what others log or replace
            await asyncio.sleep(0.02)


def knows(gateway: Gateway, name: str) -> bool:
    try:
        gateway.plan.routes.catalogue.resolve(name)
    except ModelNotFound:
        return False
    return True


async def test_a_file_that_changes_is_in_force_without_a_restart(file: File) -> None:
    async with serving.gateway(file.write("providers: {demo: {type: demo}}")) as gateway:
        before = gateway.plan
        with structlog.testing.capture_logs() as logged:
            file.write(f"""
providers: {{demo: {{type: demo}}, openai: {{api_key: {CANARY}}}}}
aliases: {{fast: demo/echo}}
routing: {{max_retries: 1}}
server: {{cors_origins: [https://a.example], port: 9}}
""")
            await until(lambda: gateway.plan is not before)
            await until(lambda: len(told(logged)) > 1)
    assert knows(gateway, "fast")
    assert knows(gateway, "openai/gpt-4o")
    assert gateway.plan.retries.max_retries == 1
    assert gateway.plan.cors_origins == {b"https://a.example"}
    events = {each["event"]: each["changed"] for each in told(logged)}
    assert events["configuration_reloaded"] == [
        "aliases.fast",
        "providers.openai.api_key",
        "providers.openai.enabled",
        "routing.max_retries",
        "server.cors_origins",
    ]
    assert events["configuration_needs_restart"] == ["server.port"]
    assert CANARY not in str(logged)


async def test_what_is_not_valid_changes_nothing_and_is_said_once(file: File) -> None:
    async with serving.gateway(file.write("aliases: {fast: openai/gpt-4o}")) as gateway:
        before = gateway.plan
        with structlog.testing.capture_logs() as logged:
            with pytest.raises(ConfigurationError):
                file.write("routing: {max_retries: many}")
            await until(lambda: bool(told(logged)))
            await asyncio.sleep(1.2)
            file.path.unlink()
            await until(lambda: len(told(logged)) > 1)
    assert gateway.plan is before
    broken, gone = (each["error"] for each in told(logged))
    assert "max_retries must be a whole number" in broken
    assert "cannot be read" in gone
    assert {each["log_level"] for each in told(logged)} == {"error"}


async def test_sighup_reads_the_file_at_once(file: File) -> None:
    level = logging.getLogger().level
    try:
        async with serving.gateway(file.write("")) as gateway:
            await asyncio.sleep(0)
            before = gateway.plan
            file.write("logging: {level: ERROR}\nlimits: {when_database_is_down: serve}")
            os.kill(os.getpid(), signal.SIGHUP)
            async with asyncio.timeout(0.4):
                await until(lambda: gateway.plan is not before)
            assert logging.getLogger().level == logging.ERROR
            assert gateway.admission.serve_when_down
    finally:
        logging.getLogger().setLevel(level)


async def test_stored_settings_hold_from_the_start_and_follow(
    file: File, async_database: Database
) -> None:
    settings = file.write("providers: {demo: {type: demo}}")
    store, run = stored_settings.set_values, async_database.run
    await run(store, {"aliases.first": "demo/echo"}, CLI, settings)
    async with serving.gateway(settings) as gateway:
        assert knows(gateway, "first")
        price = {"models.demo/echo.input_per_mtok": "7"}
        await run(store, {"aliases.second": "demo/echo", **price}, CLI, settings)
        await until(lambda: knows(gateway, "second"))
        found = gateway.plan.routes.catalogue.resolve("demo/echo").price
        assert found is not None
        assert found.base.input == 7 * 10**9
        await run(stored_settings.unset, ["aliases.first"], CLI)
        await until(lambda: not knows(gateway, "first"))
        assert knows(gateway, "second")


async def test_a_stored_setting_that_no_longer_fits_is_told_with_the_way_out(
    file: File, async_database: Database
) -> None:
    local = "providers: {local: {type: compatible, base_url: http://localhost}}"
    alias = {"aliases.mine": "local/x"}
    await async_database.run(stored_settings.set_values, alias, CLI, file.write(local))
    with pytest.raises(ConfigurationError, match=r"stored: aliases\.mine") as caught:
        async with serving.gateway(file.write("")):
            pass
    assert "config unset" in str(caught.value.hint)


def test_differences_are_told_by_path(file: File) -> None:
    old = file.write("models: {openai/gpt-4.1: {context: 1}}")
    new = file.write(
        "models: {openai/gpt-4.1: {context: 2}, openai/o3: {}}\nlogging: {level: DEBUG}"
    )
    found = sorted(differences(old, new))
    assert found == ["logging.level", "models.openai/gpt-4.1.context", "models.openai/o3"]
