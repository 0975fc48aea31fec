"""Enrolment by a request file and twelve words; leaving again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.agency import ceremonies, enrolment
from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder
from app.console.vault import Kdf
from app.console.vault.setup import init_vault
from app.protocol.encoding import b64u, unb64u
from app.protocol.line import Line
from app.protocol.secrets import Secret
from tests.agency.conftest import DAY, Agency, new_identity, request_of, words_for

VAULT_PASSPHRASE = b"kettle violet harbour ninety"


def changed(request: bytes, **fields: Any) -> bytes:
    return json.dumps(json.loads(request) | fields).encode()


def flipped(text: str) -> str:
    data = bytearray(unb64u(text))
    data[5] ^= 1
    return b64u(bytes(data))


@pytest.mark.parametrize("key", ["dh", "mlkem", "vk", "fetch", "sig"])
def test_a_changed_key_is_noticed(key: str, agency: Agency) -> None:
    request = request_of(new_identity(), "Ana", agency.line)
    bad = changed(request, **{key: flipped(json.loads(request)[key])})
    with pytest.raises(Suspicious, match=r"changed on the way|damaged"):
        enrolment.read_request(bad, agency.line)


def test_an_identity_point_is_refused_even_when_well_signed(agency: Agency) -> None:
    identity = new_identity()
    identity.fetch = bytes(32)
    with pytest.raises(Suspicious, match="do not hold together"):
        enrolment.read_request(request_of(identity, "Ana", agency.line), agency.line)


def test_keys_that_would_make_every_reporters_sealing_fail_are_refused(agency: Agency) -> None:
    low_order, no_kem = new_identity(), new_identity()
    low_order.dh = bytes(32)
    no_kem.mlkem = b"\xff" * 1184
    for identity in (low_order, no_kem):
        with pytest.raises(Suspicious, match="do not hold together"):
            enrolment.read_request(request_of(identity, "Ana", agency.line), agency.line)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not an enrolment request"),
        (b"[1, 2]", "not an enrolment request"),
        (b'{"kind": "photo", "v": 1}', "not an enrolment request"),
        (b'{"kind": "quietline-enrolment", "v": 9}', "another version"),
        (b'{"kind": "quietline-enrolment", "v": 2}', "incomplete"),
        (b" " * 20_000, "too large"),
        (b"\xff\xfe\x00", "not an enrolment request"),
    ],
)
def test_what_is_no_request_is_said_in_a_sentence(
    data: bytes, complaint: str, agency: Agency
) -> None:
    with pytest.raises(Suspicious, match=complaint):
        enrolment.read_request(data, agency.line)


@pytest.mark.parametrize("label", ["", "  ", "x" * 65, "two\nlines", "\u202eanA", 7])
def test_a_label_is_one_printable_line(label: object, agency: Agency) -> None:
    request = changed(request_of(new_identity(), "Ana", agency.line), label=label)
    with pytest.raises(Suspicious, match="label"):
        enrolment.read_request(request, agency.line)


def test_words_are_twelve_and_differ_between_machines(agency: Agency) -> None:
    one, other = (
        words_for(request_of(new_identity(), "Ana", agency.line), agency.line) for _ in range(2)
    )
    assert len(one.split()) == 12
    assert one != other


def test_words_may_be_typed_in_any_case_and_spacing(agency: Agency) -> None:
    request = request_of(new_identity(), "Ana", agency.line)
    words = ",  ".join(words_for(request, agency.line).upper().split()) + " "
    member = ceremonies.enrol(agency.folder, request, ["support"], words=words, today=DAY)
    assert member.investigator.label == "Ana"


def test_other_words_enrol_nobody(agency: Agency) -> None:
    words = words_for(request_of(new_identity(), "Ana", agency.line), agency.line)
    with pytest.raises(Suspicious, match="words differ"):
        ceremonies.enrol(
            agency.folder,
            request_of(new_identity(), "Ana", agency.line),
            ["support"],
            words=words,
            today=DAY,
        )
    assert AgencyFolder(agency.folder).members() == []


def test_the_same_request_twice_is_refused_and_other_desks_move_it(agency: Agency) -> None:
    identity = new_identity()
    agency.enrol("Ana", "support", identity=identity)
    with pytest.raises(Suspicious, match="already enrolled"):
        agency.enrol("Ana", "support", identity=identity)
    agency.enrol("Ana", "police", identity=identity)
    assert [member.desks for member in AgencyFolder(agency.folder).members()] == [("police",)]


def test_a_second_machine_is_a_second_entry(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    agency.enrol("Ana", "support")
    assert [one.label for one in agency.sign().directory.investigators] == ["Ana", "Ana"]


def test_old_keys_with_a_new_encryption_key_are_suspicious(agency: Agency) -> None:
    identity, other = new_identity(), new_identity()
    agency.enrol("Ana", "support", identity=identity)
    identity.dh = other.dh
    with pytest.raises(Suspicious, match="with other keys"):
        agency.enrol("Ana", "support", identity=identity)


def test_an_unknown_desk_is_named_with_the_known_ones(agency: Agency) -> None:
    with pytest.raises(AgencyError, match=r"no desk 'press'. It has: support, police"):
        agency.enrol("Ana", "press")


def test_a_label_of_two_machines_must_be_told_apart_by_words(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    second = agency.enrol("Ana", "support")
    with pytest.raises(AgencyError, match="2 machines"):
        ceremonies.revoke(agency.folder, "Ana", "former", today=DAY)
    words = enrolment.fingerprint_words(second.investigator, agency.line)
    assert words in _complaint(agency)
    ceremonies.revoke(agency.folder, words, "compromised", today=DAY)
    statuses = [one.investigator.status for one in AgencyFolder(agency.folder).members()]
    assert statuses == ["active", "compromised"]


def asked_by_a_console(folder: Path, line: Line, label: str = "Ana") -> tuple[bytes, str]:
    """Return a console's request, made with this line.json, and the words that it shows."""
    made = init_vault(folder, line.serialise(), label, Secret(VAULT_PASSPHRASE), Kdf.SYNTHETIC)
    return made.request.read_bytes(), made.words


