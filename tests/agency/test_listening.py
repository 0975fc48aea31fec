"""Taking recordings in: nothing of them goes on but the sound, and somebody says what it says."""

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.agency import site
from app.cli.agency import listen
from app.cli.agency.agency_commands import app
from app.reporter.listening.sounds import seconds_of
from tests.agency.conftest import DAY, Agency
from tests.journeys.recorded import tone
from tests.onion.process import needed

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, agency: Agency) -> Run:
    """`quietline agency listen … FOLDER …` on a fixed day."""
    needed("ffmpeg")
    monkeypatch.setattr(listen, "_today", lambda: DAY)

    def typed(command: str, *words: object, answers: str = "") -> Result:
        folder = agency.folder
        arguments = ["listen", command, str(folder), *map(str, words)]
        return CliRunner().invoke(app, arguments, input=answers)

    return typed


def _recorded(agency: Agency, name: str, seconds: int = 3) -> Path:
    """Record a screen as a phone does: it writes a name and a place into the file."""
    folder = agency.folder / "site" / "listen" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    plain, made = folder / "plain.txt", folder / name
    tone(plain, seconds)
    subprocess.run(
        [needed("ffmpeg"), "-loglevel", "error", "-i", plain,
         "-metadata", "title=Maria", "-metadata", "comment=14 Example Lane", made],
        check=True,
    )  # fmt: skip
    plain.unlink()
    return made


def _states(run: Run) -> dict[str, str]:
    shown = run("check", "--language", "en").output
    return dict(line.split(maxsplit=2)[1:] for line in shown.splitlines() if line[:3] == "en ")


@pytest.mark.parametrize("name", ["safety.m4a", "safety.opus", "safety.wav", "safety.MP3"])
def test_whatever_a_phone_writes_becomes_sound_alone(run: Run, agency: Agency, name: str) -> None:
    source = _recorded(agency, name)
    if name != "safety.opus":  # its comments are there too, between pages
        assert b"Maria" in source.read_bytes()
    done = run("take", "en", answers="y\n")
    assert done.exit_code == 0, done.output
    assert "Read this first" in done.output, "the words are shown before anybody says yes"
    taken = source.parent / "taken" / "safety.mp3"
    assert seconds_of(taken.read_bytes()) == pytest.approx(3, abs=0.2)
    for word in (b"Maria", b"Lane", b"ID3", b"TAG", b"Lavf", b"Lavc"):
        assert word not in taken.read_bytes()


def test_who_does_not_hear_the_words_takes_nothing_in(run: Run, agency: Agency) -> None:
    source = _recorded(agency, "safety.wav")
    done = run("take", "en", answers="n\n")
    assert done.exit_code == 1
    assert "Record them anew" in done.output
    assert not (source.parent / "taken").exists()
    assert _states(run)["safety"] == "to take in"


def test_a_screen_is_heard_until_it_says_something_else(run: Run, agency: Agency) -> None:
    _recorded(agency, "question-under_18.wav")
    assert run("take", "en", "--read-as-written").exit_code == 0
    assert _states(run)["question-under_18"] == "heard"
    assert _states(run)["text"] == "missing"
    assert run("check", "--language", "en").exit_code == 0

    texts = agency.folder / "site" / "en" / "texts.toml"
    texts.write_text(texts.read_text().replace("who needs help under 18?", "under 21?"))
    late = run("check", "--language", "en")
    assert late.exit_code == 1
    assert _states(run)["question-under_18"] == "out of date"
    assert any(
        "say something else now: question-under_18" in one
        for one in site.site_remarks(agency.folder, DAY)
    )
    assert run("take", "en").output == "Nothing waits to be taken in.\n", "not the old one again"


