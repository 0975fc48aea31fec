"""The commands of ``--on-danger`` and ``--on-deaf``, looked at before a console starts."""

import os
import shutil
import stat
from pathlib import Path

from app.cli.terminal import asking
from app.console.web.console_settings import ConsoleSettings

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def found(settings: ConsoleSettings) -> ConsoleSettings:
    """Return the settings with each command's own path: a name without a folder is on the path."""
    paths = {
        option: Path(shutil.which(given) or given).absolute()
        for option in ("on_danger", "on_deaf")
        if (given := getattr(settings, option)) is not None
    }
    return settings.model_copy(update=paths)


def check(settings: ConsoleSettings) -> None:
    """End the program if a command can never run, or others may change it.

    One that fails on the day is told on the console: a console that locks begins anew all the same.
    """
    for option, path in (("--on-danger", settings.on_danger), ("--on-deaf", settings.on_deaf)):
        if path is not None:
            _check(option, path)


def _check(option: str, path: Path) -> None:
    name = str(path)
    if any(c.isspace() for c in name) and not path.exists():
        _refuse(option, f"there is no file {name}; the command is run as it is, without arguments")
    if not path.is_file():
        _refuse(option, f"there is no file {name}")
    if not os.access(path, os.X_OK):
        _refuse(option, f"{name} may not be run (chmod +x)")
    if path.stat().st_mode & _OTHERS_WRITE:
        _refuse(option, f"others can write to {name}, and would be run in your name (chmod go-w)")


def _refuse(option: str, why: str) -> None:
    asking.stop(f"{option}: {why}.", asking.EXIT_MISUSED)
