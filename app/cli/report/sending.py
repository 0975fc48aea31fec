"""From the first question to the receipt code, and writing more with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.cli.report import intake
from app.cli.report.signed_form import Form
from app.cli.report.terminal import Terminal, plain
from app.cli.report.visit import Misused, explain, tell_old
from app.cli.terminal.progress_bar import progress
from app.client.desk_changes import ChangedDesks, in_language
from app.client.few_readers import FewReaders
from app.client.line_errors import LineError
from app.client.parcel import Parcel
from app.client.reporter_client import ReporterClient
from app.protocol import bodies
from app.protocol.errors import ProtocolError
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import numbers_of, words_of
from app.protocol.secrets import Secret


async def write(
    terminal: Terminal,
    client: ReporterClient,
    form: Form,
    kind: str,
    paths: Sequence[Path],
) -> intake.Draft | None:
    """Ask for everything that a message holds; None if it is not to be sent. Raises Misused."""
    draft = intake.Draft()
    for path in paths:
        problem = intake.add_file(draft.files, path)
        if problem:
            raise Misused(f"{path}: {terminal.phrase(problem)}")
    directory, bundles = await client.recipients()
    if client.looks_old(directory, bundles):
        tell_old(terminal, "list-old")
        client.warned_old = True
    if kind == bodies.REPORT:
        intake.read_first(terminal, form)
    else:
        intake.call_first(terminal, form)
    draft.read = directory
    draft.desks = intake.choose_desks(terminal, directory, bundles, form.lang)
    if not draft.desks:
        return None
    draft.text = intake.ask_text(terminal)
    if kind == bodies.REPORT:
        intake.ask_questions(terminal, form, draft.answers)
    else:
        intake.ask_anew(terminal, form, draft.answers)
    intake.ask_files(terminal, draft.files)
    while not intake.fits(kind, draft, form.lang):
        terminal.tell("too-long")
        draft.text = intake.ask_text(terminal)
    if draft.empty:
        terminal.tell("review-empty")
        return None
    intake.review(terminal, directory, draft, form.lang)
    return draft if terminal.agree("send", "send", "send-not") else None


async def deliver(
    terminal: Terminal,
    client: ReporterClient,
    identity: ReporterIdentity,
    parcel: Parcel,
    lang: str,
) -> bool:
    """Send until it has arrived or the person gives up; nothing typed is lost in between."""
    while True:
        try:
            # A bar without words: there is none that says it in twelve languages.
            with progress("…") as step:

                def tell(number: int, done: int, total: int) -> None:
                    step(plain(parcel.files[number].name), done, total)

                client.progress = tell
                client.tell_of_work(lambda done, most: step("…", done, most))
                await client.deliver(identity, parcel)
                return True
        except FewReaders as few:
            for desk, now, of in few.desks:
                name = in_language(desk.name, lang)
                said = terminal.phrase("few-readers-why")
                terminal.say(said.format(name=name, now=now, of=of))
            if not terminal.agree("few-readers", "send-few", "send-not"):
                return False
            parcel.agreed |= {desk.id: now for desk, now, _ in few.desks}
            continue
        except ChangedDesks as changed:
            for desk in changed.desks:
                name = in_language(desk.name, lang)
                terminal.say(terminal.phrase("desk-changed").format(name=name))
                terminal.say(intake.said_of(terminal, desk, lang))
            if not terminal.agree("review", "send-few", "send-not"):
                return False
            parcel.read = changed.directory
            continue
        except (LineError, ProtocolError, OSError) as error:
            explain(terminal, error, sending=True)
        if not terminal.agree("stopped", "again", "send-not"):
            return False


def show_code(terminal: Terminal, form: Form, code: Secret) -> None:
    """Show the code until it is written down: the only time."""
    with terminal.once("code-gone"):
        terminal.head("code")
        terminal.tell("arrived")
        if form.words:
            terminal.say(f"{terminal.phrase('code-words')}:")
            _rows(terminal, words_of(code.reveal(), form.words))
        terminal.say(f"{terminal.phrase('code-numbers')}:")
        _rows(terminal, numbers_of(code.reveal()))
        terminal.tell("code-same", "code-once")


def _rows(terminal: Terminal, code: str) -> None:
    parts = code.split()
    for at in range(0, len(parts), 4):
        row = "   ".join(f"{at + i + 1:>2} {part}" for i, part in enumerate(parts[at : at + 4]))
        terminal.say(f"    {row}")
