"""The screen's side of what it may ask of the system, and what was chosen at the first screen."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

SOCKET = "/run/quietline-stick.sock"
_ANSWER_MAX = 4_096


def ask(what: str, passphrase: str = "") -> dict[str, str]:
    """Ask for something; return the answer. It may take minutes."""
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(SOCKET)
            wire.sendall(json.dumps({"do": what, "passphrase": passphrase}).encode() + b"\n")
            with wire.makefile("rb") as said:
                answer: dict[str, str] = json.loads(said.readline(_ANSWER_MAX))
    except (OSError, ValueError):  # who answers has ended: the stick was pulled out, say
        return {"error": "failed"}
    return answer


def _choices() -> Path:
    return Path(os.environ["XDG_RUNTIME_DIR"]) / "choices.json"


def chosen() -> dict[str, str]:
    """Return the language and the layout that were chosen."""
    try:
        return {"language": "en", "layout": "us", **json.loads(_choices().read_text())}
    except (OSError, ValueError):
        return {"language": "en", "layout": "us"}


def choose(**choice: str) -> None:
    """Remember a choice until the stick is switched off."""
    _choices().write_text(json.dumps({**chosen(), **choice}))


def use_layout(layout: str) -> None:
    """Let the keyboard have another layout, at once."""
    settings = Path.home() / ".config" / "labwc"
    settings.mkdir(parents=True, exist_ok=True)
    lines = [f"XKB_DEFAULT_LAYOUT={layout}", "XKB_DEFAULT_OPTIONS=grp:alt_shift_toggle"]
    (settings / "environment").write_text("\n".join(lines) + "\n")
    subprocess.run(["/usr/bin/labwc", "--reconfigure"], check=False)
    choose(layout=layout)
