"""Signed directories as a client reads them: who, which desks, until when, by which root."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.agency import ceremonies, rootkey
from app.agency.errors import AgencyError, Suspicious, WrongPassphrase
from app.agency.folder import AgencyFolder
from app.agency.site import write_site
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u, json_bytes, unb64u
from app.protocol.errors import BadSignature, ProtocolError
from app.protocol.secrets import Secret
from app.reporter.catalogue import language_of
from app.reporter.content import load_content
from tests.agency.conftest import DAY, Agency


def test_a_client_reads_people_desks_and_texts(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    agency.enrol("Bo", "support", "police")
    seen = open_directory(agency.sign().file, agency.line.line_id)
    assert [one.label for one in seen.investigators] == ["Ana", "Bo"]
    assert seen.active == (0, 1)
    assert {desk.id: desk.members for desk in seen.desks} == {"support": (0, 1), "police": (1,)}
    assert seen.desks[0].name["en"] == "Support workers, not police"
    site = load_content(seen.line_id, "A line").languages
    spoken = {language_of(code).tag for code in site}
    for desk in seen.desks:  # what is missing is to be written in app/agency/example.toml
        assert set(desk.name) == spoken, desk.id
        assert set(desk.about) == spoken, desk.id
    assert seen.params == {"message_days": 90, "window_seconds": 3600}
    assert (seen.issued, seen.expires) == (DAY, DAY + dt.timedelta(days=180))


def test_the_published_file_is_the_one_in_the_folder(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    assert agency.sign().file == (agency.folder / "directory.json").read_bytes()


def test_each_signing_is_one_version_higher(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    assert [agency.sign().directory.version for _ in range(3)] == [1, 2, 3]


def test_a_directory_that_does_not_verify_stops_the_next_version(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    agency.sign()
    (agency.folder / "directory.json").write_text("{}")
    with pytest.raises(Suspicious, match="your server publishes"):
        agency.sign()


def test_it_warns_expires_and_has_a_time_of_grace(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    directory = agency.sign().directory
    end = DAY + dt.timedelta(days=180)
    states = {
        days: directory.state(end + dt.timedelta(days=days)) for days in (-46, -44, 0, 1, 14, 15)
    }
    assert states == {
        -46: "ok",
        -44: "expiring",
        0: "expiring",
        1: "grace",
        14: "grace",
        15: "expired",
    }


def test_one_changed_byte_is_refused(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    outer = json.loads(agency.sign().file)
    inner = unb64u(outer["directory"]).replace(b'"label":"Ana"', b'"label":"Eve"')
    outer["directory"] = b64u(inner)
    with pytest.raises(BadSignature):
        open_directory(json_bytes(outer), agency.line.line_id)


def test_a_wrong_passphrase_signs_nothing(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    with pytest.raises(WrongPassphrase):
        ceremonies.sign_directory(agency.folder, passphrase=Secret(b"guess"), today=DAY)
    assert not (agency.folder / "directory.json").exists()


def test_a_desk_without_anybody_and_a_person_without_a_desk_are_said(agency: Agency) -> None:
    agency.enrol("Ana", "police")
    assert agency.sign().warnings == (
        "The desk 'support' has no active member: reporters see it as closed.",
    )
    texts = agency.folder / "agency.toml"
    texts.write_text(texts.read_text().replace('id = "police"', 'id = "legal"'))
    warnings = agency.sign().warnings
    assert any("'legal' has no active member" in warning for warning in warnings)
    assert any(warning.startswith("Ana reads for no desk") for warning in warnings)


def test_the_day_of_leaving_is_signed_and_kept(agency: Agency) -> None:
    for label in ("Ana", "Bo", "Chi"):
        agency.enrol(label, "support")
    week_ago = DAY - dt.timedelta(days=7)
    ceremonies.revoke(agency.folder, "Ana", "former", today=DAY)
    ceremonies.revoke(agency.folder, "Bo", "former", today=DAY, left=week_ago)
    ceremonies.revoke(agency.folder, "Chi", "former", today=DAY)
    ceremonies.revoke(agency.folder, "Chi", "compromised", today=DAY)
    later = agency.sign(DAY + dt.timedelta(days=3)).directory
    assert [one.left for one in later.investigators] == [DAY, week_ago, None]


def test_a_day_of_leaving_has_come_and_is_for_who_left_alone(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    for status, left in (("former", DAY + dt.timedelta(days=1)), ("compromised", DAY)):
        with pytest.raises(AgencyError, match="has come, and for 'former' alone"):
            ceremonies.revoke(agency.folder, "Ana", status, today=DAY, left=left)


@pytest.mark.parametrize("status", ["former", "compromised"])
def test_a_revoked_machine_stays_listed_and_gets_nothing_more(agency: Agency, status: str) -> None:
    agency.enrol("Ana", "support")
    agency.enrol("Bo", "support")
    ceremonies.revoke(agency.folder, "Ana", status, today=DAY)
    directory = agency.sign().directory
    assert [one.status for one in directory.investigators] == [status, "active"]
    assert directory.desks[0].members == ((0, 1) if status == "former" else (1,))
    assert directory.active == (1,)
    assert directory.members({"support"}) == {1}


def test_a_desk_whose_last_member_left_is_said_to_be_closed(agency: Agency) -> None:
    agency.enrol("Ana", "support", "police")
    ceremonies.revoke(agency.folder, "Ana", "former", today=DAY)
    assert [warning.split(":")[0] for warning in agency.sign().warnings] == [
        "The desk 'support' has no active member",
        "The desk 'police' has no active member",
    ]


def test_edited_numbers_reach_the_directory(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    texts = agency.folder / "agency.toml"
    texts.write_text(texts.read_text().replace("expires_days = 180", "expires_days = 30"))
    assert agency.sign().directory.expires == DAY + dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "support"', 'id = "Support!"', "desk 1 needs an id"),
        ('id = "support"', 'id = "police"', "two desks with the id 'police'"),
        ("window_seconds = 3600", "window_seconds = 4000", "whole hours"),
        ("expires_days = 180", "expires_days = 0", "expires_days must be a whole number"),
        ('en = "Police"', 'en = ""', "the name of the desk 'police' in 'en'"),
        ('en = "Police"', 'English_ = "Police"', "not a language tag"),
        ("[[desks]]", "[[desks", "cannot be read"),
    ],
)
def test_a_slip_in_agency_toml_is_explained(
    agency: Agency, old: str, new: str, complaint: str
) -> None:
    texts = agency.folder / "agency.toml"
    texts.write_text(texts.read_text().replace(old, new, 1))
    with pytest.raises(AgencyError, match=complaint):
        agency.sign()


def rotate(agency: Agency) -> bytes:
    return ceremonies.rotate_root(
        agency.folder,
        passphrase=agency.passphrase,
        new_passphrase=agency.passphrase,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )


def test_a_rotated_root_signs_under_the_same_line(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    before = agency.sign()
    rotate(agency)
    newest = rotate(agency)
    after = open_directory(agency.sign().file, agency.line.line_id)
    assert after.root == newest != agency.line.line_id
    assert after.version == before.directory.version + 1
    assert open_directory(before.file, agency.line.line_id).version == 1


def test_a_chain_of_roots_is_followed_only_by_a_longer_one(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    first = agency.sign().directory
    rotate(agency)
    second = agency.sign().directory
    rotate(agency)
    third = agency.sign().directory
    assert third.follows(second)
    assert third.follows(first)
    assert second.follows(second)
    assert not first.follows(second)
    assert not second.follows(third)


def test_a_version_can_go_above_one_that_a_thief_signed(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    above = ceremonies.sign_directory(
        agency.folder, passphrase=agency.passphrase, today=DAY, version_above=41
    )
    assert above.directory.version == 42
    assert agency.sign().directory.version == 43
    for impossible in (-1, 2**53 - 1):
        with pytest.raises(AgencyError, match="whole number"):
            ceremonies.sign_directory(
                agency.folder,
                passphrase=agency.passphrase,
                today=DAY,
                version_above=impossible,
            )


@pytest.mark.parametrize("break_chain", ["drop the first", "drop the last", "swap", "forge"])
def test_a_broken_chain_of_roots_is_refused(agency: Agency, break_chain: str) -> None:
    agency.enrol("Ana", "support")
    rotate(agency)
    rotate(agency)
    outer = json.loads(agency.sign().file)
    inner = json.loads(unb64u(outer["directory"]))
    roots = inner["roots"]
    inner["roots"] = {
        "drop the first": roots[1:],
        "drop the last": roots[:1],
        "swap": roots[::-1],
        "forge": [roots[0], {**roots[1], "signature": b64u(bytes(64))}],
    }[break_chain]
    outer["directory"] = b64u(json_bytes(inner))
    with pytest.raises(BadSignature):
        open_directory(json_bytes(outer), agency.line.line_id)


def test_another_line_does_not_accept_it(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    with pytest.raises(ProtocolError):
        open_directory(agency.sign().file, bytes(32))


def test_a_full_disk_leaves_the_old_directory_and_no_debris(
    agency: Agency, fails_at: Callable[[object, str, int], None]
) -> None:
    agency.enrol("Ana", "support")
    old = agency.sign().file
    names = sorted(path.name for path in agency.folder.iterdir())
    fails_at(os, "fsync", 1)
    with pytest.raises(OSError, match="No space left"):
        agency.sign()
    assert (agency.folder / "directory.json").read_bytes() == old
    assert sorted(path.name for path in agency.folder.iterdir()) == names


def test_a_clock_that_went_back_signs_and_revokes_nothing(agency: Agency, tmp_path: Path) -> None:
    agency.enrol("Ana", "support")
    agency.sign()
    before = DAY - dt.timedelta(days=1)
    with pytest.raises(Suspicious, match="is before 2031-05-06"):
        agency.sign(before)
    with pytest.raises(Suspicious, match="is before"):
        ceremonies.revoke(agency.folder, "Ana", "former", today=before)
    with pytest.raises(Suspicious, match="is before"):
        write_site(agency.folder, tmp_path / "site", passphrase=agency.passphrase, today=before)
    assert [one.investigator.status for one in AgencyFolder(agency.folder).members()] == ["active"]


def test_a_clock_years_ahead_signs_only_if_somebody_says_that_it_is_right(
    agency: Agency, tmp_path: Path
) -> None:
    """A directory that is dated 2040 would be good until then, whatever becomes of its people."""
    agency.enrol("Ana", "support")
    first = agency.sign().directory
    grace, later = (first.expires + dt.timedelta(days=days) for days in (14, 15))
    assert agency.sign(grace).directory.version == 2
    later += grace - DAY
    with pytest.raises(Suspicious, match="--date-is-right"):
        agency.sign(later)
    with pytest.raises(Suspicious, match="sign a new directory with --date-is-right"):
        write_site(agency.folder, tmp_path / "site", passphrase=agency.passphrase, today=later)
    signed = ceremonies.sign_directory(
        agency.folder, passphrase=agency.passphrase, today=later, date_is_right=True
    )
    assert (signed.directory.version, signed.directory.issued) == (3, later)
    # It was wrong all the same: the right date replaces it, and a theft waits for no date.
    with pytest.raises(Suspicious, match="was dated wrongly"):
        agency.sign()
    ceremonies.revoke(agency.folder, "Ana", "compromised", today=DAY)
    mended = ceremonies.sign_directory(
        agency.folder, passphrase=agency.passphrase, today=DAY, date_is_right=True
    )
    assert (mended.directory.version, mended.directory.issued) == (4, DAY)
