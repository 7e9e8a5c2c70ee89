"""uvicorn's supervisor of several workers, except that SIGHUP reloads and does not restart."""

import os
import signal

from uvicorn.supervisors import Multiprocess


class Supervisor(Multiprocess):
    """SIGHUP goes on to the workers, which read the configuration again."""

    def handle_hup(self) -> None:
        for process in self.processes:
            # One that is starting has no handler yet, and reads the configuration anyway.
            if process.pid is not None and process.is_ready():
                os.kill(process.pid, signal.SIGHUP)
