"""Does one thing of ``app.files`` in children, each killed at another line of its code.

Prints what lay in the folder each time, by name.

A process of its own with one thread, so that it may fork.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.files import erasing, whole_folders, writing
from tests.killed_at_line import comes_to_its_end

CODE = {module.__file__ for module in (erasing, whole_folders, writing)}
OLD, NEW = b"old " * 1_000, b"new " * 2_000


def _replace_whole(folder: Path) -> None:
    writing.write_whole(folder / "file", NEW)


def _write_new(folder: Path) -> None:
    writing.write_new(folder / "another", [NEW[:10], NEW[10:]])


def _replace_erased(folder: Path) -> None:
    erasing.replace(folder / "file", NEW)


def _new_folder(folder: Path) -> None:
    with whole_folders.new_folder(folder / "made", folder / "made.part"):
        for name in ("one", "two"):
            with writing.open_new(folder / "made.part" / name) as file:
                file.write(NEW)


def _put_in_place(folder: Path) -> None:
    new, place = folder / "new", folder / "place"
    for path, content in ((new, NEW), (place, OLD)):
        path.mkdir()
        (path / "one").write_bytes(content)
        (path / "two").write_bytes(content)
    whole_folders.put_in_place(new, place)


ACTS: dict[str, Callable[[Path], None]] = {
    "write_whole": _replace_whole,
    "write_new": _write_new,
    "replace": _replace_erased,
    "new_folder": _new_folder,
    "put_in_place": _put_in_place,
}


def _seen(folder: Path) -> dict[str, str]:
    """Say of each file whether it holds the old content, the new, or something else."""
    said = {OLD: "old", NEW: "new", bytes(len(OLD)): "zeros"}
    return {
        re.sub(r"\.[a-z0-9_]{8}(?=$|\.part$)", ".DRAFT", str(path.relative_to(folder))): said.get(
            path.read_bytes(), "a beginning"
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def main() -> None:
    act, work = ACTS[sys.argv[1]], Path(sys.argv[2])
    outcomes: list[dict[str, str]] = []
    line, ended = 0, False
    while not ended:
        line += 1
        folder = work / str(line)
        folder.mkdir()
        (folder / "file").write_bytes(OLD)
        ended = comes_to_its_end(partial(act, folder), CODE, line)
        outcome = {"ended": str(ended), **_seen(folder)}
        erasing.settle(folder / "file")
        settled = {f"settled {name}": what for name, what in _seen(folder).items()}
        outcomes.append(outcome | settled)
        shutil.rmtree(folder)
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
