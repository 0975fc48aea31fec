"""Coming back with a code: what waits for it, shown and saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.report.terminal import Terminal, plain
from app.cli.terminal.progress_bar import progress
from app.client.desk_changes import in_language
from app.client.reporter_client import Answer, ReporterClient
from app.files.writing import new_file
from app.protocol import bodies
from app.protocol.bodies import FileRef
from app.protocol.errors import BadBody, BadReceipt
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import WORDS, count_typed, read_code
from app.protocol.secrets import Secret

_NAME_MAX = 100


def ask_code(terminal: Terminal) -> list[Secret]:
    """Ask for a code until it can be read; each value that it can mean.

    It may come in rows, as it was shown: what is not yet twelve words is kept for the next line.
    """
    terminal.head("code")
    terminal.tell("code-type")
    typed = ""
    while True:
        line = terminal.line()
        typed = line if not line or count_typed(line) >= WORDS else f"{typed} {line}"
        if 0 < (count := count_typed(typed)) < WORDS:
            terminal.say(f"    {count} / {WORDS}")
            continue
        try:
            return read_code(typed)
        except BadReceipt as error:
            typed = ""
            terminal.say(str(error))
            if error.suggestions:
                terminal.say(f"    {error.word} → {', '.join(error.suggestions)}?")


async def waiting(
    client: ReporterClient, codes: Sequence[Secret]
) -> tuple[ReporterIdentity, list[Answer]]:
    """Return the identity of a code and what waits for it, by day. Raises as ``check``."""
    identity, found = ReporterIdentity(codes[0]), []
    for code in codes:
        other = ReporterIdentity(code)
        answers = await client.check(other)
        if answers:
            identity, found = other, answers
    return identity, sorted(found, key=_order)


def _order(answer: Answer) -> tuple[bool, str]:
    """Sort answers of people who have left above all that was answered since."""
    return answer.left is None, str(answer.body.get("day", "9"))


def show(terminal: Terminal, answers: Sequence[Answer], lang: str) -> None:
    """Show the answers until they have been read."""
    if not answers:
        terminal.tell("none")
        return
    with terminal.once("reading-gone"):
        for answer in answers:
            body = answer.body
            terminal.say()
            terminal.say(f"{_from(terminal, answer, lang)}   {body.get('day', '')}")
            if answer.left is not None:
                terminal.say(terminal.phrase("left-why").replace("{day}", str(answer.left)))
            if body["kind"] == bodies.REPLY:
                terminal.say(str(body.get("text", "")))
            else:
                terminal.tell("unknown-kind")
            for file in _files(body):
                terminal.say(f"    {file.name} ({file.size:,} B)")


async def save(
    terminal: Terminal, client: ReporterClient, answers: Sequence[Answer], folder: Path
) -> list[Path]:
    """Save the files of answers in a folder; never over another file.

    Raises as ``fetch``, and OSError.
    """
    saved = []
    for answer in answers:
        for file in _files(answer.body):
            saved.append(await _save_one(terminal, client, file, folder))
    if saved:
        terminal.tell("saved")
    return saved


async def _save_one(
    terminal: Terminal, client: ReporterClient, file: FileRef, folder: Path
) -> Path:
    target = _free(folder, file.name)
    name = plain(target.name)
    with new_file(target) as out, progress(name) as step:
        client.progress = lambda _, done, total: step(name, done, total)
        async for piece in client.fetch(file):
            out.write(piece)
    terminal.say(str(target))
    return target


def as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer's body, with what was verified of its writer in place of what it claims."""
    left = answer.left.isoformat() if answer.left else None
    return {**answer.body, "desk": answer.desk.id if answer.desk else None, "left": left}


def _from(terminal: Terminal, answer: Answer, lang: str) -> str:
    if answer.left is not None:
        return terminal.phrase("from-left")
    return in_language(answer.desk.name, lang) if answer.desk else terminal.phrase("from-line")


def _files(body: dict[str, Any]) -> list[FileRef]:
    listed = body.get("files")
    found = []
    for each in listed if isinstance(listed, list) else []:
        try:
            found.append(FileRef.from_json(each))
        except BadBody:
            continue  # the text is shown all the same
    return found


def _free(folder: Path, name: str) -> Path:
    """Return a free path for a name that another person chose."""
    safe = plain(name).replace("/", "_").replace("\\", "_").replace("\n", "_").lstrip(".")
    stem, dot, suffix = (safe[-_NAME_MAX:] or "file").rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem else (suffix, "")
    number, target = 1, folder / f"{stem}{suffix}"
    while target.exists():
        number += 1
        target = folder / f"{stem} ({number}){suffix}"
    return target
