"""``quietline agency`` as somebody types it: what it says, asks, writes, and its exit codes."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.agency import ceremonies, rootkey
from app.agency.folder import AgencyFolder
from app.cli.agency.agency_commands import app
from app.protocol.directory import open_directory
from tests.agency.conftest import PASSPHRASE, Agency, new_identity, request_of, words_for

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command; the root key is made with quick parameters."""
    for ceremony in ("init_agency", "rotate_root"):
        quick = partial(getattr(ceremonies, ceremony), kdf=rootkey.SYNTHETIC)
        monkeypatch.setattr(ceremonies, ceremony, quick)

    def typed(*words: object, answers: str = "") -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=answers)

    return typed


@pytest.fixture
def request_file(tmp_path: Path, agency: Agency) -> Path:
    path = tmp_path / "ana.json"
    path.write_bytes(request_of(new_identity(), "Ana", agency.line))
    return path


def test_from_an_empty_stick_to_a_published_line(run: Run, tmp_path: Path) -> None:
    folder, out, www = tmp_path / "new", tmp_path / "directory.json", tmp_path / "www"
    answers = f"{PASSPHRASE}\n{PASSPHRASE}\n"
    made = run("init", folder, "--name", "Harbour", "--server", "https://a.org", answers=answers)
    assert made.exit_code == 0, made.output
    assert PASSPHRASE not in made.output
    line = json.loads((folder / "line.json").read_text())
    assert (line["name"], line["server"], line["onion"]) == ("Harbour", "https://a.org", None)

    made_here = AgencyFolder(folder).line()
    request_file = tmp_path / "ana.json"
    request_file.write_bytes(request_of(new_identity(), "Ana", made_here))
    enrolled = run("enrol", folder, request_file, "--desk", "support", answers="y\n")
    assert enrolled.exit_code == 0, enrolled.output
    assert "Do these words match what the investigator reads to you?" in enrolled.output
    for word in words_for(request_file.read_bytes(), made_here).split():
        assert word in enrolled.output

    signed = run("directory", folder, "--out", out, answers=f"{PASSPHRASE}\n")
    assert signed.exit_code == 0, signed.output
    assert "Ana" in signed.output
    assert "version 1, expires" in signed.output
    assert "'police' has no active member" in signed.output
    directory = open_directory(out.read_bytes(), AgencyFolder(folder).line().line_id)
    assert [one.label for one in directory.investigators] == ["Ana"]

    site = run("site", folder, "--out", www, answers=f"{PASSPHRASE}\n")
    assert site.exit_code == 0, site.output
    assert "entries of the information pack were not checked" in site.output
    assert (www / "manifest.json").is_file()


def test_passphrases_come_from_a_file_or_standard_input_too(
    run: Run, tmp_path: Path, passphrase_file: Path
) -> None:
    line = ("--name", "x", "--server", "https://a.org")
    by_file = run("init", tmp_path / "one", *line, "--passphrase-file", passphrase_file)
    by_stdin = run(
        "init", tmp_path / "two", *line, "--passphrase-file", "-", answers=f"{PASSPHRASE}\n"
    )
    assert (by_file.exit_code, by_stdin.exit_code) == (0, 0)
    signed = run("directory", tmp_path / "two", "--passphrase-file", passphrase_file)
    assert signed.exit_code == 0, signed.output


def test_a_directory_goes_above_a_version_that_is_named(
    run: Run, agency: Agency, passphrase_file: Path
) -> None:
    agency.enrol("Ana", "support")
    above = ("--version-above", 41, "--passphrase-file", passphrase_file)
    assert "Directory version 42," in run("directory", agency.folder, *above).output


def test_words_that_do_not_match_enrol_nobody(run: Run, agency: Agency, request_file: Path) -> None:
    enrol = ("enrol", agency.folder, request_file, "--desk", "support")
    refused = run(*enrol, answers="n\n")
    assert refused.exit_code == 1
    assert "Nobody was enrolled" in refused.output
    eve = request_of(new_identity(), "Eve", agency.line)
    wrong = run(*enrol, "--fingerprint", words_for(eve, agency.line))
    assert wrong.exit_code == 1
    silent = run(*enrol)
    assert silent.exit_code == 1
    words = words_for(request_file.read_bytes(), agency.line)
    right = run(*enrol, "--fingerprint", words)
    assert right.exit_code == 0, right.output
    assert len(AgencyFolder(agency.folder).members()) == 1


