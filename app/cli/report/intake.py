"""The intake at a terminal: the same questions as on the pages, one after the other.

Everything may be skipped but choosing who reads and saying something (docs/spec, bodies).
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli.report.signed_form import Form, Question
from app.cli.report.terminal import Terminal
from app.client.desk_changes import in_language
from app.client.parcel import Upload
from app.protocol import bodies
from app.protocol.attachments import FILE_BYTES_MAX
from app.protocol.directory import Desk, Directory
from app.protocol.errors import BadBody
from app.protocol.wire import EpochBundles
from app.reporter.desk_words import facts
from app.reporter.questions import applies

FILES_MAX = 32
DANGER = "danger_now"
ANEW = (DANGER, "safe_to_reply")
"""Questions that are asked again with each further message, as on the pages."""
_FILE_ENTRY_BYTES = 400
"""Room that one file's entry takes in a body, with a long name."""


@dataclass(slots=True)
class Draft:
    """What was said so far; it lives in memory alone."""

    desks: list[str] = field(default_factory=list)
    read: Directory | None = None
    """Of which directory the desks were read and chosen."""
    text: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)

    def fields(self, lang: str) -> dict[str, Any]:
        """Return the fields of a report or message."""
        fields = {"lang": lang, "text": self.text, "desks": self.desks}
        return fields | ({"answers": self.answers} if self.answers else {})

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not (self.text or self.answers or self.files)


def read_first(terminal: Terminal, form: Form) -> None:
    """Say what must be known before anything is written."""
    call_first(terminal, form)
    for head in ("who-can", "hidden"):
        terminal.head(head)
        terminal.tell(f"{head}-why")


def call_first(terminal: Terminal, form: Form) -> None:
    """Say whom to call in danger, before anything else: also to who comes back with a code."""
    terminal.head("danger")
    terminal.tell("danger-call")
    _numbers(terminal, form)


def tell_sent(terminal: Terminal, form: Form, draft: Draft) -> None:
    """Say what follows from danger, to who said that somebody is in it."""
    if draft.answers.get(DANGER) == "yes":
        terminal.tell("sent-danger")
        _numbers(terminal, form)


def _numbers(terminal: Terminal, form: Form) -> None:
    for number, country in form.emergency:
        terminal.say(f"  {number}  {country}")


def choose_desks(
    terminal: Terminal, directory: Directory, bundles: EpochBundles, lang: str
) -> list[str]:
    """Ask who may read; empty if none can be reached. A desk without members is closed."""
    open_desks: list[tuple[str, str]] = []
    terminal.head("desks")
    terminal.tell("desks-why")
    for desk in directory.desks:
        if directory.members({desk.id}) & set(bundles.bundles):
            open_desks.append((desk.id, said_of(terminal, desk, lang)))
        else:
            terminal.say(f"  –  {in_language(desk.name, lang)}: {terminal.phrase('desk-closed')}")
    if not open_desks:
        terminal.tell("all-closed")
        return []
    return terminal.choose(open_desks, many=True, skip=False)


def said_of(terminal: Terminal, desk: Desk, lang: str) -> str:
    """Return what is read of a desk before it is chosen: name, text, facts."""
    said = " ".join((in_language(desk.about, lang), *facts(desk, terminal.phrase, lang)))
    return f"{in_language(desk.name, lang)}. {said}".strip()


def ask_text(terminal: Terminal) -> str:
    """Ask for the person's own words."""
    terminal.head("text")
    terminal.tell("text-why", "text-end")
    return terminal.lines()


def ask_questions(terminal: Terminal, form: Form, answers: dict[str, Any]) -> None:
    """Ask the questions for everyone and, of who wants, the others."""
    for question in form.questions:
        if not question.more and applies(question.only_if, answers):
            _ask(terminal, form, question, answers)
    further = [question for question in form.questions if question.more]
    if not further:
        return
    terminal.head("more")
    terminal.tell("more-why")
    if terminal.choose([("y", terminal.phrase("yes"))], many=False) != ["y"]:
        return
    for question in further:
        if not applies(question.only_if, answers):
            continue
        if question.before:
            terminal.head("hard")
            terminal.say(question.before)
            if terminal.choose([("y", terminal.phrase("show"))], many=False) != ["y"]:
                continue
        _ask(terminal, form, question, answers)


def ask_anew(terminal: Terminal, form: Form, answers: dict[str, Any]) -> None:
    """Ask of who writes more what may be otherwise each time: danger, and if answers are safe."""
    for question in form.questions:
        if question.id in ANEW and applies(question.only_if, answers):
            _ask(terminal, form, question, answers)


def ask_files(terminal: Terminal, files: list[Upload]) -> None:
    """Ask for files, with what they may give away."""
    terminal.head("files")
    terminal.tell("files-as-is", "files-path")
    while typed := terminal.line():
        if len(files) >= FILES_MAX:
            terminal.tell("files-too-many")
            return
        problem = add_file(files, Path(typed).expanduser())
        if problem:
            terminal.tell(problem)


def add_file(files: list[Upload], path: Path) -> str | None:
    """Add a file, or return the phrase that says why not."""
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError:
        return "files-unreadable"
    if not path.is_file():
        return "files-unreadable"
    if size > FILE_BYTES_MAX:
        return "files-too-large"
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    files.append(Upload(path.name, kind, path))
    return None


def fits(kind: str, draft: Draft, lang: str) -> bool:
    """Say whether a draft fits into one message."""
    filler = {"filler": "x" * (_FILE_ENTRY_BYTES * len(draft.files))}
    try:
        bodies.write_body(kind, "0" * 32, {**draft.fields(lang), **filler})
    except BadBody:
        return False
    return True


def review(terminal: Terminal, directory: Directory, draft: Draft, lang: str) -> None:
    """Show everything once more."""
    names = {desk.id: in_language(desk.name, lang) for desk in directory.desks}
    terminal.head("review")
    terminal.say(f"{terminal.phrase('review-who')}: {', '.join(names[d] for d in draft.desks)}")
    terminal.say(f"{terminal.phrase('review-words')}:")
    terminal.say(draft.text)
    for file in draft.files:
        terminal.say(f"{terminal.phrase('review-files')}: {file.name} ({file.size:,} B)")


def _ask(terminal: Terminal, form: Form, question: Question, answers: dict[str, Any]) -> None:
    terminal.say()
    terminal.say(question.text)
    if question.hint:
        terminal.say(question.hint)
    if question.kind == "text":
        terminal.tell("skip")
        typed = terminal.line()
        if typed:
            answers[question.id] = typed
        return
    many = question.kind == "cards"
    chosen = terminal.choose(question.options, many=many)
    if chosen:
        answers[question.id] = chosen if many else chosen[0]
    if question.warn_on and question.warn_on in chosen:
        terminal.say(question.warning)
        _numbers(terminal, form)
