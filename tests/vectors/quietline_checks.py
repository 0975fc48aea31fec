"""Every member of a file like ``quietline.json``, read by the Python implementation.

A section is a function that yields (name, passed) for each thing it checks: what is good is read
as the file says, and each thing that is to be refused is refused, by an error that says so.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

from app.agency.enrolment import read_request
from app.protocol import attachments
from app.protocol.bodies import FileRef, read_body
from app.protocol.bundles import looks_old, open_bundles, reference_time
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import b64u
from app.protocol.envelope import open_envelope
from app.protocol.errors import BadBody, BadReceipt, NewerBody
from app.protocol.group import check_point
from app.protocol.identities import ReporterIdentity
from app.protocol.line import Line
from app.protocol.operation import open_operation
from app.protocol.receipt import read_code
from app.protocol.secrets import Secret
from app.protocol.signatures import tagged, verify
from app.server.epochs.signed_directory import Refused
from app.server.epochs.signed_site import Site, read_site
from tests.vectors.checks import Check, Vectors
from tests.vectors.refusing import error_of, refused


def _line_id(v: Vectors) -> bytes:
    return bytes.fromhex(v["line_id"])


def _mk(v: Vectors) -> Secret:
    return Secret(bytes.fromhex(v["reporter"]["mk"]))


def _directory(v: Vectors) -> Directory:
    return open_directory(v["directory"]["file"].encode(), _line_id(v))


def profile(v: Vectors) -> Iterator[Check]:
    yield "the profile is QL1", v["profile"] == "QL1"


def made_by(v: Vectors) -> Iterator[Check]:
    yield "it says what made it", isinstance(v["made_by"], str) and bool(v["made_by"])


def line_id(v: Vectors) -> Iterator[Check]:
    yield "32 bytes", len(_line_id(v)) == 32


def reporter(v: Vectors) -> Iterator[Check]:
    yield "16 bytes", len(_mk(v).reveal()) == 16


def directory(v: Vectors) -> Iterator[Check]:
    said, read = v["directory"], _directory(v)
    yield "hash", read.hash.hex() == said["hash"]
    yield "version", read.version == said["version"]
    yield "active", list(read.active) == said["active"]
    (desk,) = read.desks
    hours = [{"days": list(h.days), "from": h.begin, "to": h.end} for h in desk.hours]
    yield "hours of the desk", hours == said["desk"]["hours"]
    yield "languages of the desk", list(desk.languages) == said["desk"]["languages"]
    tells = said["desk"]["tells_immigration"]
    yield "what the desk tells of immigration", desk.tells_immigration == tells


def silent_directory(v: Vectors) -> Iterator[Check]:
    """Check that what a desk does not say is unknown, which is not no."""
    (desk,) = open_directory(v["silent_directory"].encode(), _line_id(v)).desks
    said = (desk.hours, desk.languages, desk.tells_immigration)
    yield "its desk says nothing", said == ((), (), "unknown")


def rotated_directory(v: Vectors) -> Iterator[Check]:
    said = v["rotated_directory"]
    read = open_directory(said["file"].encode(), _line_id(v))
    yield "root", read.root.hex() == said["root"]
    yield "version", read.version == said["version"]


def speakers(v: Vectors) -> Iterator[Check]:
    read = _directory(v)
    for one in v["speakers"]:
        desk = read.desk_of(one["sender"], one["desk"])
        left = read.investigators[one["sender"]].left
        name = f"{one['sender']} for {one['desk']}"
        yield f"{name}: shown", (desk.id if desk else None) == one["shown"]
        yield f"{name}: left", (left.isoformat() if left else None) == one["left"]


def enrolment(v: Vectors) -> Iterator[Check]:
    """Check what the compared words bind: keys, label and line."""
    said = v["enrolment"]
    line = Line.parse(said["line"].encode())
    investigator = read_request(said["request"].encode(), line)
    yield "fingerprint", investigator.fingerprint(line).hex() == said["fingerprint"]


def bad_directories(v: Vectors) -> Iterator[Check]:
    yield from refused(
        v["bad_directories"], lambda file: open_directory(file.encode(), _line_id(v))
    )


def bundles(v: Vectors) -> Iterator[Check]:
    for said in v["bundles"]:
        own = said.get("directory")
        by = open_directory(own.encode(), _line_id(v)) if own else _directory(v)
        read = open_bundles(bytes.fromhex(said["file"]), by)
        yield f"{said['why']}: epoch", read.epoch == said["epoch"]
        yield f"{said['why']}: indexes", list(read.bundles) == said["indexes"]
        yield f"{said['why']}: time", reference_time(read, by) == said["reference_time"]


def bad_bundles(v: Vectors) -> Iterator[Check]:
    yield from refused(
        v["bad_bundles"], lambda file: open_bundles(bytes.fromhex(file), _directory(v))
    )


def clocks(v: Vectors) -> Iterator[Check]:
    read = _directory(v)
    for one in v["clocks"]:
        reference, clock = one["reference_time"], one["clock"]
        name = f"{reference} by {clock}"
        if reference is not None:
            yield f"{name}: state", read.state_at(reference) == one["state"]
        yield f"{name}: looks old", looks_old(read, reference, clock) is one["looks_old"]


def _site(v: Vectors, manifest: str) -> Site:
    """Read a site of the file's contents with a manifest, as a server does."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for path, text in v["manifest"]["contents"].items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text)
        (folder / "manifest.json").write_text(manifest)
        return read_site(folder, _line_id(v), _directory(v).root, Site())