def test_a_console_and_the_agency_show_the_same_words(agency: Agency, tmp_path: Path) -> None:
    request, words = asked_by_a_console(tmp_path / "vault", agency.line, "Ana Núñez ")
    decomposed = asked_by_a_console(tmp_path / "mac", agency.line, "Ana Nu\u0301n\u0303ez")
    for asked, read_out in ((request, words), decomposed):
        member = ceremonies.enrol(agency.folder, asked, ["support"], words=read_out, today=DAY)
        assert member.investigator.label == "Ana Núñez"


@pytest.mark.parametrize(
    "swapped",
    [
        {"line_id": bytes(range(32))},
        {"name": "Harbour lines"},
        {"server": "https://tips.example.net"},
        {"onion": f"http://{'a' * 56}.onion"},
        {"investigators": f"http://{'a' * 56}.onion"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_console_that_was_given_another_line_json_is_not_enrolled(
    agency: Agency, tmp_path: Path, swapped: dict[str, Any]
) -> None:
    """Only the words that are compared by voice can tell.

    Who swaps line.json on its way to the investigator can also change the request on its way back.
    """
    request, words = asked_by_a_console(tmp_path / "vault", replace(agency.line, **swapped))
    mended = changed(request, line=b64u(agency.line.line_id))
    with pytest.raises(Suspicious, match=r"line\.json"):
        ceremonies.enrol(agency.folder, mended, ["support"], words=words, today=DAY)
    assert AgencyFolder(agency.folder).members() == []


def test_a_request_for_another_line_is_told_before_anybody_calls(
    agency: Agency, tmp_path: Path
) -> None:
    other = replace(agency.line, line_id=bytes(range(32)))
    request, _ = asked_by_a_console(tmp_path / "vault", other)
    with pytest.raises(Suspicious, match="another line"):
        enrolment.read_request(request, agency.line)


def test_a_label_changed_on_the_way_enrols_nobody(agency: Agency, tmp_path: Path) -> None:
    """Labels name who is revoked, and whose machines are one person's."""
    request, words = asked_by_a_console(tmp_path / "vault", agency.line)
    renamed = changed(request, label="Bo")
    with pytest.raises(Suspicious, match="words differ"):
        ceremonies.enrol(agency.folder, renamed, ["support"], words=words, today=DAY)


def test_a_request_of_the_first_form_is_refused_in_words(agency: Agency) -> None:
    first = changed(request_of(new_identity(), "Ana", agency.line), v=1)
    with pytest.raises(Suspicious, match="another version"):
        enrolment.read_request(first, agency.line)


def _complaint(agency: Agency) -> str:
    with pytest.raises(AgencyError) as caught:
        ceremonies.revoke(agency.folder, "Ana", "former", today=DAY)
    return str(caught.value)


def test_a_revoked_machine_cannot_slip_back_nor_look_better(agency: Agency) -> None:
    identity = new_identity()
    agency.enrol("Ana", "support", identity=identity)
    ceremonies.revoke(agency.folder, "Ana", "former", today=DAY)
    ceremonies.revoke(agency.folder, "Ana", "compromised", today=DAY)
    with pytest.raises(AgencyError, match="already compromised"):
        ceremonies.revoke(agency.folder, "Ana", "former", today=DAY)
    with pytest.raises(Suspicious, match="was revoked"):
        agency.enrol("Ana", "support", identity=identity)


def test_nobody_is_revoked_by_a_name_that_is_not_there(agency: Agency) -> None:
    with pytest.raises(AgencyError, match="Nobody called 'Zoe'"):
        ceremonies.revoke(agency.folder, "Zoe", "former", today=DAY)


def test_the_accepted_request_is_kept_as_it_came(agency: Agency) -> None:
    request = request_of(new_identity(), "Ana", agency.line)
    ceremonies.enrol(
        agency.folder, request, ["support"], words=words_for(request, agency.line), today=DAY
    )
    assert [path.read_bytes() for path in (agency.folder / "requests").iterdir()] == [request]
