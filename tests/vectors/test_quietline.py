"""quietline.json holds in Python: what is good is read, and each thing that is not is refused.

The same file in JavaScript: tests/client/quietline.test.mjs, which also makes it anew.
"""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.agency.enrolment import read_request
from app.protocol import attachments, bodies
from app.protocol.bundles import looks_old, open_bundles, reference_time
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u
from app.protocol.envelope import open_envelope
from app.protocol.errors import BadBody, BadReceipt, NewerBody, ProtocolError
from app.protocol.group import check_point
from app.protocol.identities import ReporterIdentity
from app.protocol.line import Line
from app.protocol.operation import open_operation
from app.protocol.receipt import read_code
from app.protocol.secrets import Secret
from app.protocol.signatures import tagged, verify
from app.server.epochs.signed_directory import Refused
from app.server.epochs.signed_site import Site, read_site

V: dict[str, Any] = json.loads(Path(__file__).with_name("quietline.json").read_bytes())
LINE_ID = bytes.fromhex(V["line_id"])
MK = bytes.fromhex(V["reporter"]["mk"])


def each(pairs: list[list[Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "given", [given for _, given in pairs], ids=[why for why, _ in pairs]
    )


def directory() -> Any:
    return open_directory(V["directory"]["file"].encode(), LINE_ID)


def test_the_directory_is_read() -> None:
    found = directory()
    assert found.hash.hex() == V["directory"]["hash"]
    assert (found.version, list(found.active)) == (3, V["directory"]["active"])


def test_what_a_desk_says_of_itself_is_read() -> None:
    (desk,) = directory().desks
    read = V["directory"]["desk"]
    hours = [{"days": list(h.days), "from": h.begin, "to": h.end} for h in desk.hours]
    assert (hours, list(desk.languages), desk.tells_immigration) == (
        read["hours"],
        read["languages"],
        read["tells_immigration"],
    )
    assert hours


def test_a_desk_that_says_nothing_is_read_and_unknown_is_not_no() -> None:
    (desk,) = open_directory(V["silent_directory"].encode(), LINE_ID).desks
    assert (desk.hours, desk.languages, desk.tells_immigration) == ((), (), "unknown")


def test_the_directory_of_a_later_root_is_read() -> None:
    rotated = V["rotated_directory"]
    found = open_directory(rotated["file"].encode(), LINE_ID)
    assert (found.root.hex(), found.version) == (rotated["root"], rotated["version"])


@pytest.mark.parametrize("one", V["speakers"], ids=lambda one: f"{one['sender']} {one['desk']}")
def test_an_answer_is_shown_in_a_desks_name_or_not(one: dict[str, Any]) -> None:
    found = directory()
    desk = found.desk_of(one["sender"], one["desk"])
    left = found.investigators[one["sender"]].left
    assert (desk.id if desk else None) == one["shown"]
    assert (left.isoformat() if left else None) == one["left"]


def test_the_words_of_an_enrolment_bind_keys_label_and_line() -> None:
    asked = V["enrolment"]
    line = Line.parse(asked["line"].encode())
    investigator = read_request(asked["request"].encode(), line)
    assert investigator.fingerprint(line).hex() == asked["fingerprint"]


@each(V["bad_directories"])
def test_a_bad_directory_is_refused(given: str) -> None:
    with pytest.raises(ProtocolError):
        open_directory(given.encode(), LINE_ID)


@pytest.mark.parametrize("good", V["bundles"], ids=lambda good: good["why"])
def test_the_bundles_of_an_epoch_are_read(good: dict[str, Any]) -> None:
    by = open_directory(good["directory"].encode(), LINE_ID) if "directory" in good else directory()
    found = open_bundles(bytes.fromhex(good["file"]), by)
    assert (found.epoch, list(found.bundles)) == (good["epoch"], good["indexes"])
    assert reference_time(found, by) == good["reference_time"]


@pytest.mark.parametrize(
    "one", V["clocks"], ids=lambda one: f"{one['reference_time']} {one['clock']}"
)
def test_a_directory_stands_as_it_should_by_both_times(one: dict[str, Any]) -> None:
    reference = one["reference_time"]
    if reference is not None:
        assert directory().state_at(reference) == one["state"]
    assert looks_old(directory(), reference, one["clock"]) is one["looks_old"]


@each(V["bad_bundles"])
def test_bad_bundles_are_refused(given: str) -> None:
    with pytest.raises(ProtocolError):
        open_bundles(bytes.fromhex(given), directory())


def site_of(folder: Path, manifest: str) -> Site:
    for path, text in V["manifest"]["contents"].items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    (folder / "manifest.json").write_text(manifest)
    return read_site(folder, LINE_ID, directory().root, Site())


def test_the_site_is_read(tmp_path: Path) -> None:
    assert set(V["manifest"]["contents"]) < set(site_of(tmp_path, V["manifest"]["file"]).files)


@each(V["bad_manifests"])
def test_a_bad_site_is_refused(given: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        site_of(tmp_path, given)


def test_the_envelope_is_opened() -> None:
    good = V["envelope"]
    opener = ReporterIdentity(Secret(MK)).opener()
    opened = open_envelope(bytes.fromhex(good["envelope"]), opener, LINE_ID)
    sender = directory().investigators[good["sender"]]
    assert opened.body.decode() == good["body"]
    assert opened.sender_keys == sender.dh + sender.mlkem


@each(V["bad_envelopes"])
def test_a_bad_envelope_is_refused(given: str) -> None:
    with pytest.raises(ProtocolError):
        open_envelope(bytes.fromhex(given), ReporterIdentity(Secret(MK)).opener(), LINE_ID)


@each(V["points"]["bad"])
def test_a_bad_point_is_refused(given: str) -> None:
    check_point(bytes.fromhex(V["points"]["good"]))
    with pytest.raises(ProtocolError):
        check_point(bytes.fromhex(given))


def check_signature(one: dict[str, str]) -> None:
    tag, message = V["signatures"]["tag"].encode(), bytes.fromhex(V["signatures"]["message"])
    assert tagged(tag, message).hex() == V["signatures"]["signed"]
    verify(tag, bytes.fromhex(one["vk"]), message, bytes.fromhex(one["signature"]))


@pytest.mark.parametrize("bad", V["signatures"]["bad"], ids=lambda bad: bad["why"])
def test_a_bad_signature_is_refused(bad: dict[str, str]) -> None:
    check_signature(V["signatures"]["good"])
    with pytest.raises(ProtocolError):
        check_signature(bad)


@pytest.mark.parametrize("text", V["codes"]["good"])
def test_a_code_is_read_in_all_its_forms(text: str) -> None:
    assert Secret(MK) in read_code(text)


@each(V["codes"]["bad"])
def test_a_damaged_code_is_refused(given: str) -> None:
    with pytest.raises(BadReceipt):
        read_code(given)


@each(V["bodies"]["good"])
def test_a_body_is_read(given: str) -> None:
    assert bodies.read_body(given.encode())["v"] == 1


@each(V["bodies"]["newer"])
def test_a_body_of_another_version_is_not_guessed(given: str) -> None:
    with pytest.raises(NewerBody):
        bodies.read_body(given.encode())


@each(V["bodies"]["bad"])
def test_a_bad_body_is_refused(given: str) -> None:
    with pytest.raises(BadBody) as refused:
        bodies.read_body(given.encode())
    assert not isinstance(refused.value, NewerBody)


def test_an_operation_is_read() -> None:
    good = V["operations"]["good"]
    one = open_operation(good["carried"], LINE_ID)
    assert one.raw.hex() == good["signed"]
    assert one.hash.hex() == good["hash"]
    assert (one.desk, one.seq, list(one.clock)) == (good["desk"], good["seq"], good["clock"])
    assert (one.author.hex(), list(one.changes)) == (good["author"], good["changes"])
    assert one.to_json() == good["carried"]


@each(V["operations"]["bad"])
def test_a_bad_operation_is_refused(given: list[str]) -> None:
    with pytest.raises(ProtocolError):
        open_operation(given, LINE_ID)


def test_a_file_of_17_pieces_becomes_18_chunks() -> None:
    one = V["attachment"]
    label = one["plaintext"].split("'")[1]
    plaintext = hashlib.shake_256(label.encode()).digest(one["size"])
    key = Secret(bytes.fromhex(one["key"]))
    made = list(attachments.encrypt_chunks(BytesIO(plaintext), one["size"], key))
    assert len(made) == one["chunks"] == 18
    assert (made[0][0].hex(), made[-1][0].hex()) == (one["first_id"], one["last_id"])
    chunks = [chunk for _, chunk in made]
    assert hashlib.sha256(b"".join(chunks)).hexdigest() == one["ciphertext_sha256"]
    tree = attachments.TreeHash()
    for part in attachments.decrypt_chunks(key, 18, chunks):
        tree.update(part)
    assert tree.digest().hex() == one["tree"]


@pytest.mark.parametrize("bad", V["attachment"]["bad_sizes"], ids=lambda bad: bad["why"])
def test_a_file_of_another_number_of_chunks_is_refused(bad: dict[str, Any]) -> None:
    entry = {
        "key": b64u(bytes(32)), "name": "", "type": "", "metadata": "original", "tree": "00" * 32,
        "size": bad["size"], "chunks": bad["chunks"],
    }  # fmt: skip
    with pytest.raises(ProtocolError):
        bodies.FileRef.from_json(entry)