def test_a_revoked_machine_is_shown_as_such(
    run: Run, agency: Agency, passphrase_file: Path
) -> None:
    agency.enrol("Ana", "support")
    agency.enrol("Bo", "support", "police")
    revoked = run("revoke", agency.folder, "Ana", "--status", "compromised")
    assert revoked.exit_code == 0, revoked.output
    signed = run("directory", agency.folder, "--passphrase-file", passphrase_file)
    assert "compromised" in signed.output
    warned = [each for each in signed.output.splitlines() if "Warning" in each]
    assert all("does not say of" in each for each in warned), "of what desks tell, and nothing else"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("directory", "{missing}"), 2, "is not an agency's folder"),
        (("site", "{missing}", "--out", "x"), 2, "is not an agency's folder"),
        (("revoke", "{missing}", "Ana", "--status", "former"), 2, "is not an agency's folder"),
        (("enrol", "{missing}", "x", "--desk", "support"), 2, "is not an agency's folder"),
        (("enrol", "{folder}", "{missing}", "--desk", "support"), 2, "No such file"),
        (("enrol", "{folder}", "{damaged}", "--desk", "support"), 1, "not an enrolment request"),
        (
            ("enrol", "{folder}", "{request}", "--desk", "press"),
            2,
            "no desk 'press'",
        ),
        (("enrol", "{folder}", "{request}"), 2, "--desk"),
        (("revoke", "{folder}", "Zoe", "--status", "former"), 2, "Nobody called 'Zoe'"),
        (("revoke", "{folder}", "Zoe", "--status", "fired"), 2, "'former' or 'compromised'"),
        (
            (
                "init",
                "{folder}",
                "--name",
                "x",
                "--server",
                "https://a.org",
                "--passphrase-file",
                "{passphrase}",
            ),
            2,
            "already exists",
        ),
        (("directory", "{folder}", "--passphrase-file", "{damaged}"), 2, "does not open"),
        (("directory", "{folder}", "--passphrase-file", "{missing}"), 2, "No such file"),
        (("directory", "{folder}"), 2, "No passphrase was given"),
    ],
)
def test_misuse_is_answered_in_one_sentence(
    run: Run,
    agency: Agency,
    tmp_path: Path,
    request_file: Path,
    passphrase_file: Path,
    words: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_text("not json")
    places = {
        "missing": tmp_path / "missing",
        "folder": agency.folder,
        "damaged": damaged,
        "request": request_file,
        "passphrase": passphrase_file,
    }
    result = run(*(word.format(**places) for word in words))
    assert result.exit_code == code, result.output
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_short_passphrase_or_two_different_ones_make_no_agency(run: Run, tmp_path: Path) -> None:
    line = ("init", tmp_path / "new", "--name", "x", "--server", "https://a.org")
    assert "shorter than 12" in run(*line, answers="short\nshort\n").output
    assert "would be guessed" in run(*line, answers="password1234\npassword1234\n").output
    differing = run(*line, answers="one passphrase\nanother passphrase\n")
    assert differing.exit_code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", ["init", "enrol", "revoke", "rotate", "directory", "site"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "FOLDER" in result.output


def test_the_onions_of_a_line_go_to_everyone_with_line_json(
    run: Run, tmp_path: Path, passphrase_file: Path
) -> None:
    onion, own = f"http://{'a' * 56}.onion", f"http://{'b' * 56}.onion"
    line = ("--name", "x", "--server", "https://a.org", "--passphrase-file", passphrase_file)
    made = run("init", tmp_path / "one", *line, "--onion", onion, "--investigators", own)
    assert made.exit_code == 0, made.output
    known = AgencyFolder(tmp_path / "one").line()
    assert (known.onion, known.investigators) == (onion, own)
    refused = run("init", tmp_path / "two", *line, "--investigators", "https://a.org")
    assert refused.exit_code == 2
    assert "is not an onion address" in refused.output
