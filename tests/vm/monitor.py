"""QEMU's monitor: one machine asked for things, and told of what happens to it (QMP)."""

from __future__ import annotations

import json
from typing import TextIO


class Monitor:
    """A conversation with QEMU over an open wire; one question at a time."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        lines.readline()  # its greeting
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: object) -> object:
        """Ask for something; return the answer. Raises RuntimeError with QEMU's words if refused.

        Raises ConnectionError where QEMU has ended.
        """
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        for line in self._lines:
            said = json.loads(line)
            if "error" in said:
                raise RuntimeError(f"{command}: {said['error']['desc']}")
            if "return" in said:
                return said["return"]
        raise ConnectionError("QEMU has ended.")

    def keep(self, name: str) -> None:
        """Keep memory and disks as they are now, under a name. Raises RuntimeError."""
        said = self.ask("human-monitor-command", **{"command-line": f"savevm {name}"})
        if said:  # it has no other way to say that it could not
            raise RuntimeError(f"savevm {name}: {said}")

    def wait_for(self, event: str) -> None:
        """Wait until something happened to the machine. Raises ConnectionError."""
        for line in self._lines:
            if json.loads(line).get("event") == event:
                return
        raise ConnectionError("QEMU has ended.")
