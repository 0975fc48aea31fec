"""What the console says in a language is reviewed like the pages, by a kit of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from typer.testing import CliRunner, Result

from app.agency.returned_review import fingerprint
from app.cli.agency import console_sentences, review
from app.cli.agency.agency_commands import app
from app.console.web.reader_languages import CATALOGUES
from app.protocol.encoding import b64u
from app.reporter.review_kit.reviewed_sentences import Sentence
from app.reporter.review_kit.sentence_purposes import RISKS, SAFETY
from app.sentences.message_catalogues import source_messages
from tests.agency.conftest import DAY, Agency

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, passphrase_file: Path, tmp_path: Path) -> Run:
    """`quietline agency review …` on a fixed day, in an empty folder."""
    monkeypatch.setattr(review, "_today", lambda: DAY)
    monkeypatch.chdir(tmp_path)

    def typed(*words: object) -> Result:
        extra = ["--passphrase-file", str(passphrase_file)] if words[0] == "accept" else []
        return CliRunner().invoke(app, ["review", *map(str, words), *extra])

    return typed


@pytest.fixture(scope="module")
def french() -> list[Sentence]:
    return console_sentences.console_sentences("fr")


def file_of(agency: Agency, answers: dict[str, Any], kind: str) -> bytes:
    content = {
        "v": 1,
        "kind": kind,
        "line": b64u(agency.line.line_id),
        "language": "fr",
        "reviewer": {"name": "Amina", "capacity": "interpreter"},
        "answers": answers,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def accept(run: Run, agency: Agency, data: bytes) -> Result:
    Path("review-console-fr.json").write_bytes(data)
    numbers = fingerprint(data)
    return run("accept", agency.folder, "review-console-fr.json", "--numbers", numbers)


def test_every_message_of_the_console_has_a_purpose_and_comes_to_the_reviewer(
    french: list[Sentence],
) -> None:
    purposes = console_sentences.purposes_of_messages()
    assert len(purposes) == len([one for one in source_messages() if one.id])
    assert {one.risk for one in purposes.values()} == set(RISKS)
    said = {one.english for one in french}
    untold = [english for _, english, plural in purposes if not plural and english not in said]
    # What is written alike in both languages is left out: nobody can translate it wrongly.
    assert len(untold) < 60, f"to be translated into French: {untold}"
    assert len({one.hash for one in french}) == len(french)
    danger = "A case in which somebody is in danger: what to do at once."
    assert {one.purpose.risk for one in french if one.purpose.text == danger} == {SAFETY}
    assert console_sentences.console_languages() == sorted(p.stem for p in CATALOGUES.glob("*.po"))


def test_a_language_of_the_console_is_reviewed_from_page_to_record(
    agency: Agency, run: Run, french: list[Sentence]
) -> None:
    made = run(agency.folder, "fr", "--console")
    assert made.exit_code == 0, made.output
    assert f"Wrote {len(french)} sentences to review-console-fr.html" in made.output
    page = Path("review-console-fr.html").read_text()
    assert 'data-file="review-console-fr.json"' in page
    assert '"kind":"quietline-console-review"' in page
    assert "<iframe" not in page
    assert all(one.hash in page for one in french)
    before = run("list", agency.folder, "--console")
    assert before.exit_code == 1
    assert f"Console, Français (fr): {len(french)} of {len(french)} sentences" in before.output

    changed, wrong, *others = french
    answers: dict[str, Any] = {one.hash: {"say": "fine"} for one in others}
    answers[changed.hash] = {"say": "change", "to": "Autrement dit"}
    answers[wrong.hash] = {"say": "wrong", "because": "This is a noun."}
    taken = accept(run, agency, file_of(agency, answers, "quietline-console-review"))
    assert taken.exit_code == 0, taken.output
    assert "it stands in the program" in taken.output
    assert f"Signed: {len(others)} sentences reviewed by Amina" in taken.output
    assert "without the reviewer's name" in taken.output
    assert "They allow their name" not in taken.output
    assert f"Console, Français (fr): 2 of {len(french)} sentences unreviewed" in taken.output
    # The program's words are its makers' to change: they get them as a catalogue.
    with (agency.folder / "reviews" / "console-fr.po").open("rb") as file:
        suggested = read_po(file)
    context = changed.place[1] or None
    changed_there, doubted = suggested.get(changed.english, context), suggested.get(wrong.english)
    assert changed_there is not None
    assert changed_there.string == "Autrement dit"
    assert doubted is not None
    assert "This is a noun." in " ".join(doubted.user_comments)
    assert (
        f"Console, Français (fr): 2 of {len(french)}"
        in run("list", agency.folder, "--console").output
    )

    left = run(agency.folder, "fr", "--console")
    assert "Wrote 2 sentences" in left.output
    again = {wrong.hash: {"say": "wrong", "because": "Another reviewer says so too."}}
    accept(run, agency, file_of(agency, again, "quietline-console-review"))
    second = (agency.folder / "reviews" / "console-fr-2.po").read_text()
    assert "Another reviewer" in second
    assert "This is a noun." not in second, "what the first one said stays in a file of its own"
    both = {one.hash: {"say": "fine"} for one in (changed, wrong)}
    done = accept(run, agency, file_of(agency, both, "quietline-console-review"))
    assert f"covered: all {len(french)} sentences" in done.output
    assert "Every sentence is reviewed" in run(agency.folder, "fr", "--console").output


def test_a_review_of_the_console_says_nothing_of_the_pages_and_none_of_another_kind_is_taken(
    agency: Agency, run: Run, french: list[Sentence]
) -> None:
    fine = {french[0].hash: {"say": "fine"}}
    as_pages = accept(run, agency, file_of(agency, fine, "quietline-review"))
    assert as_pages.exit_code == 1
    assert "nothing in it about the texts as they are now" in as_pages.output
    others = [file_of(agency, fine, "quietline-console-review-2")]
    others += [
        file_of(agency, fine, kind).replace(b'"interpreter"', b'"interpreter", "public": ' + said)
        for kind, said in (
            ("quietline-console-review", b'"yes"'),
            ("quietline-console-review", b"false"),
            ("quietline-review", b"true"),  # of the pages nothing is told
        )
    ]
    for data in others:
        other = accept(run, agency, data)
        assert other.exit_code == 2, data
        assert "not a file as the review page saves it" in other.output
    assert "The console does not speak hu" in run(agency.folder, "hu", "--console").output
