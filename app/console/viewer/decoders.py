"""Which program decodes a kind of file, and which version: a file that failed is tried by a newer.

Nothing is loaded or started for it: a package says its version, a program of the system is known by
when it was installed and by its size.
"""

from importlib.metadata import version
from pathlib import Path

from app.console.viewer.host import Machine
from app.console.viewer.previewable import Kind

_PACKAGES = {Kind.DOCUMENT: "pypdfium2", Kind.OFFICE: "pypdfium2"}


def decoder(machine: Machine, action: str, kind: Kind) -> str:
    """Return a text that differs where another version would show or read (``action``) a kind."""
    package = _PACKAGES.get(kind, "pillow")
    said = [version("quietline"), package, version(package)]
    program = machine.converter(action, kind)
    if program is not None:
        said.append(_installed(program))
    return " ".join(said)


def decoders(machine: Machine, action: str) -> set[str]:
    """Return those of every kind."""
    return {decoder(machine, action, kind) for kind in Kind}


def _installed(program: str) -> str:
    try:
        file = Path(program).resolve().stat()
    except OSError:
        return program
    return f"{program} {file.st_mtime_ns} {file.st_size}"
