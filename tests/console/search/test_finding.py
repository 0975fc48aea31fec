"""Searching: any script, any spelling of a number or plate; what was taken away is gone."""

from __future__ import annotations

import os
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.console.rules.body import read_body
from app.console.search import query
from app.console.search.terms import terms
from app.console.vault import Vault
from app.console.vault.records import adding, messages, notes
from app.console.vault.search import finding
from app.protocol.bodies import write_body
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.running_line import Line

# What was written, and questions that must and must not find it.
SPELLINGS = [
    ("Ela mora em São Paulo.", ["sao paulo", "SÃO", "paul"], ["paola", "ao paulo x"]),
    ("Straße 12, Łódź", ["strasse", "lodz", "12"], ["odz"]),
    ("أَحْمَد يعمل في المدينة", ["احمد", "أحمد", "المدينه"], ["حمد"]),
    ("他们没收了护照，人口贩运", ["护照", "人口贩运", "运", "没收"], ["口人", "护贩"]),
    ("เขายึดหนังสือเดินทาง", ["หนังสือ", "เดินทาง"], ["ทางเดิน"]),
    ("パスポートを取られた", ["パスポート", "取られた"], ["ポスト"]),
    ("उसका फ़ोन ले लिया", ["फोन", "फ़ोन"], ["फन"]),
    ("Її звати Олена Ґудзь", ["олена", "гудзь"], ["лена"]),
    ("Call +1 (202) 555-0123 now", ["202-555-0123", "0012025550123", "5550123", "202 555 0123"],
     ["2025550199"]),
    ("رقمها ٠٩٠١٢٣٤٥٦٧", ["0901234567", "901 234 567"], ["0901234568"]),
    ("A van, plate AB-12 CDE, white", ["ab12cde", "AB 12 CDE", "AB12", "plate white"], ["ab13"]),
    ("A van AB12CDE", ["AB-12-CDE", "ab 12 cde"], ["cde12"]),
    ("tip@example.org and instagram.com/red_door", ["example.org", "red_door"], ["reddoor2"]),
]  # fmt: skip


def keep(vault: Vault, text: str, name: str = "") -> str:
    """Keep a report as if it had come; return its case."""
    reporter = ReporterIdentity(new_entropy(os.urandom)).public
    file = {"key": "A" * 43, "chunks": 1, "name": name, "type": "x", "size": 1, "metadata": "clean"}
    files = [{**file, "tree": "0" * 64}] if name else []
    raw = write_body("report", os.urandom(16).hex(), {"lang": "en", "text": text, "files": files})
    with vault.write() as tx:
        adding.store_incoming(tx, reporter, raw, read_body(raw), 1_790_000_000)
    return messages.case_id(reporter)


def found(vault: Vault, question: str) -> list[str]:
    finding.read_on(vault)
    asked = query.expression(question)
    with vault.read() as tx:
        return [one.case for one in finding.find(tx, asked, 50)] if asked else []


@pytest.mark.parametrize(("text", "hits", "misses"), SPELLINGS)
def test_a_text_is_found_in_any_spelling_and_not_by_others(
    ana: Vault, text: str, hits: list[str], misses: list[str]
) -> None:
    case = keep(ana, text)
    keep(ana, "Something else altogether.")
    for question in hits:
        assert found(ana, question) == [case], question
        places = query.matches(question, text)
        assert places
        for place in places:
            assert 0 <= place.start < place.end <= len(text)
    for question in misses:
        assert found(ana, question) == [], question


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("EX 4471", "An example: Ex-boss, van EX-4471, and EX 4471 again", ["EX-4471", "EX 4471"]),
        ("ex4471", "A van EX 4471 X", ["EX 4471"]),
        ("EX 4471", "4471 people, an ex", ["4471", "ex"]),
        ("passport red", "Red door, passports, red", ["Red", "passports", "red"]),
        ("5550123", "Call +1 (202) 555-0123 or 555 0123", ["+1 (202) 555-0123", "555 0123"]),
        ("人口贩运", "人口很多，这是人口贩运", ["人口贩运"]),
    ],
)
def test_every_place_is_marked_and_of_a_plate_not_its_halves(
    question: str, text: str, marked: list[str]
) -> None:
    places = query.matches(question, text)
    assert [text[one.start : one.end] for one in places] == marked


def test_names_of_files_and_answers_and_notes_are_found(ana: Vault) -> None:
    case = keep(ana, "x", "house by the river.jpg")
    assert found(ana, "river") == [case]
    with ana.write() as tx:
        notes.add(tx, case, "ask the neighbour", 1)
    assert found(ana, "neighbour") == [case]
    with ana.write() as tx:
        notes.remove(tx, case, notes.of_case(tx, case)[0].id)
    assert found(ana, "neighbour") == []


def test_a_note_that_takes_the_place_of_a_deleted_one_is_found_and_the_old_one_is_not(
    ana: Vault,
) -> None:
    case = keep(ana, "x")
    for word in ("neighbour", "landlord"):
        with ana.write() as tx:
            notes.add(tx, case, f"ask the {word}", 1)
        assert found(ana, word) == [case]
        with ana.write() as tx:
            notes.remove(tx, case, notes.of_case(tx, case)[0].id)
        assert found(ana, word) == []
    with ana.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM findable")).scalar_one() == 1


def test_reading_on_goes_on_where_it_stopped(ana: Vault) -> None:
    cases = [keep(ana, f"report number {number}") for number in range(5)]
    with ana.write() as tx:
        assert finding.index(tx, batch=2) == 3
    assert finding.read_on(ana, rounds=1) == 0
    assert found(ana, "report") == cases[::-1]


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_question_and_never_an_error(ana_still: Vault, typed: str) -> None:
    asked = query.expression(typed)
    query.matches(typed, typed)
    with ana_still.read() as tx:
        if asked:
            finding.find(tx, asked, 5)


@given(st.text(alphabet=string.ascii_letters + "éßأ人ท 0123", max_size=80))
def test_every_term_stands_where_it_says(text: str) -> None:
    for one in terms(text):
        assert 0 <= one.start < one.end <= len(text)
    if query.expression(text):
        assert query.matches(text, text)


@pytest.fixture(scope="module")
def ana_still(made: Line, tmp_path_factory: pytest.TempPathFactory) -> object:
    with made.copy(tmp_path_factory.mktemp("search")).vault("ana") as vault:
        keep(vault, "something")
        finding.read_on(vault)
        yield vault
