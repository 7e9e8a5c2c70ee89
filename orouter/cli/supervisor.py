"""uvicorn's supervisor of several workers: SIGHUP reloads, workers drain, no node is given up.

uvicorn restarts workers on SIGHUP. It waits up to five seconds for the health of one worker before
it looks at the next, kills a worker that takes longer to start, and ends the whole node when a
replacement does not start, as none does while the database is away.
"""

import os
import signal
import time
from socket import socket

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from orouter.cli.draining import DrainingServer
from orouter.logs import get_logger

LOOK_EVERY_S = 0.2
LONGEST_START_S = 60.0
"""Until then a worker need not answer: a busy machine takes its time to import."""

log = get_logger(__name__)


class Worker(Process):
    """A process with a server that drains."""

    def __init__(self, config: Config, sockets: list[socket], drain_s: float) -> None:
        super().__init__(config, sockets)
        self._drain_s = drain_s

    @property
    def server(self) -> DrainingServer:
        if not isinstance(self._server, DrainingServer):
            self._server = DrainingServer(self.config, self._drain_s, os.getppid())
        return self._server


class Supervisor(Multiprocess):
    """SIGHUP goes on to the workers, which read the configuration again."""

    def __init__(self, config: Config, sockets: list[socket], drain_s: float = 0) -> None:
        super().__init__(config, sockets)
        self._drain_s = drain_s
        self._first_seen: dict[int | None, float] = {}
        self._served = False
        self._hurry = False

    def run(self) -> None:
        """Until told to stop, and until the workers have ended."""
        self.init_processes()
        while not self.should_exit.wait(LOOK_EVERY_S):
            self.handle_signals()
            self.keep_subprocess_alive()
        # The workers have the listener for as long as they drain. After them, a connection shall be
        # refused rather than wait here for nobody.
        for listener in self.sockets:
            listener.close()
        self.terminate_all()
        self.join_all()

    def init_processes(self) -> None:
        self.processes = [self.spawned() for _ in range(self.processes_num)]
        for process in self.processes:
            process.start()

    def terminate_all(self) -> None:
        for process in self.processes:
            if process.pid is not None and process.exitcode is None:
                os.kill(process.pid, signal.SIGTERM)

    def join_all(self) -> None:
        while any(process.process.is_alive() for process in self.processes):
            time.sleep(LOOK_EVERY_S)
            if self._hurry or self.signal_queue:
                # To a worker that drains, a second signal says not to wait any longer.
                self._hurry = False
                self.signal_queue.clear()
                self.terminate_all()

    def handle_int(self) -> None:
        self._hurry = True
        super().handle_int()

    def handle_hup(self) -> None:
        for process in self.processes:
            # One that is starting has no handler yet, and reads the configuration anyway.
            if process.pid is not None and process.is_ready():
                os.kill(process.pid, signal.SIGHUP)

    def spawned(self) -> Process:
        """A worker, not started."""
        return Worker(self.config, self.sockets, self._drain_s)

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