def manifest(v: Vectors) -> Iterator[Check]:
    read = _site(v, v["manifest"]["file"])
    yield "files", set(v["manifest"]["contents"]) < set(read.files)


def bad_manifests(v: Vectors) -> Iterator[Check]:
    yield from refused(v["bad_manifests"], lambda file: _site(v, file), Refused)


def envelope(v: Vectors) -> Iterator[Check]:
    said = v["envelope"]
    opener = ReporterIdentity(_mk(v)).opener()
    opened = open_envelope(bytes.fromhex(said["envelope"]), opener, _line_id(v))
    sender = _directory(v).investigators[said["sender"]]
    yield "body", opened.body.decode() == said["body"]
    yield "sender", opened.sender_keys == sender.dh + sender.mlkem


def bad_envelopes(v: Vectors) -> Iterator[Check]:
    opener = ReporterIdentity(_mk(v)).opener()
    yield from refused(
        v["bad_envelopes"], lambda given: open_envelope(bytes.fromhex(given), opener, _line_id(v))
    )


def points(v: Vectors) -> Iterator[Check]:
    check_point(bytes.fromhex(v["points"]["good"]))
    yield "good", True
    yield from refused(v["points"]["bad"], lambda given: check_point(bytes.fromhex(given)))


def signatures(v: Vectors) -> Iterator[Check]:
    said = v["signatures"]
    tag, message = said["tag"].encode(), bytes.fromhex(said["message"])
    yield "what is signed", tagged(tag, message).hex() == said["signed"]

    def check(one: dict[str, str]) -> None:
        verify(tag, bytes.fromhex(one["vk"]), message, bytes.fromhex(one["signature"]))

    check(said["good"])
    yield "good", True
    yield from refused([(one["why"], one) for one in said["bad"]], check)


def codes(v: Vectors) -> Iterator[Check]:
    for at, text in enumerate(v["codes"]["good"]):
        yield f"form {at}", _mk(v) in read_code(text)
    yield from refused(v["codes"]["bad"], read_code, BadReceipt)


def bodies(v: Vectors) -> Iterator[Check]:
    for why, text in v["bodies"]["good"]:
        yield why, read_body(text.encode())["v"] == 1
    yield from refused(v["bodies"]["newer"], lambda text: read_body(text.encode()), NewerBody)
    for why, text in v["bodies"]["bad"]:  # another version is said to be one, and nothing else is
        yield f"refused: {why}", error_of(partial(read_body, text.encode())) is BadBody


def operations(v: Vectors) -> Iterator[Check]:
    said = v["operations"]["good"]
    one = open_operation(said["carried"], _line_id(v))
    for name, value in (
        ("signed", one.raw.hex()),
        ("hash", one.hash.hex()),
        ("author", one.author.hex()),
        ("desk", one.desk),
        ("seq", one.seq),
        ("clock", list(one.clock)),
        ("changes", list(one.changes)),
        ("carried", one.to_json()),
    ):
        yield name, value == said[name]
    yield from refused(v["operations"]["bad"], lambda given: open_operation(given, _line_id(v)))


def attachment(v: Vectors) -> Iterator[Check]:
    said = v["attachment"]
    label = said["plaintext"].split("'")[1]
    plaintext = hashlib.shake_256(label.encode()).digest(said["size"])
    key = Secret(bytes.fromhex(said["key"]))
    made = list(attachments.encrypt_chunks(BytesIO(plaintext), said["size"], key))
    chunks = [chunk for _, chunk in made]
    yield "chunks", len(chunks) == said["chunks"]
    yield "first_id", made[0][0].hex() == said["first_id"]
    yield "last_id", made[-1][0].hex() == said["last_id"]
    digest = hashlib.sha256(b"".join(chunks)).hexdigest()
    yield "ciphertext_sha256", digest == said["ciphertext_sha256"]
    tree = attachments.TreeHash()
    for part in attachments.decrypt_chunks(key, len(chunks), chunks):
        tree.update(part)
    yield "tree", tree.digest().hex() == said["tree"]
    entry = {"key": b64u(bytes(32)), "name": "", "type": "", "metadata": "original"}
    yield from refused(
        [(one["why"], one) for one in said["bad_sizes"]],
        lambda one: FileRef.from_json(
            {**entry, "tree": "00" * 32, "size": one["size"], "chunks": one["chunks"]}
        ),
    )


SECTIONS: dict[str, Callable[[Vectors], Iterator[Check]]] = {
    section.__name__: section
    for section in (
        profile, made_by, line_id, reporter, directory, speakers, enrolment, rotated_directory,
        silent_directory, bad_directories, bundles, bad_bundles, clocks, manifest, bad_manifests,
        envelope, bad_envelopes, points, signatures, codes, bodies, operations, attachment,
    )
}  # fmt: skip
"""By member of the file."""
