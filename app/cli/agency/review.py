"""``quietline agency review``: a page for whoever reviews a language, and what comes back.

Only asking and showing are here; what happens is in ``app.agency.reviewing``.
"""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from app.agency import reviewing
from app.agency.errors import AgencyError, Suspicious, WrongPassphrase
from app.agency.folder import AgencyFolder
from app.agency.posters.poster_words import sentences_of_posters
from app.agency.returned_review import FILE_MAX, ReturnedReview
from app.agency.review_coverage import review_states
from app.agency.review_records import Review, covered_by, read_records
from app.agency.reviewing import Weighed
from app.agency.site import site_content
from app.agency.text_changes import Change, remarks_on
from app.cli.agency import console_review
from app.cli.terminal import asking
from app.files.bounded_reading import read_at_most
from app.files.writing import write_whole
from app.reporter.review_kit.reviewed_sentences import ANSWER, Sentence
from app.reporter.review_kit.sentence_purposes import purposes

_TEMPLATES: Final = "reviews/templates-{tag}.json"


class _PageByDefault(TyperGroup):
    """Lets ``review FOLDER LANGUAGE`` stand for ``review page FOLDER LANGUAGE``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; an argument that names none is the folder."""
        if args and args[0] not in self.commands:
            args = ["page", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="review",
    cls=_PageByDefault,
    help="A page for whoever reviews a language (`review FOLDER LANGUAGE`), and what comes back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The agency's folder.")]
_plain_errors = asking.plain_errors(found=(Suspicious,), misused=(AgencyError,))


@app.command()
@_plain_errors
def page(
    folder: Folder,
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="Such as fr or zh_Hans.")],
    everything: Annotated[
        bool, typer.Option("--all", help="Every sentence, also those that are reviewed.")
    ] = False,
    of_console: Annotated[
        bool, typer.Option("--console", help="What the console says, not the reporters' pages.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it here. [default: review-LANGUAGE.html]"),
    ] = None,
) -> None:
    """Make a page that opens without a network: screens, sentences, a form.

    It holds what no review covers as it is now. Give it to somebody who grew up with the language.
    """
    today = _today()
    if of_console:
        said = console_review.sentences(language)
        data, count = reviewing.console_review_page(
            folder, language, said, today=today, everything=everything
        )
    else:
        others = _beside_pages(folder, language)
        data, count = reviewing.review_page(
            folder, language, today=today, others=others, everything=everything
        )
    name = f"review-{'console-' if of_console else ''}{language}"
    made = out or Path(f"{name}.html")
    write_whole(made, data)
    typer.echo(f"Wrote {count} sentences to {made}. It needs a browser and no network.")
    typer.echo(f"What comes back: quietline agency review accept {folder} {name}.json")


@app.command("list")
@_plain_errors
def list_states(
    folder: Folder,
    of_console: Annotated[
        bool, typer.Option("--console", help="What the console says, not the reporters' pages.")
    ] = False,
) -> None:
    """Say of each language that is offered what is reviewed; exit code 1 if not all of it is."""
    agency = AgencyFolder(folder)
    if of_console:
        console_review.list_states(agency)
        return
    records = read_records(agency)
    states = review_states(agency, site_content(agency), records)
    for state in states:
        typer.echo(state.says(folder))
        for one in records:
            if one.language == state.code:
                typer.echo(f"    {one.day}  {_name(one)}: {len(one.covered)} sentences")
    if any(state.uncovered for state in states):
        raise typer.Exit(asking.EXIT_FOUND)


