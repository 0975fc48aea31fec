"""Brings the console's catalogues to the English of today, and says what each lacks.

    python -m app.sentences.message_catalogues update    # after an English text was changed
    python -m app.sentences.message_catalogues add vi       # a new catalogue, empty
    python -m app.sentences.message_catalogues template  # all messages, as a .pot, on stdout

The catalogues are app/console/content/languages/CODE.po; what one lacks is shown in English. A
developer's tool: nothing of it runs in a console.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.files.writing import write_whole

APP = Path(__file__).parent.parent
CATALOGUES = APP / "console" / "content" / "languages"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "plainly": None,
    "plural": (1, 2),
    "plural_forms": (1, 2),
    "say": None,
    "say_as": ((1, "c"), 2),
    "say_count": (1, 2),
}
_WIDTH = 100
_HEADER = """\
# {name} ({code}): what the investigator's console says.
# Status: needs a native reviewer."""


def extracted(folder: Path, mapping: Path) -> Catalog:
    """Return every message marked in a folder, as a mapping file (Babel's) says how to read it.

    Each has the files that say it, relative to the folder, in ``locations``.
    """
    with mapping.open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalogue = Catalog()
    for name, line, message, comments, context in extract_from_dir(
        folder, methods, options, keywords=KEYWORDS
    ):
        place = [(name, line)]
        catalogue.add(message, locations=place, auto_comments=comments, context=context)
    return catalogue


def brought_to(path: Path, code: str, source: Catalog) -> int:
    """Bring a catalogue to the messages of today; return how many it has not translated."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    made = catalogue.creation_date
    catalogue.update(source, no_fuzzy_matching=True)
    catalogue.creation_date = made  # nothing changes where no text did
    catalogue.obsolete.clear()
    write_catalogue(path, catalogue)
    return sum(1 for each in catalogue if each.id and not any(texts_of(each.string)))


def new_catalogue(path: Path, code: str, header: str, source: Catalog) -> None:
    """Write an empty catalogue with all messages to translate."""
    empty = Catalog(locale=code, header_comment=header)
    empty.update(source)
    write_catalogue(path, empty)


def texts_of(string: str | Sequence[str] | None) -> Sequence[str]:
    """Return a message's forms, one for each plural."""
    return (string or "",) if string is None or isinstance(string, str) else string


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write a .po file, sorted and without places in the source."""
    made = io.BytesIO()
    write_po(made, catalogue, width=_WIDTH, no_location=True, sort_output=True)
    write_whole(path, made.getvalue())  # somebody's work of weeks


def source_messages() -> Catalog:
    """Return every message of the console and of the client under it, in English."""
    return extracted(APP, Path(__file__).with_name("babel.cfg"))


def update(folder: Path = CATALOGUES) -> list[str]:
    """Bring every catalogue of the console to the English of today; say what each lacks."""
    source = source_messages()
    lacking = []
    for path in sorted(folder.glob("*.po")):
        if count := brought_to(path, path.stem, source):
            lacking.append(f"console, {_name(path.stem)}: {count} messages to translate.")
    return lacking


def add(code: str, folder: Path = CATALOGUES) -> Path:
    """Make an empty catalogue. Raises ValueError: no such language, or one that is there."""
    path = folder / f"{code}.po"
    if path.exists():
        raise ValueError(f"{path} is there already.")
    try:
        name = _name(code)
    except (UnknownLocaleError, ValueError):
        raise ValueError(
            f'{code!r} is not a language code such as "vi" or "zh_Hans", or CLDR lacks it.'
        ) from None
    folder.mkdir(exist_ok=True)
    new_catalogue(path, code, _HEADER.format(name=name, code=code), source_messages())
    return path


def _name(code: str) -> str:
    return f"{Locale.parse(code).get_display_name('en')} ({code})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m app.sentences.message_catalogues", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add").add_argument("code", help="CLDR's, such as vi or zh_Hans")
    commands.add_parser("update")
    commands.add_parser("template")
    chosen = parser.parse_args(arguments)
    if chosen.command == "add":
        try:
            made = add(chosen.code)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{made} is to be translated: make messages says what is left.")
    elif chosen.command == "update":
        print("\n".join(update()) or "Every catalogue of the console is complete.")
    else:
        template = io.BytesIO()
        write_po(template, source_messages(), width=_WIDTH, sort_output=True, omit_header=True)
        sys.stdout.write(template.getvalue().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
