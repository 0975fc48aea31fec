"""Enrolment by a request file and twelve words; leaving again."""

import json
from typing import Any

import pytest

from app.agency import ceremonies, enrolment
from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder
from app.protocol.encoding import b64u, unb64u
from tests.agency.conftest import DAY, Agency, new_identity, request_of, words_for


def changed(request: bytes, **fields: Any) -> bytes:
    return json.dumps(json.loads(request) | fields).encode()


def flipped(text: str) -> str:
    data = bytearray(unb64u(text))
    data[5] ^= 1
    return b64u(bytes(data))


@pytest.mark.parametrize("key", ["dh", "mlkem", "vk", "fetch", "sig"])
def test_a_changed_key_is_noticed(key: str) -> None:
    request = request_of(new_identity(), "Ana")
    with pytest.raises(Suspicious, match=r"changed on the way|damaged"):
        enrolment.read_request(changed(request, **{key: flipped(json.loads(request)[key])}))


def test_an_identity_point_is_refused_even_when_well_signed() -> None:
    identity = new_identity()
    identity.fetch = bytes(32)
    with pytest.raises(Suspicious, match="do not hold together"):
        enrolment.read_request(request_of(identity, "Ana"))


def test_keys_that_would_make_every_reporters_sealing_fail_are_refused() -> None:
    low_order, no_kem = new_identity(), new_identity()
    low_order.dh = bytes(32)
    no_kem.mlkem = b"\xff" * 1184
    for identity in (low_order, no_kem):
        with pytest.raises(Suspicious, match="do not hold together"):
            enrolment.read_request(request_of(identity, "Ana"))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not an enrolment request"),
        (b"[1, 2]", "not an enrolment request"),
        (b'{"kind": "photo", "v": 1}', "not an enrolment request"),
        (b'{"kind": "quietline-enrolment", "v": 9}', "another version"),
        (b'{"kind": "quietline-enrolment", "v": 1}', "incomplete"),
        (b" " * 20_000, "too large"),
        (b"\xff\xfe\x00", "not an enrolment request"),
    ],
)
def test_what_is_no_request_is_said_in_a_sentence(data: bytes, complaint: str) -> None:
    with pytest.raises(Suspicious, match=complaint):
        enrolment.read_request(data)


@pytest.mark.parametrize("label", ["", "  ", "x" * 65, "two\nlines", "\u202eanA", 7])
def test_a_label_is_one_printable_line(label: object) -> None:
    request = changed(request_of(new_identity(), "Ana"), label=label)
    with pytest.raises(Suspicious, match="label"):
        enrolment.read_request(request)


def test_words_are_twelve_and_differ_between_machines() -> None:
    one, other = (words_for(request_of(new_identity(), "Ana")) for _ in range(2))
    assert len(one.split()) == 12
    assert one != other


def test_words_may_be_typed_in_any_case_and_spacing(agency: Agency) -> None:
    request = request_of(new_identity(), "Ana")
    words = ",  ".join(words_for(request).upper().split()) + " "
    member = ceremonies.enrol(agency.folder, request, ["support"], words=words, today=DAY)
    assert member.investigator.label == "Ana"


def test_other_words_enrol_nobody(agency: Agency) -> None:
    words = words_for(request_of(new_identity(), "Ana"))
    with pytest.raises(Suspicious, match="words differ"):
        ceremonies.enrol(
            agency.folder, request_of(new_identity(), "Ana"), ["support"], words=words, today=DAY
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
        ceremonies.revoke(agency.folder, "Ana", "former")
    words = enrolment.fingerprint_words(second.investigator)
    assert words in _complaint(agency)
    ceremonies.revoke(agency.folder, words, "compromised")
    statuses = [one.investigator.status for one in AgencyFolder(agency.folder).members()]
    assert statuses == ["active", "compromised"]


def _complaint(agency: Agency) -> str:
    with pytest.raises(AgencyError) as caught:
        ceremonies.revoke(agency.folder, "Ana", "former")
    return str(caught.value)


def test_a_revoked_machine_cannot_slip_back_nor_look_better(agency: Agency) -> None:
    identity = new_identity()
    agency.enrol("Ana", "support", identity=identity)
    ceremonies.revoke(agency.folder, "Ana", "former")
    ceremonies.revoke(agency.folder, "Ana", "compromised")
    with pytest.raises(AgencyError, match="already compromised"):
        ceremonies.revoke(agency.folder, "Ana", "former")
    with pytest.raises(Suspicious, match="was revoked"):
        agency.enrol("Ana", "support", identity=identity)


def test_nobody_is_revoked_by_a_name_that_is_not_there(agency: Agency) -> None:
    with pytest.raises(AgencyError, match="Nobody called 'Zoe'"):
        ceremonies.revoke(agency.folder, "Zoe", "former")


def test_the_accepted_request_is_kept_as_it_came(agency: Agency) -> None:
    request = request_of(new_identity(), "Ana")
    ceremonies.enrol(agency.folder, request, ["support"], words=words_for(request), today=DAY)
    assert [path.read_bytes() for path in (agency.folder / "requests").iterdir()] == [request]
