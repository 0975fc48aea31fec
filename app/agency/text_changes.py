"""A sentence's other text, as a reviewer wants it: may it be taken, and putting it in place.

    problem_of(sentence, "…")                      # a reason not to take it, or None
    put_in_place(agency, [(sentence, "…")])        # all of them, or none

Changed are the agency's own files alone: ``site/LANGUAGE/messages.po``, which holds only what the
line says otherwise than the release, ``posters.toml``, which does too, ``texts.toml``, and the
pack's ``COUNTRY.md``.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.posters.poster_words import read_words, with_word
from app.agency.site import site_content
from app.files.writing import write_whole
from app.reporter.catalogue import language_of, po_file, po_files
from app.reporter.content import POSTERS, TEXTS
from app.reporter.entries import with_words
from app.reporter.review_kit.reviewed_sentences import (
    ANSWER,
    CONSOLE,
    DESK,
    ENTRY,
    HEADING,
    MESSAGE,
    POSTER,
    TEXT,
    TITLE,
    Sentence,
    sentences_of,
)
from app.sentences.message_catalogues import texts_of, write_catalogue

Change = tuple[Sentence, str]

_FILLED_IN: Final = re.compile(r"%\([a-z_]+\)s|\{[a-z_]+\}")
_MARKUP: Final = "<>&{}%[]"
_NUMBERS: Final = re.compile(r"\d+")
_BEGINS_OTHERWISE: Final = ("-", "#", "*")
_LONGER: Final = 3  # times as long as now, and 200 characters more: somebody should look


def problem_of(sentence: Sentence, text: str) -> str | None:
    """Return why a text cannot take this place, None where it can."""
    if sentence.place[0] == DESK:
        return "it stands in agency.toml: change it there by hand"
    if sentence.place[0] == CONSOLE:
        return "it stands in the program: send it to who makes Quietline"
    if _counted(text) != _counted(sentence.text):
        return "{name}, %(name)s, brackets and signs such as < & % must stay as they are"
    if sentence.place[0] in (ENTRY, TITLE) and text.startswith(_BEGINS_OTHERWISE):
        return "it must not begin with one of - # *"
    return None


def remarks_on(sentence: Sentence, text: str) -> list[str]:
    """Return what somebody should look at before they take a text."""
    said = []
    if sorted(_NUMBERS.findall(text)) != sorted(_NUMBERS.findall(sentence.text)):
        said.append("The numbers in it differ.")
    if len(text) > 200 + _LONGER * len(sentence.text):
        said.append("It is much longer.")
    return said


def _counted(text: str) -> Counter[str]:
    return Counter(_FILLED_IN.findall(text)) + Counter(one for one in text if one in _MARKUP)


def put_in_place(agency: AgencyFolder, changes: Sequence[Change]) -> None:
    """Change texts in the agency's folder, all of them or none.

    Raises AgencyError where one could not be put in, or anything else would have changed with it.
    """
    ours = [change for change in changes if change[0].place[0] != ANSWER]
    before = {
        code: site_content(agency, (code,)) for code in {sentence.language for sentence, _ in ours}
    }
    expected = {
        code: _with_changes(sentences_of(content, code), ours) for code, content in before.items()
    }
    files: dict[Path, bytes | None] = {}
    try:
        for sentence, text in ours:
            _put(agency.site_content(), sentence, text, files)
            if sentence.place[0] == POSTER:
                read_words(agency.site_content(), sentence.language)  # or nothing is changed
        for code in before:
            there = sentences_of(site_content(agency, (code,)), code)
            if Counter((one.place, one.text) for one in there) != expected[code]:
                raise AgencyError(
                    f"The changes could not be put into {agency.site_content() / code} as they are "
                    "written there: nothing was changed. Change these texts by hand, and make a "
                    "new page for the reviewer."
                )
    except BaseException:
        for path, data in files.items():
            path.unlink(missing_ok=True) if data is None else write_whole(path, data)
        raise


def _with_changes(
    sentences: Iterable[Sentence], changes: Iterable[Change]
) -> Counter[tuple[tuple[str, ...], str]]:
    new = {(sentence.place, sentence.text): text for sentence, text in changes}
    return Counter((one.place, new.get((one.place, one.text), one.text)) for one in sentences)


def _put(folder: Path, sentence: Sentence, text: str, files: dict[Path, bytes | None]) -> None:
    """Write one change; ``files`` learns what stood in a file before it was first written."""
    kind, *where = sentence.place
    code = sentence.language
    if kind == MESSAGE:
        path = po_file(code, folder)
        files.setdefault(path, path.read_bytes() if path.is_file() else None)
        _put_message(folder, sentence, text)
        return
    if kind == POSTER:
        path = folder / code / POSTERS
        own = path.read_bytes() if path.is_file() else None
        files.setdefault(path, own)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, with_word(own, where[0], text))
        return
    path = folder / code / (TEXTS if kind == TEXT else f"{where[0]}.md")
    files.setdefault(path, path.read_bytes())
    now = path.read_text(encoding="utf-8-sig")
    if kind == TEXT:
        changed = _with_text(now, where[0], text)
    elif kind == TITLE:
        changed = re.sub(r"\A\s*# .*", lambda _: f"# {text}", now, count=1)
    else:
        line = None if where[2] == HEADING else where[2]
        changed = with_words(now, where[1], line, text)
    write_whole(path, changed.encode())


def _put_message(folder: Path, sentence: Sentence, text: str) -> None:
    code, message = sentence.language, sentence.place[1]
    path = po_file(code, folder)
    known = [_read(one, code) for one in po_files(code, folder)]
    there = next(one for each in known if (one := each.get(message)) and any(texts_of(one.string)))
    own = known[0] if path.is_file() else _empty_like(known[0], code)
    forms = [text if form == sentence.text else form for form in texts_of(there.string)]
    said = tuple(forms) if isinstance(there.id, tuple | list) else forms[0]
    if own.get(message):
        own.delete(message)
    own.add(there.id, said, flags=there.flags)
    path.parent.mkdir(exist_ok=True)
    write_catalogue(path, own)


def _read(path: Path, code: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _empty_like(catalogue: Catalog, code: str) -> Catalog:
    """Return a catalogue without messages, which chooses plurals like another."""
    for id_ in [one.id for one in catalogue if one.id]:
        catalogue.delete(id_)
    catalogue.obsolete.clear()
    name = language_of(code).name
    catalogue.header_comment = (
        f"# What your line says otherwise in {name}. The rest follows the release."
    )
    return catalogue


def _with_text(toml: str, place: str, text: str) -> str:
    """Return TOML with another text at a place such as ``question.where.hint``, on its line."""
    *tables, name = place.split(".")
    header, lines, inside = f"[{'.'.join(tables)}]", toml.split("\n"), False
    for at, line in enumerate(lines):
        if line.lstrip().startswith("["):
            inside = "".join(line.split()).partition("#")[0] == header
        elif inside and line.partition("=")[0].strip() == name:
            lines[at] = f"{name} = {json.dumps(text, ensure_ascii=False)}"
            break
    changed = "\n".join(lines)
    try:
        tomllib.loads(changed)
    except tomllib.TOMLDecodeError:
        return toml
    return changed
