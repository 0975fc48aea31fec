"""What an agency says of a desk before it is chosen: read, signed, and read again by a client."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from app.agency import texts
from app.agency.errors import AgencyError
from app.cli.agency.agency_commands import app
from app.protocol.directory import Desk, open_directory
from tests.agency.conftest import PASSPHRASE, Agency

SAID = """
hours = ["mon-fri 09:00-17:30", "sat 22:00-02:00"]
languages = ["en", "zh-Hans"]
tells_immigration = "no"
"""


def say(agency: Agency, facts: str) -> None:
    path = agency.folder / "agency.toml"
    path.write_text(path.read_text().replace('id = "support"', f'id = "support"\n{facts}'))


def support(agency: Agency) -> Desk:
    agency.enrol("Ana", "support")
    return open_directory(agency.sign().file, agency.line.line_id).desks[0]


def test_what_is_said_of_a_desk_is_signed_and_read(agency: Agency) -> None:
    say(agency, SAID)
    desk = support(agency)
    assert [(h.days, h.begin, h.end) for h in desk.hours] == [
        ((1, 2, 3, 4, 5), "09:00", "17:30"),
        ((6,), "22:00", "02:00"),
    ]
    assert (desk.languages, desk.tells_immigration) == (("en", "zh-Hans"), "no")
    assert not desk.reads_always


def test_who_reads_day_and_night_says_always(agency: Agency) -> None:
    say(agency, 'hours = ["always"]')
    assert support(agency).reads_always


def test_a_new_agency_claims_nothing_of_its_desks(agency: Agency) -> None:
    desk = support(agency)
    assert (desk.hours, desk.languages, desk.tells_immigration) == ((), (), "unknown")


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ('hours = ["9 to 5"]', "“9 to 5” in hours of the desk 'support'"),
        ('hours = ["fri-mon 09:00-17:00"]', "A week begins on Monday"),
        ('hours = ["mon 09:00-09:00"]', "is not of the form"),
        ('hours = ["mon 24:00-02:00"]', "is not of the form"),
        ('hours = ["always", "mon 09:00-10:00"]', "“always” in hours"),
        ('hours = "always"', "hours of the desk 'support' must be a list"),
        (f"hours = {['mon 09:00-10:00'] * 15}", "has more than 14"),
        ('languages = ["English"]', "must be language tags such as en"),
        ('languages = ["en", "en"]', "each once"),
        ('tells_immigration = "maybe"', "Ask a lawyer"),
        ("tells_immigration = false", "Ask a lawyer"),
    ],
)
def test_a_mistake_is_named_with_its_desk(agency: Agency, facts: str, complaint: str) -> None:
    say(agency, facts)
    with pytest.raises(AgencyError, match=complaint):
        texts.parse((agency.folder / "agency.toml").read_text())


def test_who_signs_sees_what_reporters_read_and_what_they_do_not(agency: Agency) -> None:
    say(agency, SAID)
    agency.enrol("Ana", "support", "police")
    command = ["directory", str(agency.folder), "--passphrase-file", "-"]
    typed = f"{PASSPHRASE}\n"
    done = CliRunner().invoke(app, command, input=typed)
    assert done.exit_code == 0, done.output
    assert "hours: mon-fri 09:00-17:30; sat 22:00-02:00" in done.output
    assert "languages: en, zh-Hans" in done.output
    assert "does not say of 'police': hours, languages, tells_immigration" in done.output
    assert "does not say of 'support'" not in done.output
