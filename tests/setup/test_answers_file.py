"""A file of answers: read into flat keys, refused with the key's name, a secret from its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.setup.agency.agency_setup import KEYS as AGENCY_KEYS
from app.setup.answers_file import FromFile
from app.setup.dialogue import Misused, Question, yes_or_no
from app.setup.server.server_setup import KEYS as SERVER_KEYS

BOOK = Path(__file__).parents[2] / "docs" / "set-up.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.toml"
    path.write_text(
        '[agency]\nlanguages = ["en", "es"]\npublish_again = true\npassphrase_file = "secret"\n'
        '[[agency.desks]]\nkind = "own"\nname.zh-Hans = "台"\n[[agency.desks]]\nkind = "police"\n'
        '[server]\nattachments_gib = 3\nlanguages = ["en"]\n'
    )
    return path


def test_answers_have_flat_keys(file: Path) -> None:
    answers = FromFile.of(file, "agency", AGENCY_KEYS)
    assert answers.ask(Question("languages", "", str)) == "en, es"
    assert answers.ask(Question("publish_again", "", yes_or_no)) is True
    assert answers.ask(Question("desks.1.name.zh-Hans", "", str)) == "台"
    assert [answers.another("desks", number, "") for number in (1, 2, 3)] == [True, True, False]
    assert answers.known("languages")
    assert not answers.known("countries")


def test_what_is_missing_is_the_suggestion_or_named(file: Path) -> None:
    answers = FromFile.of(file, "agency", AGENCY_KEYS)
    assert answers.ask(Question("countries", "Which?", str, "us")) == "us"
    with pytest.raises(Misused, match="no 'countries': Which\\?"):
        answers.ask(Question("countries", "Which?", str))


def test_a_wrong_answer_is_named(file: Path) -> None:
    with pytest.raises(Misused, match="'languages': Answer yes or no"):
        FromFile.of(file, "agency", AGENCY_KEYS).ask(Question("languages", "", yes_or_no))


def test_what_nothing_asks_for_is_refused(file: Path) -> None:
    with pytest.raises(Misused, match="nothing asks for 'languages'"):
        FromFile.of(file, "server", SERVER_KEYS)
    with pytest.raises(Misused, match=r"no table \[else\]"):
        FromFile.of(file, "else", SERVER_KEYS)
    for text in ("[agency", "[agency]\na = " + "[" * 50_000):
        file.write_text(text)
        with pytest.raises(Misused, match="cannot be read"):
            FromFile.of(file, "agency", AGENCY_KEYS)


def test_a_secret_is_the_first_line_of_its_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = FromFile.of(file, "agency", AGENCY_KEYS)
    with pytest.raises(Misused, match="secret, which 'passphrase_file' names, cannot be read"):
        answers.hidden("passphrase", "")
    Path("secret").write_text("\n")
    with pytest.raises(Misused, match="empty first line"):
        answers.hidden("passphrase", "")
    Path("secret").write_text("words of it\nmore\n")
    assert answers.hidden("passphrase", "") == "words of it"
    with pytest.raises(Misused, match="no 'other_file'"):
        answers.hidden("other", "")


def test_the_passphrase_itself_has_no_place_in_the_file(file: Path) -> None:
    file.write_text('[agency]\npassphrase = "words"\n')
    with pytest.raises(Misused, match="nothing asks for 'passphrase'"):
        FromFile.of(file, "agency", AGENCY_KEYS)


@pytest.mark.parametrize(("table", "keys"), [("server", SERVER_KEYS), ("agency", AGENCY_KEYS)])
def test_the_book_has_keys_that_are_asked_for(table: str, keys: str, tmp_path: Path) -> None:
    blocks = BOOK.read_text().split("```toml\n")[1:]
    text = next(one.split("```")[0] for one in blocks if one.startswith(f"[{table}]"))
    file = tmp_path / "answers.toml"
    file.write_text(text)
    answers = FromFile.of(file, table, keys)
    assert answers.known("line_name") is (table == "server")
