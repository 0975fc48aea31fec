"""The server as a real process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import httpx

from app.server.storage import migrations
from tests.ports import free_port
from tests.working import Working

CLIENT_ADDRESS = "127.0.0.77"
USER_AGENT = "Distinct-Agent/4711"
START_SECONDS = 240
"""A start that hangs is found by this; a slow machine is not taken for one."""
COMMAND = (
    sys.executable,
    "-c",
    "import sys; from app.cli.entry import main; sys.argv.insert(1, 'server'); main()",
)


class Process:
    """A server process on a free port; ``said`` grows with what it writes to stderr."""

    def __init__(
        self,
        line,
        *options: str,
        command: str = COMMAND[-1],
        peer: bool = False,
        **settings: object,
    ) -> None:
        self.port = free_port()
        if peer:
            settings["peer_address"] = f"http://127.0.0.1:{self.port}"
            settings["blob_folder"] = line.data / f"blobs-{self.port}"
        self.environment = environment(line, **settings)
        line.data.mkdir(exist_ok=True)
        migrations.upgrade(line.settings().database)
        listen = options if options and not peer else (*options, "--port", str(self.port))
        self.child = subprocess.Popen(
            [*COMMAND[:-1], command, "run", *listen], env=self.environment, stderr=subprocess.PIPE
        )
        self.said: list[str] = []
        self._started = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self._started.wait(START_SECONDS), self.said

    def _read(self) -> None:
        for text in self.child.stderr:
            self.said.append(text.decode())
            if '"started"' in self.said[-1]:
                self._started.set()

    def client(self, **options: object) -> httpx.Client:
        transport = httpx.HTTPTransport(local_address=CLIENT_ADDRESS, **options)
        return httpx.Client(
            transport=transport,
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"user-agent": USER_AGENT},
            timeout=120,
            auth=Working(),
        )

    def stop(self, number: int) -> int:
        self.child.send_signal(number)
        code = self.child.wait(120)
        self._reader.join()
        self.child.stderr.close()
        return code


def environment(line, **settings: object) -> dict[str, str]:
    values = line.values(**({"slots_initial": 1_024, "slots_cap": 1_024} | settings))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUIETLINE_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {f"QUIETLINE_{name.upper()}": str(value) for name, value in values.items()}
