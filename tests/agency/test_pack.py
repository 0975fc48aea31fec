"""The information pack's ceremonies: what is due is listed, and what was found right is signed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.agency import ceremonies, pack, rootkey, site
from app.agency.errors import AgencyError, Suspicious, WrongPassphrase
from app.agency.folder import AgencyFolder
from app.cli.agency import information_pack
from app.cli.agency.agency_commands import app
from app.protocol.secrets import Secret
from app.reporter.build import render_site
from app.reporter.entries import Entry
from tests.agency.conftest import DAY, PASSPHRASE, Agency

HOTLINE = ("us", "hotline")
EMERGENCY = ("us", "emergency")
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`quietline agency pack …` on a fixed day."""
    monkeypatch.setattr(information_pack, "_today", lambda: DAY)

    def typed(*words: object, answers: str = "") -> Result:
        return CliRunner().invoke(app, ["pack", *map(str, words)], input=answers)

    return typed


@pytest.fixture(autouse=True)
def good_for_long(agency: Agency) -> None:
    """Entries come with a last day of their own year; these tests live in another one."""
    for path in (agency.folder / "site" / "en").glob("*.md"):
        path.write_text(path.read_text().replace("expires_on: 2027-", "expires_on: 2033-"))


def check(agency: Agency, *keys: pack.Key, day: dt.date = DAY) -> dt.date:
    return pack.sign_checked(agency.folder, keys, passphrase=agency.passphrase, today=day)


def entry(agency: Agency, key: pack.Key) -> Entry:
    return pack.entries(agency.folder)[key]


def why(agency: Agency, key: pack.Key, day: dt.date = DAY) -> list[str]:
    return [one.why for one in pack.due(agency.folder, day) if one.key == key]


def change(agency: Agency, old: str, new: str, name: str = "en/us.md") -> None:
    path = agency.folder / "site" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def page(agency: Agency, day: dt.date = DAY) -> str:
    content = site.site_content(AgencyFolder(agency.folder))
    return render_site(content, day)["en/info/us/index.html"].decode()


def test_a_new_line_has_everything_to_check(agency: Agency) -> None:
    found = pack.due(agency.folder, DAY)
    assert {one.key for one in found} == set(pack.entries(agency.folder))
    assert all(one.why.startswith("never checked") for one in found)
    assert why(agency, ("mx", "emergency")) == ["never checked; not confirmed by any source"]


def test_what_was_checked_is_due_again_shortly_before_it_runs_out(agency: Agency) -> None:
    good_to = check(agency, HOTLINE)
    assert good_to == DAY + dt.timedelta(days=pack.GOOD_DAYS)
    assert entry(agency, HOTLINE).checked_on == DAY
    assert why(agency, HOTLINE) == []
    soon = good_to - dt.timedelta(days=pack.SOON_DAYS)
    assert why(agency, HOTLINE, soon - dt.timedelta(days=1)) == []
    assert why(agency, HOTLINE, soon) == [f"runs out on {good_to}"]
    assert why(agency, HOTLINE, good_to + dt.timedelta(days=1)) == [f"out of date since {good_to}"]


def test_a_check_is_in_the_site_that_is_signed_next(agency: Agency, tmp_path: Path) -> None:
    assert "checked on" not in page(agency)
    check(agency, HOTLINE)
    site.write_site(agency.folder, tmp_path / "www", passphrase=agency.passphrase, today=DAY)
    written = (tmp_path / "www" / "en" / "info" / "us" / "index.html").read_text()
    assert written.count("checked on May 6, 2031.") == 1


def test_an_entry_that_is_changed_after_its_check_is_due_and_looks_unchecked(
    agency: Agency,
) -> None:
    check(agency, HOTLINE, EMERGENCY)
    change(agency, "phone: 1-888-373-7888", "phone: 1-888-373-7889")
    assert why(agency, HOTLINE) == [f"changed or not signed since {DAY}: shown as unchecked"]
    assert why(agency, EMERGENCY) == []
    assert page(agency).count("checked on") == 1
    check(agency, HOTLINE)
    assert page(agency).count("checked on") == 2


def test_only_what_was_checked_changes_in_the_file(agency: Agency) -> None:
    path = agency.folder / "site" / "en" / "us.md"
    before = path.read_text().splitlines()
    check(agency, HOTLINE)
    after = path.read_text().splitlines()
    gone = [line for line in before if line not in after]
    new = [line.partition(":")[0] for line in after if line not in before]
    assert gone == []
    assert new == ["checked_on", "signed", "expires_on"]
    pack.withdraw(agency.folder, [HOTLINE])
    assert entry(agency, HOTLINE).claimed_on is None
    assert "signed:" not in path.read_text()


def test_checking_confirms_what_was_not_confirmed_but_never_without_a_source(
    agency: Agency,
) -> None:
    doubtful = ("th", "abroad")
    assert not entry(agency, doubtful).confirmed
    check(agency, doubtful)
    assert entry(agency, doubtful).confirmed
    with pytest.raises(AgencyError, match="where mx/emergency is known from"):
        check(agency, ("mx", "emergency"))


