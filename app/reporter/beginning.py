"""A content folder of an agency's own, as it begins: ours, in the languages that were read.

A translation that nobody who grew up with the language has read can be wrong about a danger. So a
new line offers English and the reviewed languages alone. The others lie in the folder, and its
site.toml names them: adding one is the agency's decision (docs/adr/0046).
"""

import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

from app.files.writing import write_whole
from app.reporter.catalogue import CATALOGUE, is_reviewed, language_of
from app.reporter.content import DEFAULT_FOLDER

SITE = "site.toml"
_NOT_OFFERED = "# Here, but not offered: "
_LINES = re.compile(rf"^(?:{re.escape(_NOT_OFFERED)}.*\n#.*\n)?languages = \[.*\]$", re.MULTILINE)


def all_languages() -> list[str]:
    """Return every language that comes with this release, in the order they are offered."""
    text = (DEFAULT_FOLDER / SITE).read_text(encoding="utf-8")
    return [str(code) for code in tomllib.loads(text)["languages"]]


def begin(folder: Path) -> None:
    """Copy the default content to ``folder``, which must not exist.

    The page's own wording is not copied: it stays with the release.
    """
    shutil.copytree(DEFAULT_FOLDER, folder, ignore=shutil.ignore_patterns(CATALOGUE))
    offer(folder, [code for code in all_languages() if is_reviewed(code)])


def offer(folder: Path, languages: Sequence[str]) -> None:
    """Set which languages a content folder made by ``begin`` offers; it names those it does not."""
    quoted = ", ".join(f'"{code}"' for code in languages)
    lines = [f"languages = [{quoted}]"]
    others = [code for code in all_languages() if code not in languages]
    if others:
        names = ", ".join(f'"{code}" ({language_of(code).name})' for code in others)
        lines.insert(0, f"{_NOT_OFFERED}{names}.")
        lines.insert(1, "# Add one when somebody who grew up with it has read every page in it.")
    path = folder / SITE
    text = path.read_text(encoding="utf-8")
    write_whole(path, _LINES.sub(lambda _: "\n".join(lines), text).encode())
