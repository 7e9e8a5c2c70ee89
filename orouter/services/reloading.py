"""Following the configuration while serving: its file, SIGHUP and stored settings, in each worker.

The whole is read and validated anew, and takes effect at once because the plan is replaced: what
is under way keeps the plan it began with. What is not valid changes nothing and is one log line.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from orouter import logs
from orouter.db.session import Database
from orouter.errors import ConfigurationError, InvalidRequest
from orouter.logs import get_logger
from orouter.services import stored_settings
from orouter.services.gateway import Gateway, Plan
from orouter.settings import Section, Settings

POLL_S = 0.5

LIVE = (
    *("providers.", "models.", "aliases.", "fallbacks.", "routing.", "limits."),
    *("logging.level", "server.cors_origins", "server.max_body_mb"),
    *("usage.request_log_days", "usage.retention_days"),
)
"""Beginnings of the paths that take effect at once; others need a restart."""

NOT_LIVE = ("routing.http_client",)

log = get_logger(__name__)


class Reloading:
    """``settings`` are those in force; ``plan`` is what they were first made into."""

    def __init__(
        self, settings: Settings, stored: Mapping[str, Any], build: Callable[[Settings], Plan]
    ) -> None:
        self._build = build
        self._stored = stored
        self._seen = self._last = _fingerprint(settings.file)
        self._asked = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        # Those just read are kept where nothing is stored: a thousand models are 1.4 MB.
        self.settings = stored_settings.in_force(settings, stored) if stored else settings
        self.plan = self._planned(self.settings)
        _tell_left_out(self.settings)

    async def learn(self, gateway: Gateway, _: int) -> None:
        """A listener of ``services.watch``: takes over stored settings that changed."""
        stored = await gateway.database.run_readonly(stored_settings.all_values)
        if stored != self._stored:
            self._stored = stored
            await self.reload(gateway)

    def with_stored(self, stored: Mapping[str, Any]) -> Settings:
        """The settings in force with what the database holds now, be it a moment newer."""
        if stored == self._stored:
            return self.settings
        return stored_settings.in_force(self.settings, stored)

    async def follow_file(self, gateway: Gateway) -> None:
        """Until cancelled: reloads on SIGHUP, and when the file has changed and rests."""
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._asked.set)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), POLL_S)
            content = await asyncio.to_thread(_fingerprint, self.settings.file)
            # An editor may be in the middle of writing: the same content is wanted twice.
            if self._asked.is_set() or (content != self._seen and content == self._last):
                self._asked.clear()
                self._seen = content
                await self.reload(gateway)
            self._last = content

    async def reload(self, gateway: Gateway) -> None:
        """Reads everything once more and puts it in force, or logs why it cannot be."""
        async with self._one_at_a_time:
            try:
                new, plan = await asyncio.to_thread(self._read, self.settings, self._stored)
            except (ConfigurationError, InvalidRequest) as e:
                log.error("configuration_refused", error=e.message)  # noqa: TRY400 - the sentence is enough
                return
            changed = sorted(differences(self.settings, new))
            gateway.plan = plan
            gateway.admission.serve_when_down = new.limits.when_database_is_down == "serve"
            if "logging.level" in changed:
                logs.set_level(new.logging.level)
            before, self.settings = self.settings, new
        _tell(changed)
        _tell_left_out(new, before.left_out)

    def _read(self, settings: Settings, stored: Mapping[str, Any]) -> tuple[Settings, Plan]:
        new = stored_settings.in_force(settings, stored)
        return new, self._planned(new)

    def _planned(self, settings: Settings) -> Plan:
        for secret in settings.secrets():
            logs.keep_secret(secret)
        return self._build(settings)


async def begin(
    settings: Settings, database: Database, build: Callable[[Settings], Plan]
) -> Reloading:
    """The settings with what is stored, put in force. Raises ConfigurationError."""
    stored = await database.run_readonly(stored_settings.all_values)
    try:
        live = Reloading(settings, stored, build)
    except (ConfigurationError, InvalidRequest) as e:
        hint = "orouter config unset PATH forgets a stored setting" if stored else e.hint
        raise ConfigurationError(e.message, hint=hint) from e
    if live.settings.logging.level != settings.logging.level:
        logs.set_level(live.settings.logging.level)
    return live


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Dotted paths of what differs; of what only one side has, where that begins."""
    before, after = _inside(old), _inside(new)
    if before is None or after is None:
        if old != new:
            yield path
        return
    for name in before.keys() | after.keys():
        inner = f"{path}.{name}" if path else name
        if name in before and name in after:
            yield from differences(before[name], after[name], inner)
        else:
            yield inner


def _inside(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, Section):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return value if isinstance(value, Mapping) else None


def is_live(path: str) -> bool:
    """Whether a change of this setting takes effect without a restart."""
    return path.startswith(LIVE) and path not in NOT_LIVE


def _tell(changed: list[str]) -> None:
    live = [path for path in changed if is_live(path)]
    waiting = [path for path in changed if not is_live(path)]
    log.info("configuration_reloaded", changed=live)
    if waiting:
        log.warning("configuration_needs_restart", changed=waiting)


def _tell_left_out(settings: Settings, told: Mapping[str, str] = MappingProxyType({})) -> None:
    for name, reason in settings.left_out.items():
        if told.get(name) != reason:
            log.error("stored_provider_left_out", provider=name, reason=reason)


def _fingerprint(file: str | None) -> bytes:
    """What tells one content of the file from another; empty where there is none."""
    try:
        return sha256(Path(file).read_bytes()).digest() if file else b""
    except OSError:
        return b""