def test_what_was_taken_in_is_heard_in_the_signed_site(
    run: Run, agency: Agency, tmp_path: Path
) -> None:
    _recorded(agency, "safety.wav")
    run("take", "en", "--read-as-written")
    write = partial(site.write_site, agency.folder, passphrase=agency.passphrase, today=DAY)
    write(tmp_path / "out")
    manifest = (tmp_path / "out" / "manifest.json").read_bytes()
    assert manifest
    assert (tmp_path / "out" / "en" / "listen" / "00.bin").stat().st_size == 262_144
    assert b'data-ear="safety"' in (tmp_path / "out" / "en" / "index.html").read_bytes()


def test_a_recording_that_changed_since_waits_again(run: Run, agency: Agency) -> None:
    source = _recorded(agency, "safety.wav")
    run("take", "en", "--read-as-written")
    tone(source, 5)
    assert _states(run)["safety"] == "to take in"
    run("take", "en", "--read-as-written")
    assert _states(run)["safety"] == "heard"
    source.unlink()
    assert _states(run)["safety"] == "heard", "what it was made from need not be kept"


def test_what_is_broken_is_mended_by_taking_it_in_anew(run: Run, agency: Agency) -> None:
    taken = _recorded(agency, "safety.wav").parent / "taken"
    run("take", "en", "--read-as-written")
    (taken / "safety.mp3").write_bytes(b"something else")
    assert run("check", "--language", "en").exit_code == 1
    done = run("take", "en", "safety", "--read-as-written")
    assert done.exit_code == 0, done.output
    assert _states(run)["safety"] == "heard"


@pytest.mark.parametrize(
    ("name", "seconds", "why"),
    [("safety.wav", 200, "lasts 181 seconds"), ("safety.aiff", 3, "not of a kind")],
)
def test_what_is_not_taken_in(run: Run, agency: Agency, name: str, seconds: int, why: str) -> None:
    _recorded(agency, name, seconds)
    done = run("take", "en", "--read-as-written")
    assert done.exit_code == 2
    assert why in done.output


def test_a_film_by_another_name_and_no_sound_at_all_are_refused(run: Run, agency: Agency) -> None:
    folder = _recorded(agency, "safety.wav").parent
    (folder / "safety.wav").write_bytes(b"#EXTM3U\nfile:///etc/hostname\n")
    done = run("take", "en", "--read-as-written")
    assert done.exit_code == 2
    assert "no sound in it" in done.output


def test_no_such_language_or_screen(run: Run, agency: Agency) -> None:
    assert "does not offer 'vi'" in run("script", "vi").output
    assert "no screen 'home'" in run("take", "en", "home").output
    _recorded(agency, "home.wav")
    assert _states(run)["home"] == "no such screen"


def test_a_copy_without_the_root_key_is_enough(run: Run, agency: Agency, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(agency.folder / "line.json", copy)
    shutil.copytree(agency.folder / "site", copy / "site")
    sheet = tmp_path / "sheet.txt"
    done = CliRunner().invoke(app, ["listen", "script", str(copy), "en", "--out", str(sheet)])
    assert done.exit_code == 0, done.output
    assert "== safety\n\nRead this first\n" in sheet.read_text()
    assert agency.line.name in sheet.read_text()


def test_a_desk_is_heard_until_the_directory_says_something_else_of_it(
    run: Run, agency: Agency, tmp_path: Path
) -> None:
    assert "desk-support" not in _states(run), "before a directory was signed there are no desks"
    agency.enrol("Ana", "support")
    agency.sign()
    _recorded(agency, "desks.wav")
    _recorded(agency, "desk-support.wav")
    done = run("take", "en", "desk-support", answers="y\n")
    assert done.exit_code == 0, done.output
    assert "We do not know if they must tell immigration." in done.output
    run("take", "en", "--read-as-written")

    def heard() -> bool:
        out = tmp_path / "out"
        site.write_site(agency.folder, out, passphrase=agency.passphrase, today=DAY)
        return b'"desks":{"support":"' in (out / "en" / "index.html").read_bytes()

    assert heard()
    facts = agency.folder / "agency.toml"
    facts.write_text(facts.read_text().replace("They tell the police only", "They may tell"))
    agency.sign()
    assert _states(run)["desk-support"] == "out of date"
    assert not heard()
