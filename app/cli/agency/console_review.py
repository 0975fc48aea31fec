"""``quietline agency review … --console``: what the console says, and what of it is reviewed.

The file that comes back is accepted like one about the pages. But an agency cannot change what the
program says: what a reviewer would say otherwise is written down for whoever makes it.
"""

from collections.abc import Sequence

import typer
from babel.messages.catalog import Catalog

from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.review_records import Review, covered_by, read_records
from app.agency.reviewing import Weighed
from app.cli.agency import console_sentences
from app.cli.terminal import asking
from app.reporter.catalogue import language_of
from app.reporter.review_kit.reviewed_sentences import Sentence
from app.sentences.message_catalogues import write_catalogue


def sentences(language: str) -> list[Sentence]:
    """Return what the console says in a language. Raises AgencyError: it does not speak it."""
    found = console_sentences.console_sentences(language)
    if not found:
        known = ", ".join(console_sentences.console_languages())
        raise AgencyError(f"The console does not speak {language}, only English and {known}.")
    return found


def list_states(agency: AgencyFolder) -> None:
    """Say of each of the console's languages what is reviewed; exit code 1 if not all of it is."""
    waiting = 0
    for code in console_sentences.console_languages():
        left, says = state_of(agency, code, sentences(code))
        waiting += left
        typer.echo(says)
    if waiting:
        raise typer.Exit(asking.EXIT_FOUND)


def state_of(agency: AgencyFolder, code: str, said: Sequence[Sentence]) -> tuple[int, str]:
    """Return how many sentences no review covers, and a sentence about it."""
    covered = covered_by(read_records(agency), code)
    left = sum(one.hash not in covered for one in said)
    name = f"Console, {language_of(code).name} ({code})"
    if not left:
        return 0, f"{name}: covered: all {len(said)} sentences are reviewed as they are now."
    return left, (
        f"{name}: {left} of {len(said)} sentences unreviewed. `quietline agency review "
        f"{agency.path} {code} --console` makes a page for a reviewer."
    )


def what_is_published(signed: Review) -> str:
    """Return what consoles, and everybody, will see of a review."""
    who = signed.reviewer
    named = f"by {who.name}" if who.public else "without the reviewer's name"
    return (
        f"Consoles show it, {named}, after the next `quietline agency site`. It stands on the "
        "site, where anybody can read it."
    )


def write_suggestions(agency: AgencyFolder, code: str, weighed: Weighed) -> None:
    """Write what a reviewer would say otherwise as a catalogue, ``reviews/console-CODE.po``.

    The next reviewer's is ``console-CODE-2.po``, and so on: none takes another's place.
    """
    suggested = Catalog()
    for sentence, text, _ in weighed.refused:
        # Forms of a plural share their English: of texts a catalogue keeps one, of remarks all.
        remarks = [f"with {sentence.when}: {text}"] if sentence.when else []
        context = sentence.place[1] or None
        suggested.add(sentence.english, text, user_comments=remarks, context=context)
    for sentence, why in weighed.wrong:
        remarks = [f"is now: {sentence.text}", f"wrong, because: {why}"]
        suggested.add(sentence.english, user_comments=remarks, context=sentence.place[1] or None)
    if not len(suggested):
        return
    path, number = agency.path / "reviews" / f"console-{code}.po", 1
    while path.exists():
        number += 1
        path = path.with_name(f"console-{code}-{number}.po")
    write_catalogue(path, suggested)
    typer.echo(
        f"What the reviewer would say otherwise: {path}. Send it to who makes Quietline: only a "
        "release changes what the console says."
    )
