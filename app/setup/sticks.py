"""Sticks that are in this computer: where they are, what is on them, and folders copied to them."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.files.mounts import MOUNTS, mounts_under
from app.files.whole_folders import put_in_place, sync_tree
from app.setup.dialogue import Dialogue, Question, WrongAnswer

_UNDER = (Path("/media"), Path("/run/media"), Path("/mnt"))
_FIRST = 2_000
"""So many entries of a folder are looked at: a stick may be full of other things."""


def mounted(listing: Path = MOUNTS) -> list[Path]:
    """Return where sticks are mounted: all that is under /media, /run/media and /mnt."""
    return [one.path for one in mounts_under(_UNDER, listing)]


def read_places(text: str) -> list[Path]:
    """Read folders, separated by commas; none is none. Raises WrongAnswer."""
    places = [Path(one.strip()).expanduser() for one in text.split(",") if one.strip()]
    for place in places:
        if not place.is_dir():
            raise WrongAnswer(f"There is no folder {place}.")
    return places


def files_like(fits: Callable[[str], bool], places: Sequence[Path]) -> list[Path]:
    """Return the files whose name fits: in these folders, and in the folders in them."""
    return [path for path in _entries(places) if fits(path.name) and path.is_file()]


def folders_called(name: str, places: Sequence[Path]) -> list[Path]:
    """Return the folders of this name: these, in them, and in the folders in them."""
    own = [place for place in places if place.name == name]
    return own + [path for path in _entries(places) if path.name == name and path.is_dir()]


def _entries(places: Sequence[Path]) -> Iterator[Path]:
    for place in dict.fromkeys(one.absolute() for one in places):
        for path in _inside(place):
            yield path
            if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
                yield from _inside(path)


def _inside(folder: Path) -> list[Path]:
    """Return what is in it; not what has a name that a terminal would obey: names are shown."""
    try:
        names = itertools.islice(folder.iterdir(), _FIRST)
        return sorted(path for path in names if path.name.isprintable())
    except OSError:
        return []  # another user's, or a stick that was just pulled


def ask_where_to(dialogue: Dialogue, key: str, words: str) -> Path | None:
    """Ask for a folder, a stick that is in for choice; None for nowhere now."""
    found = [] if dialogue.unattended else mounted()
    for number, stick in enumerate(found, start=1):
        try:
            free = f"{shutil.disk_usage(stick).free // 10**6:,} MB free"
        except OSError:
            free = "it cannot be looked at"
        dialogue.say(f"    {number}  {stick} ({free})")

    def read(text: str) -> Path | None:
        if text in ("", "later"):
            return None
        if text.isdecimal() and 0 < int(text) <= len(found):
            return found[int(text) - 1]
        return read_places(text)[0]

    if not dialogue.unattended:
        numbers = "its number, " if found else ""
        words = f"{words}: {numbers}the path of a folder, or nothing for later"
    return dialogue.ask(Question(key, words, read, "", kept=False))


def copy_folder(source: Path, place: Path, name: str) -> Path:
    """Copy a folder to ``place/name`` whole, in the place of one of that name; return it.

    After a crash the old one or the new one is there, and perhaps a draft ``.NAME.new`` beside it.
    Drafts that a stop left behind in it are not copied. Raises OSError.
    """
    target, draft = place / name, place / f".{name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    if is_copy(source, target):
        return target
    try:
        # Modes are copied where the stick has some; a FAT has none.
        _copy_tree(source, draft)
        sync_tree(draft)
        put_in_place(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _copy_tree(source: Path, target: Path) -> None:
    """Copy all but drafts, with their modes. Raises OSError: the system's own, at the first file.

    ``shutil.copytree`` tries all the others first, and then raises a list that says nothing in its
    place. That a stick is full, or was pulled out, is what whoever stands there has to know.
    """
    target.mkdir()
    shutil.copymode(source, target)
    names = sorted(path.name for path in source.iterdir())
    for name in sorted(set(names) - set(_drafts("", names))):
        one = source / name
        if one.is_dir():
            _copy_tree(one, target / name)
        else:
            try:
                shutil.copy(one, target / name)
            except OSError as error:  # which names what is read, also when nothing can be written
                raise OSError(error.errno, error.strerror, str(target / name)) from None


def is_copy(source: Path, target: Path) -> bool:
    """Say whether two folders hold the same files, byte for byte, but for drafts."""
    return target.is_dir() and _contents(source) == _contents(target)


def _contents(folder: Path) -> dict[str, bytes]:
    found = {}
    for at, folders, files in os.walk(folder):
        left_out = set(_drafts(at, [*folders, *files]))
        folders[:] = [one for one in folders if one not in left_out]
        for name in set(files) - left_out:
            path = Path(at, name)
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def _drafts(_: str, names: list[str]) -> list[str]:
    """Return what has a name as drafts have it; a site's own ``.well-known`` is none."""
    return [name for name in names if name.startswith(".") and name != ".well-known"]
