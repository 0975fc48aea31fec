"""The JavaScript implementation behind a pipe (tests/client/bridge.mjs)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

BRIDGE = Path(__file__).parents[1] / "client" / "bridge.mjs"


class Refused(Exception):
    """JavaScript refused, with a ProtocolError's code."""


class JavaScript:
    """One node process, a JSON object a line each way. Bytes travel as hex."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(BRIDGE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, do: str, **arguments: Any) -> Any:
        """Run a command. Raises Refused."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("no pipes")
        stdin.write(json.dumps({"do": do, **_hexed(arguments)}) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"], answer)
        return answer["ok"]

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(120)


def _hexed(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: _hexed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hexed(inner) for inner in value]
    return value
