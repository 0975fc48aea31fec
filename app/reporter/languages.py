"""Adding a language to the reporter's site, and keeping the catalogues with the English texts.

    python -m app.reporter.languages add vi       # content/vi/, with all that is to translate
    python -m app.reporter.languages update       # after an English text was changed

What a language is: one folder of ``content/`` (languages.md says how to write it). A developer's
tool: nothing of it runs where a site is made.
"""

import argparse
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from app.reporter.catalogue import CATALOGUE, CONTENT_FOLDER, SOURCE_LANGUAGE, language_of
from app.reporter.content import POSTERS, TEXTS
from app.reporter.errors import SiteError
from app.reporter.infopack import FALLBACK, Chapter, read_chapter
from app.sentences.message_catalogues import brought_to, extracted, new_catalogue

PACKAGE = Path(__file__).parent
HEADER = """\
# {name} ({code}): the wording of the reporter's site.
# Status: needs a native reviewer."""
_FEW_ALIKE = 5  # names, and words that are the same in both languages


def source_messages() -> Catalog:
    """Return every message of the templates and of the phrases, in English."""
    return extracted(PACKAGE, PACKAGE / "babel.cfg")


def add(code: str, folder: Path = CONTENT_FOLDER) -> Path:
    """Make a language's folder: an empty catalogue, and the English texts to be translated.

    Raises SiteError: no such language, or one that is there already.
    """
    language = language_of(code)
    made = folder / code
    if made.exists():
        raise SiteError(f"{made} is there already.")
    shutil.copytree(
        CONTENT_FOLDER / SOURCE_LANGUAGE, made, ignore=shutil.ignore_patterns(CATALOGUE)
    )
    for path in made.glob("*.md"):
        path.write_text(_to_translate(read_chapter(CONTENT_FOLDER, path.stem, FALLBACK)))
    header = HEADER.format(name=language.name, code=code)
    new_catalogue(made / CATALOGUE, code, header, source_messages())
    return made


def update(folder: Path = CONTENT_FOLDER) -> list[str]:
    """Bring every catalogue to the English of today; say what each language lacks now."""
    lacking = []
    source = source_messages()
    for path in sorted(folder.glob(f"*/{CATALOGUE}")):
        code = path.parent.name
        if count := brought_to(path, code, source):
            lacking.append(f"{language_of(code).name} ({code}): {count} messages to translate.")
        lacking += _left_in_english(folder, code, TEXTS)
        lacking += _left_in_english(folder, code, POSTERS)
        lacking += _entries_behind(folder, code)
    return lacking


def _left_in_english(folder: Path, code: str, file: str) -> list[str]:
    """Say how many of a file's texts are the English ones, but for a few."""
    there = folder / code / file
    if not there.is_file():
        return []
    english = set(_leaves(tomllib.loads((CONTENT_FOLDER / SOURCE_LANGUAGE / file).read_text())))
    texts = set(_leaves(tomllib.loads(there.read_text())))
    count = len(texts & english)
    alike = f"{code}/{file}: {count} of {len(texts)} texts are the English ones."
    return [alike] if count > _FEW_ALIKE else []


def _leaves(table: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{at}{name}.")
        else:
            yield f"{at}{name}", str(value)


def _entries_behind(folder: Path, code: str) -> list[str]:
    """Return the entries of the pack to translate anew, and the version each must name."""
    said = []
    for path in sorted((folder / FALLBACK).glob("*.md")):
        english = {one.id: one for one in read_chapter(folder, path.stem, FALLBACK).entries}
        name = f"{code}/{path.name}"
        if not (folder / name).is_file():
            said.append(f"{name} is missing: {len(english)} entries to translate.")
        elif behind := read_chapter(folder, path.stem, code).behind:
            versions = ", ".join(f"{each} (of: {english[each].version})" for each in behind)
            said.append(f"{name}: {versions}")
    return said


def _to_translate(chapter: Chapter) -> str:
    """Return a country's words to translate.

    An entry is shown once the ? before its version is gone.
    """
    parts = [f"# {chapter.title}"]
    for entry in chapter.entries:
        if not entry.wordless:
            parts.append(f"## {entry.title}\nid: {entry.id}\nof: ?{entry.version}")
            for block in entry.blocks:
                parts.append("\n".join(f"- {one}" if block.is_list else one for one in block.lines))
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two commands; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m app.reporter.languages", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add").add_argument("code", help="CLDR's, such as vi or zh_Hans")
    commands.add_parser("update")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "add":
            made = add(chosen.code)
            print(f"{made} is to be translated: app/reporter/languages.md says how.")
            print(f'Then add "{chosen.code}" to `languages` in content/site.toml.')
        else:
            print("\n".join(update()) or "Every catalogue of the reporter’s page is complete.")
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
