"""A language is published when it was reviewed as it is now, or its pages admit that it was not."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.agency import reviewing, signing, site
from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder
from app.agency.returned_review import FILE_MAX, fingerprint, read_returned
from app.agency.review_coverage import review_states, sentences
from app.cli.agency import review
from app.cli.agency.agency_commands import app
from app.console.cases import own_templates
from app.protocol.encoding import b64u, unb64u
from app.protocol.secrets import Secret
from app.reporter import beginning
from app.reporter.catalogue import open_catalogue
from app.reporter.review_kit.reviewed_sentences import ANSWER, Sentence
from tests.agency.conftest import DAY, Agency

Run = Callable[..., Result]
LEAVE = "Leave this page"
NOTICE = "data-unreviewed"
HOTLINE = ("entry", "us", "hotline")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, passphrase_file: Path) -> Run:
    """`quietline agency review …` on a fixed day; `accept` knows the passphrase."""
    monkeypatch.setattr(review, "_today", lambda: DAY)

    def typed(*words: object, answers: str = "") -> Result:
        extra = ["--passphrase-file", str(passphrase_file)] if words[0] == "accept" else []
        return CliRunner().invoke(app, ["review", *map(str, words), *extra], input=answers)

    return typed


def offer(agency: Agency, *codes: str, unreviewed: str = "") -> None:
    folder = agency.folder / "site"
    beginning.offer(folder, ["en", *codes])
    if unreviewed:
        path = folder / "site.toml"
        path.write_text(path.read_text() + f"\n[language.{unreviewed}]\nunreviewed = true\n")


def publish(agency: Agency, out: Path) -> dict[str, str]:
    """Make the site; return its pages by path."""
    site.write_site(agency.folder, out, passphrase=agency.passphrase, today=DAY)
    return {str(one.relative_to(out)): one.read_text() for one in out.rglob("*.html")}


def said(agency: Agency, code: str = "fr") -> list[Sentence]:
    folder = AgencyFolder(agency.folder)
    return sentences(folder, site.site_content(folder, (code,)), code)


def left(agency: Agency, code: str = "fr") -> list[Sentence]:
    folder = AgencyFolder(agency.folder)
    (state,) = review_states(folder, site.site_content(folder, (code,)))
    return list(state.uncovered)


def find(agency: Agency, english: str) -> Sentence:
    return next(one for one in said(agency) if one.english == english)


def content_of(line_id: bytes, answers: dict[str, Any]) -> dict[str, Any]:
    """Return what a file holds that came back as the page saves it."""
    return {
        "v": 1,
        "kind": "quietline-review",
        "line": b64u(line_id),
        "language": "fr",
        "reviewer": {"name": "Amina", "capacity": "interpreter"},
        "answers": answers,
    }


def file_of(agency: Agency, answers: dict[str, Any], **changes: Any) -> bytes:
    content = content_of(agency.line.line_id, answers) | changes
    return json.dumps(content, ensure_ascii=False).encode()


def fine(agency: Agency) -> dict[str, Any]:
    return {one.hash: {"say": "fine"} for one in said(agency)}


def many() -> list[str]:
    """Return more hashes than a file may name."""
    return [b64u(number.to_bytes(32, "big")) for number in range(5_001)]


def accept(run: Run, tmp_path: Path, agency: Agency, data: bytes, answers: str = "") -> Result:
    file = tmp_path / "review-fr.json"
    file.write_bytes(data)
    return run("accept", agency.folder, file, "--numbers", fingerprint(data), answers=answers)


def test_a_new_language_waits_for_a_review_and_is_published_by_it_without_a_word(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    offer(agency, "fr")
    with pytest.raises(AgencyError, match=r"Français \(fr\) is new.*unreviewed = true"):
        publish(agency, tmp_path / "www")
    taken = accept(run, tmp_path, agency, file_of(agency, fine(agency)))
    assert taken.exit_code == 0, taken.output
    assert "reviewed by Amina, interpreter" in taken.output
    pages = publish(agency, tmp_path / "www")
    assert "fr/index.html" in pages
    assert not [path for path, page in pages.items() if NOTICE in page]
    assert "covered" in run("list", agency.folder).output


def test_unreviewed_languages_are_admitted_by_their_own_pages_in_their_own_words(
    agency: Agency, tmp_path: Path
) -> None:
    offer(agency, "fr", unreviewed="fr")
    pages = publish(agency, tmp_path / "www")
    for path in ("fr/index.html", "fr/help/index.html", "fr/info/us/index.html"):
        assert NOTICE in pages[path], path
        assert "n’a pas encore été entièrement vérifiée" in pages[path]
    assert not [path for path in pages if path.startswith("en/") and NOTICE in pages[path]]
    remarks = site.site_remarks(agency.folder, DAY)
    total = len(said(agency))
    assert any(f"{total} of {total} sentences unreviewed" in one for one in remarks)


def test_a_changed_sentence_goes_back_alone_and_what_was_published_stays_marked(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    offer(agency, "fr")
    before = file_of(agency, fine(agency))
    assert accept(run, tmp_path, agency, before).exit_code == 0
    publish(agency, tmp_path / "www")
    with pytest.raises(AgencyError, match="Every sentence is reviewed"):
        reviewing.review_page(agency.folder, "fr", today=DAY)
    path = agency.folder / "site" / "fr" / "texts.toml"
    text = path.read_text()
    path.write_text(text.replace('us = "États-Unis"', 'us = "États-Unis d’Amérique"', 1))
    (changed,) = left(agency)
    assert changed.text == "États-Unis d’Amérique"
    page, count = reviewing.review_page(agency.folder, "fr", today=DAY)
    assert count == 1
    assert changed.hash in page.decode()
    assert NOTICE in publish(agency, tmp_path / "www")["fr/index.html"]
    # The file of before says nothing of the sentence as it is now.
    again = accept(run, tmp_path, agency, before)
    assert "1 answers are about texts that are not here" in again.output
    assert [one.text for one in left(agency)] == ["États-Unis d’Amérique"]


def test_changes_are_taken_one_by_one_into_the_agencys_own_files(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    offer(agency, "fr")
    leave, room = find(agency, LEAVE), find(agency, "Room for about {count} more letters.")
    where = next(one for one in said(agency) if one.place == ("text", "question.where.hint"))
    line = next(one for one in said(agency) if one.place == (*HOTLINE, "1.1"))
    title = next(one for one in said(agency) if one.place == (*HOTLINE, "heading"))
    answers = {
        leave.hash: {"say": "change", "to": "Fermer cette page"},
        room.hash: {"say": "change", "to": "Encore environ {count} lettres."},
        where.hash: {"say": "change", "to": 'Une rue, une "ville".'},
        line.hash: {"say": "change", "to": "Quelqu’un écoute."},
        title.hash: {"say": "change", "to": "Ligne nationale"},
        find(agency, "Skip").hash: {"say": "change", "to": "Passer outre"},
        find(agency, "Next").hash: {"say": "wrong", "because": "This is a noun."},
    }
    taken = accept(run, tmp_path, agency, file_of(agency, answers), "y\ny\ny\ny\ny\nn\n")
    assert taken.exit_code == 0, taken.output
    assert "This is a noun." in taken.output
    folder = agency.folder / "site"
    french = open_catalogue("fr", folder)
    assert french.gettext(LEAVE) == "Fermer cette page"
    assert french.ngettext(
        "Room for about {count} more letter.", "Room for about {count} more letters.", 7
    ).startswith("Encore environ")
    assert french.gettext("Skip") == open_catalogue("fr").gettext("Skip")
    own = (folder / "fr" / "messages.po").read_text()
    assert own.count("msgid ") == 3, "its header, and what is said otherwise"
    texts = {one.place: one.text for one in said(agency)}
    assert texts[where.place] == 'Une rue, une "ville".'
    assert texts[line.place] == "Quelqu’un écoute."
    assert texts[title.place] == "Ligne nationale"
    waiting = {one.english for one in left(agency)}
    assert {"Skip", "Next"} <= waiting
    assert LEAVE not in waiting
    assert "Room for about {count} more letters." not in waiting


def test_what_would_break_a_page_or_needs_a_hand_is_not_taken(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    named = find(agency, "Step %(number)s")
    leave = find(agency, LEAVE)
    line = next(one for one in said(agency) if one.place == (*HOTLINE, "1.1"))
    desk = next(one for one in said(agency) if one.place[0] == "desk")
    for one, text in (
        (named, "Étape"),
        (named, "Étape %(number)s, 100 %"),
        (leave, "<b>Quitter</b>"),
        (line, "# Quelqu’un"),
        (desk, "Un autre nom"),
    ):
        file = file_of(agency, {one.hash: {"say": "change", "to": text}})
        answer = accept(run, tmp_path, agency, file, "y\n")
        assert "cannot be taken" in answer.output, text
        assert not (agency.folder / "site" / "fr" / "messages.po").exists()
    publish(agency, tmp_path / "www")


def test_a_text_that_cannot_be_put_in_changes_nothing(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    path = agency.folder / "site" / "fr" / "texts.toml"
    odd = path.read_text().replace('us = "États-Unis"', 'us = """\nÉtats-Unis"""', 1)
    path.write_text(odd)
    country = next(one for one in said(agency) if one.place == ("text", "emergency.us"))
    answers = {
        find(agency, LEAVE).hash: {"say": "change", "to": "Fermer"},
        country.hash: {"say": "change", "to": "Les États-Unis"},
    }
    answer = accept(run, tmp_path, agency, file_of(agency, answers), "y\ny\n")
    assert answer.exit_code == 2
    assert "by hand" in answer.output
    assert path.read_text() == odd
    assert not (agency.folder / "site" / "fr" / "messages.po").exists()
    assert not (agency.folder / "reviews").exists()


def test_a_later_reviewer_can_take_back_what_an_earlier_one_found_fine(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    assert accept(run, tmp_path, agency, file_of(agency, fine(agency))).exit_code == 0
    doubt = {find(agency, LEAVE).hash: {"say": "wrong", "because": "It means: go home."}}
    assert accept(run, tmp_path, agency, file_of(agency, doubt)).exit_code == 0
    assert [one.english for one in left(agency)] == [LEAVE]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"\xff\xfe{}",
        lambda _: b"[" * 100_000,
        lambda _: b" " * (FILE_MAX + 1),
        lambda f: json.dumps(f | {"more": 1}).encode(),
        lambda f: json.dumps(f | {"v": True}).encode(),
        lambda f: json.dumps(f | {"kind": "quietline-enrolment"}).encode(),
        lambda f: json.dumps(f | {"answers": []}).encode(),
        lambda f: json.dumps(f | {"answers": {"../../root.key": {"say": "fine"}}}).encode(),
        lambda f: json.dumps(f | {"answers": {b64u(bytes(32)): {"say": "change"}}}).encode(),
        lambda f: json.dumps(f | {"answers": {b64u(bytes(32)): {"say": ["fine"]}}}).encode(),
        lambda f: json.dumps(f | {"language": "../../srv"}).encode(),
        lambda f: json.dumps(f | {"language": "fr\u200f"}).encode(),
        lambda f: json.dumps(f | {"reviewer": {"name": "", "capacity": ""}}).encode(),
        lambda f: json.dumps(f | {"reviewer": {"name": "x" * 81, "capacity": ""}}).encode(),
        lambda f: json.dumps(f | {"reviewer": {"name": "\x1b[2Jx", "capacity": ""}}).encode(),
        lambda f: json.dumps(
            f | {"answers": {b64u(bytes(32)): {"say": "change", "to": "a\u202eb"}}}
        ).encode(),
        lambda f: json.dumps(
            f | {"answers": {one: {"say": "fine"} for one in many()}}
        ).encode(),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_and_says_nothing_back(
    spoil: Callable[[dict[str, Any]], bytes],
) -> None:
    good = content_of(bytes(32), {})
    assert read_returned(json.dumps(good).encode()).reviewer.name == "Amina"
    with pytest.raises((AgencyError, Suspicious)) as refused:
        read_returned(spoil(good))
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_file_of_another_line_another_sender_or_another_language_is_not_taken(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    other = file_of(agency, {}, line=b64u(bytes(32)))
    assert "another line" in accept(run, tmp_path, agency, other).output
    file = tmp_path / "swapped.json"
    file.write_bytes(file_of(agency, fine(agency)))
    swapped = run("accept", agency.folder, file, "--numbers", "1 2 3 4 5")
    assert swapped.exit_code == 1
    assert "Nothing was taken" in swapped.output
    outside = accept(run, tmp_path, agency, file_of(agency, {}, language="../../etc"))
    assert outside.exit_code == 2
    assert not (agency.folder / "reviews").exists()


def test_a_record_that_was_changed_or_signed_by_another_root_covers_nothing(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    assert accept(run, tmp_path, agency, file_of(agency, fine(agency))).exit_code == 0
    (record,) = (agency.folder / "reviews").glob("fr-*.json")
    good = record.read_bytes()
    record.write_bytes(good.replace(b'"signature":"', b'"signature":"00', 1))
    with pytest.raises(Suspicious, match="not signed by this line"):
        left(agency)
    record.write_bytes(good)
    content = unb64u(json.loads(good)["review"])
    record.write_bytes(signing.sign_review(content, Secret(os.urandom(32))))
    with pytest.raises(Suspicious):
        left(agency)


def test_a_language_that_is_taken_away_leads_to_the_others_and_comes_back_as_a_new_one(
    agency: Agency, tmp_path: Path
) -> None:
    offer(agency, "fr", "es", unreviewed="fr")
    path = agency.folder / "site" / "site.toml"
    path.write_text(path.read_text() + "\n[language.es]\nunreviewed = true\n")
    publish(agency, tmp_path / "www")
    beginning.offer(agency.folder / "site", ["en", "es"])
    for _ in range(2):  # the next time too: nothing remembers it but the site itself
        pages = publish(agency, tmp_path / "www")
        assert [one for one in pages if one.startswith("fr/")] == ["fr/index.html"]
        assert 'href="/en/"' in pages["fr/index.html"]
        assert 'href="/es/"' in pages["fr/index.html"]
        assert "<script" not in pages["fr/index.html"]
    path.write_text(path.read_text().replace("[language.fr]\nunreviewed = true\n", ""))
    beginning.offer(agency.folder / "site", ["en", "es", "fr"])
    with pytest.raises(AgencyError, match=r"fr\) is new"):
        publish(agency, tmp_path / "www")


def test_ready_made_answers_that_were_reviewed_are_a_file_for_the_consoles(
    agency: Agency, run: Run, tmp_path: Path
) -> None:
    first, second, *_ = review._answers(agency.folder, "fr")
    assert first.place == (ANSWER, "received")
    answers = {
        first.hash: {"say": "change", "to": "Merci. Nous avons tout lu."},
        second.hash: {"say": "fine"},
    }
    assert accept(run, tmp_path, agency, file_of(agency, answers), "y\n").exit_code == 0
    file = agency.folder / "reviews" / "templates-fr.json"
    texts = own_templates.from_file(file.read_bytes())
    assert [(one.id, one.lang, one.text) for one in texts] == [
        ("received", "fr", "Merci. Nous avons tout lu."),
        ("begun", "fr", second.text),
    ]
    assert left(agency) == said(agency), "they are no part of what a site's pages say"


def test_a_mistake_in_what_site_toml_says_of_a_language_is_named(agency: Agency) -> None:
    path = agency.folder / "site" / "site.toml"
    path.write_text(path.read_text() + '\n[language.fr]\nunreviewed = "yes"\n')
    with pytest.raises(AgencyError, match=r"site.toml, \[language.fr\]"):
        site.site_content(AgencyFolder(agency.folder))
