"""uvicorn's supervisor of several workers, except that SIGHUP reloads and no node is given up.

uvicorn waits up to five seconds for the health of one worker before it looks at the next, kills a
worker that takes longer to start, and ends the whole node when a replacement does not start, as
none does while the database is away.
"""

import os
import signal
import time
from socket import socket

import structlog
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

LONGEST_START_S = 60.0
"""Until then a worker need not answer: a busy machine takes its time to import."""

log = structlog.get_logger(__name__)


class Supervisor(Multiprocess):
    """SIGHUP goes on to the workers, which read the configuration again."""

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self._first_seen: dict[int | None, float] = {}
        self._served = False

    def handle_hup(self) -> None:
        for process in self.processes:
            # One that is starting has no handler yet, and reads the configuration anyway.
            if process.pid is not None and process.is_ready():
                os.kill(process.pid, signal.SIGHUP)

    def spawned(self) -> Process:
        """A worker, not started."""
        return Process(self.config, self.sockets)

    def keep_subprocess_alive(self) -> None:
        """Replace whoever died, at once, and whoever hangs."""
        for index, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if not process.process.is_alive():
                self._replace(index)
            elif self._hangs(process):
                log.error("worker_hangs", pid=process.pid)
                process.kill()
                self._replace(index)

    def _hangs(self, process: Process) -> bool:
        now = time.monotonic()
        if now - self._first_seen.setdefault(process.pid, now) > LONGEST_START_S:
            return not process.ping(self.config.timeout_worker_healthcheck)
        self._served = self._served or process.is_ready(0.05)
        return False

    def _replace(self, index: int) -> None:
        dead = self.processes[index]
        dead.join()
        self._first_seen.pop(dead.pid, None)
        if dead.exitcode == STARTUP_FAILURE and not self._served:
            log.error("worker_did_not_start", pid=dead.pid)
            self.should_exit.set()
            return
        log.warning("worker_died", pid=dead.pid, exitcode=dead.exitcode)
        self.processes[index] = self.spawned()
        self.processes[index].start()