def test_a_check_outlives_its_root_but_not_a_stranger(agency: Agency) -> None:
    check(agency, HOTLINE)
    ceremonies.rotate_root(
        agency.folder,
        passphrase=agency.passphrase,
        new_passphrase=agency.passphrase,
        rng=lambda n: bytes(range(n)),
    )
    assert entry(agency, HOTLINE).checked_on == DAY
    check(agency, EMERGENCY)
    assert entry(agency, EMERGENCY).checked_on == DAY
    line = agency.folder.parent / "other"
    ceremonies.init_agency(
        line,
        name="Another line",
        server="https://other.example.org",
        passphrase=Secret(PASSPHRASE.encode()),
        rng=lambda n: bytes(n),
        kdf=rootkey.SYNTHETIC,
    )
    stolen = (agency.folder / "site" / "en" / "us.md").read_text()
    (line / "site" / "en" / "us.md").write_text(stolen)
    assert pack.entries(line)[HOTLINE].checked_on is None


def test_nothing_is_signed_by_a_wrong_passphrase_or_a_wrong_clock(agency: Agency) -> None:
    path = agency.folder / "site" / "en" / "us.md"
    before = path.read_bytes()
    with pytest.raises(WrongPassphrase):
        pack.sign_checked(agency.folder, [HOTLINE], passphrase=Secret(b"no"), today=DAY)
    with pytest.raises(AgencyError, match="no entry us/hotlin"):
        check(agency, ("us", "hotlin"))
    agency.enrol("Ana", "support")
    agency.sign()
    with pytest.raises(Suspicious, match="Set the date right"):
        check(agency, HOTLINE, day=DAY - dt.timedelta(days=1))
    assert path.read_bytes() == before


def test_translations_that_are_behind_are_listed_with_the_version_to_name(agency: Agency) -> None:
    change(agency, 'languages = ["en"]', 'languages = ["en", "es"]', "site.toml")
    late = {(one.file, one.entry) for one in pack.behind(agency.folder)}
    assert ("es/us.md", "emergency") not in late
    change(agency, "If life is in danger now", "If somebody may die now")
    (found,) = (
        one
        for one in pack.behind(agency.folder)
        if (one.file, one.entry) == ("es/us.md", "emergency")
    )
    assert found.of == entry(agency, EMERGENCY).version


def test_due_is_a_list_for_people_and_an_exit_code_for_a_script(run: Run, agency: Agency) -> None:
    listed = run("due", agency.folder, "--country", "mx")
    assert listed.exit_code == 1
    assert listed.output.splitlines() == [
        "mx/emergency “Emergency number”: never checked; not confirmed by any source",
        "mx/hotline “Línea Nacional contra la Trata de Personas”: never checked",
    ]
    check(agency, ("ca", "emergency"), ("ca", "hotline"), ("ca", "permit"))
    clean = run("due", agency.folder, "--country", "ca")
    assert clean.exit_code == 0, clean.output
    assert "Nothing is due" in clean.output
    assert run("due", agency.folder, "--within", 200, "--country", "ca").exit_code == 1
    wrong = run("due", agency.folder, "--country", "xx")
    assert wrong.exit_code == 2
    assert "There is no page 'xx'. There are: us, uk, eu," in wrong.output


def test_check_asks_entry_by_entry_and_signs_what_was_found_right(
    run: Run, agency: Agency, passphrase_file: Path
) -> None:
    answers = "y\nn\nwhat\ns\nq\n"
    done = run("check", agency.folder, "--country", "us", answers=f"{answers}{PASSPHRASE}\n")
    assert done.exit_code == 0, done.output
    assert "1 of 15   us/emergency   Emergency number" in done.output
    assert "    phone    911" in done.output
    assert "5 of 15" not in done.output
    assert "Not right: us/hotline." in done.output
    assert (
        f"Signed 1 of 15: checked today, good until {DAY + dt.timedelta(days=182)}." in done.output
    )
    assert PASSPHRASE not in done.output
    assert entry(agency, EMERGENCY).checked_on == DAY
    again = run("check", agency.folder, "--country", "us", answers="q\n")
    assert "us/emergency" not in again.output
    assert "Nothing was signed." in again.output
    key = ("--passphrase-file", passphrase_file)
    for_a_month = run(
        "check", agency.folder, "--country", "us", "--all", "--good-for", 30, *key, answers="y\nq\n"
    )
    assert for_a_month.exit_code == 0, for_a_month.output
    assert entry(agency, EMERGENCY).expires_on == DAY + dt.timedelta(days=30)


def test_a_mistyped_passphrase_is_asked_for_again(run: Run, agency: Agency) -> None:
    answers = f"y\nq\nsomething else\n{PASSPHRASE}\n"
    done = run("check", agency.folder, "--country", "us", answers=answers)
    assert done.exit_code == 0, done.output
    assert entry(agency, EMERGENCY).checked_on == DAY
    given_up = run("check", agency.folder, "--country", "ca", answers="y\nq\nsomething else\n")
    assert given_up.exit_code == 2
    assert entry(agency, ("ca", "emergency")).checked_on is None


def test_what_is_found_wrong_loses_its_check_at_once(run: Run, agency: Agency) -> None:
    check(agency, EMERGENCY)
    done = run("check", agency.folder, "--country", "us", "--all", answers="n\nq\n")
    assert done.exit_code == 0, done.output
    assert entry(agency, EMERGENCY).claimed_on is None


def test_an_entry_without_a_source_is_not_asked(run: Run, agency: Agency) -> None:
    done = run("check", agency.folder, "--country", "mx", answers="q\n")
    assert "It has no source: write one into its file, then check it." in done.output
    assert done.output.count("Is all of this right today?") == 1


def test_the_shell_completes_the_pages_and_help_says_what_happens(run: Run) -> None:
    assert {"us", "uk", "eu", "int"} <= set(information_pack.pages())
    assert "due" in run("--help").output
    assert "Nothing is signed before the end" in " ".join(run("check", "--help").output.split())
