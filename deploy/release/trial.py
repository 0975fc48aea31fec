"""A release tried as a stranger would: an empty folder, the demo, and a look at its line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from deploy.release.source import Failed, run

END_SECONDS = 60


def try_demo(programs: Path, folder: Path) -> str:
    """Run the demo of an installed release, verify its line, end it; return what was seen.

    Raises Failed.
    """
    ports = _free_port(), _free_port()
    data = folder / "data"
    command = [programs / "quietline", "demo", "--no-browser", "--json", "--data", data]
    command += ["--port", ports[0], "--console-port", ports[1]]
    with (folder / "demo.log").open("wb") as log:
        demo = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": ""},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        began = time.monotonic()
        line = demo.stdout.readline() if demo.stdout else ""
        if not line:
            raise Failed(f"The demo did not start:\n{(folder / 'demo.log').read_text()[-2_000:]}")
        seconds = time.monotonic() - began
        facts = json.loads(line)
        line_file = data / "agency" / "line.json"
        seen = run(programs / "quietline", "verify", facts["server"], "--line", line_file)
        demo.send_signal(signal.SIGTERM)
        if demo.wait(END_SECONDS):
            raise Failed(f"The demo ended with {demo.returncode}.")
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait()
        if demo.stdout:
            demo.stdout.close()
    if data.exists() and any(data.iterdir()):
        raise Failed("The demo left something behind.")
    return f"The demo was ready after {seconds:.0f} s. {seen.splitlines()[-1]}"


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