@app.command()
@_plain_errors
def accept(
    folder: Folder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that came back.")],
    numbers: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBERS",
            help="The five numbers that the reviewer read to you, to check without asking.",
        ),
    ] = None,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Take in what a reviewer said: changes one by one, then signed with the root key.

    Nothing is changed or signed before the end.
    """
    returned = reviewing.opened(folder, read_at_most(file, FILE_MAX))
    _check_sender(returned, numbers)
    code = returned.language
    others = console_review.sentences(code) if returned.of_console else _beside_pages(folder, code)
    weighed = reviewing.weigh(folder, returned, others)
    _show(weighed)
    taken = _ask(weighed.changes)
    if not (weighed.fine or taken or weighed.wrong or weighed.changes or weighed.refused):
        typer.echo("There is nothing in it about the texts as they are now. Nothing was signed.")
        raise typer.Exit(asking.EXIT_FOUND)
    signed = _sign(folder, returned, weighed, taken, passphrase_file)
    typer.echo(f"Signed: {len(signed.covered)} sentences reviewed by {_name(signed)}.")
    agency = AgencyFolder(folder)
    if returned.of_console:
        console_review.write_suggestions(agency, code, weighed)
        typer.echo(console_review.state_of(agency, code, others)[1])
        typer.echo(console_review.what_is_published(signed))
        return
    _write_templates(folder, signed, taken)
    for state in review_states(agency, site_content(agency, (returned.language,))):
        typer.echo(state.says(folder))
    typer.echo(f"Reporters see it after the next `quietline agency site {folder}`.")


def _check_sender(returned: ReturnedReview, numbers: str | None) -> None:
    """Ask whether this is the file that the reviewer saved, unless their numbers were given."""
    who = returned.reviewer
    typer.echo(
        f"Language: {returned.language}. Reviewer: {who.name}, {who.capacity or 'no more said'}."
    )
    if who.public:
        typer.echo("They allow their name on the line's site, where anybody can read it.")
    if numbers is not None:
        same = numbers.split() == returned.fingerprint.split()
    else:
        typer.echo(f"Numbers of this file:    {returned.fingerprint}")
        same = _confirmed("Are these the numbers that the reviewer reads to you on the phone?")
    if not same:
        raise Suspicious(
            "Nothing was taken. Other numbers mean that this is not the file which the reviewer "
            "saved last: ask for it again, by another way."
        )


def _show(weighed: Weighed) -> None:
    typer.echo(
        f"Fine: {len(weighed.fine)}. To change: {len(weighed.changes) + len(weighed.refused)}. "
        f"Wrong: {len(weighed.wrong)}."
    )
    if weighed.stale:
        typer.echo(
            f"{weighed.stale} answers are about texts that are not here, or were changed since the "
            "page was made: they count for nothing, and these texts go back to the reviewer."
        )
    for sentence, why in weighed.wrong:
        _show_sentence(sentence)
        typer.echo(f"    wrong, because: {why}")
    for sentence, text, why in weighed.refused:
        _show_sentence(sentence)
        typer.echo(f"    shall be: {text}")
        typer.echo(f"    cannot be taken: {why}.")


def _show_sentence(sentence: Sentence) -> None:
    typer.echo("")
    typer.echo(f"[{sentence.purpose.risk}] {sentence.purpose.text}")
    typer.echo(f"    English:  {sentence.english}")
    typer.echo(f"    is now:   {sentence.text}")


def _ask(changes: Sequence[Change]) -> list[Change]:
    """Show the changes one by one; return those that are to be taken."""
    taken = []
    for number, (sentence, text) in enumerate(changes, start=1):
        _show_sentence(sentence)
        typer.echo(f"    shall be: {text}")
        for remark in remarks_on(sentence, text):
            typer.echo(f"    Look twice: {remark}")
        if _confirmed(f"{number} of {len(changes)}: take this change?"):
            taken.append((sentence, text))
    return taken


def _sign(
    folder: Path,
    returned: ReturnedReview,
    weighed: Weighed,
    taken: Sequence[Change],
    passphrase_file: str | None,
) -> Review:
    """Sign, and ask again after a slip of the finger: an hour of reading hangs on it."""
    while True:
        passphrase = asking.passphrase(passphrase_file, "Passphrase of the root key")
        try:
            return reviewing.accept(
                folder, returned, weighed, taken, passphrase=passphrase, today=_today()
            )
        except WrongPassphrase as error:
            if passphrase_file is not None:
                raise
            typer.echo(str(error), err=True)


def _beside_pages(folder: Path, language: str) -> list[Sentence]:
    """Return what a reviewer reads beside the pages: the desk's answers, cards and posters."""
    content = AgencyFolder(folder).site_content()
    return [*_answers(folder, language), *sentences_of_posters(content, language)]


def _answers(folder: Path, language: str) -> list[Sentence]:
    """Return the templates of the desk's answers in a language, as the line says them."""
    from app.console.rules import answer_templates, wording  # loaded by this command alone

    tag = wording.primary(language.replace("_", "-"))
    own = {one["id"]: one["text"] for one in _own_templates(folder, tag)}
    purpose = purposes().of_text_beside(ANSWER)
    return [
        Sentence(language, (ANSWER, one.id), one.english, own.get(one.id, one.text), purpose)
        for one in answer_templates.for_language(tag)
        if one.english
    ]


def _own_templates(folder: Path, tag: str) -> list[dict[str, Any]]:
    path = folder / _TEMPLATES.format(tag=tag)
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["templates"]
    return rows


def _write_templates(folder: Path, signed: Review, taken: Sequence[Change]) -> None:
    """Write the templates of answers that are reviewed now as a file that consoles read in."""
    from app.console.rules import answer_templates, wording

    tag = wording.primary(signed.language.replace("_", "-"))
    covered = covered_by(read_records(AgencyFolder(folder)), signed.language)
    changed = {one.place: text for one, text in taken}
    names = answer_templates.names()
    rows = []
    for one in _answers(folder, signed.language):
        text = changed.get(one.place, one.text)
        now = Sentence(one.language, one.place, one.english, text, one.purpose)
        if now.hash in covered:
            rows.append(
                {"id": one.place[1], "name": names[one.place[1]], "lang": tag, "text": text}
            )
    if rows:
        path = folder / _TEMPLATES.format(tag=tag)
        data = json.dumps({"templates": rows}, ensure_ascii=False, indent=1)
        write_whole(path, data.encode())
        typer.echo(f"{len(rows)} templates of answers for the consoles (page Templates): {path}.")


def _name(review: Review) -> str:
    who = review.reviewer
    return f"{who.name}, {who.capacity}" if who.capacity else who.name


def _confirmed(question: str) -> bool:
    try:
        return typer.confirm(question)
    except typer.Abort:
        return False


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
