"""Makes transfer.json: an invitation and the head of a transfer file, with the keys that open it.

    python -m tests.vectors.make_transfer > tests/vectors/transfer.json

Everything but the encapsulations, which the library makes at random, comes from SHAKE256 of labels;
so a new run makes another head, which opens to the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from collections.abc import Callable

from app.protocol.bodies import FileRef, write_body
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import b64u, json_bytes, unb64u
from app.protocol.envelope import seal
from app.protocol.identities import BundleKeys, InvestigatorIdentity, sign, verify_key
from app.protocol.receipt import words_of
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_DIRECTORY, TAG_INVITATION
from app.protocol.transfer import (
    open_invitation,
    pack,
    seal_head,
    sender_fingerprint,
    write_invitation,
)


def rng(label: str) -> Callable[[int], bytes]:
    """Return a stream of SHAKE256(label), cut as it is asked for."""
    stream, at = hashlib.shake_256(f"quietline transfer {label}".encode()).digest(100_000), 0

    def take(size: int) -> bytes:
        nonlocal at
        at += size
        return stream[at - size : at]

    return take


def line(label: str, status: str = "active") -> tuple[InvestigatorIdentity, Directory, bytes]:
    """Return a line with one investigator."""
    random = rng(label)
    root, identity = Secret(random(32)), InvestigatorIdentity.generate(random)
    one = identity.public("Ana")
    said = {
        "v": 2, "line_id": b64u(verify_key(root)), "version": 1, "issued": "2031-05-06",
        "expires": "2031-11-02", "roots": [],
        "params": {"message_days": 90, "window_seconds": 3600},
        "investigators": [
            {
                "vk": b64u(one.vk), "dh": b64u(one.dh), "mlkem": b64u(one.mlkem),
                "fetch": b64u(one.fetch), "sig": b64u(one.signature), "label": one.label,
                "status": status, **({"left": "2031-05-01"} if status == "former" else {}),
            }
        ],
        "desks": [{"id": "support", "members": [0], "name": {"en": "S"}, "about": {"en": "S"}}],
    }  # fmt: skip
    signed = json_bytes(said)
    outer = {
        "directory": b64u(signed),
        "signature": sign(root, TAG_DIRECTORY, signed).hex(),
        "root": verify_key(root).hex(),
    }
    file = json_bytes(outer)
    return identity, open_directory(file, verify_key(root)), file


def vectors() -> dict[str, object]:
    receiver, there, there_file = line("receiver")
    sender, here, _ = line("sender")
    keys = BundleKeys.generate(rng("invitation"))
    day = dt.date(2031, 6, 5)
    file = write_invitation(receiver, keys, there, there_file, "Harbour line", day)
    invitation = open_invitation(file)
    ref = FileRef(
        Secret(rng("file")(32)),
        1,
        "case",
        "application/x-quietline-case",
        300,
        "original",
        bytes(32),
    )
    mid = rng("mid")(16).hex()
    head = seal_head(sender, here.line_id, invitation, ref, mid, rng("head"))
    outer = json.loads(file)
    signed = unb64u(outer["invitation"])

    def again(directory_file: bytes = there_file, **changes: object) -> str:
        said = json_bytes(json.loads(signed) | changes)
        made = sign(receiver.signing_seed, TAG_INVITATION, said).hex()
        put = {"invitation": b64u(said), "signature": made, "directory": b64u(directory_file)}
        return json_bytes(outer | put).hex()

    _, gone, gone_file = line("receiver", "former")
    named = {"version": 1, "sha256": gone.hash.hex()}
    xwing = unb64u(json.loads(signed)["xwing"])
    fields = {"line": here.line_id.hex(), "signer": sender.vk.hex(), "file": ref.to_json()}
    other = write_body("report", mid, fields)
    report = seal(sender.sender(), invitation.recipient, other, there.line_id, rng("report"))

    return {
        "invitation": {
            "file": file.hex(),
            "hash": invitation.hash.hex(),
            "words": words_of(invitation.fingerprint),
            "name": invitation.name,
            "line": there.line_id.hex(),
            "expires": day.isoformat(),
        },
        "bad_invitations": [
            ["not in its form", json_bytes([]).hex()],
            ["another signature", json_bytes(outer | {"signature": "00" * 64}).hex()],
            ["v is 2", again(v=2)],
            ["another kind", again(kind="transfer")],
            ["another line", again(line=here.line_id.hex())],
            ["another directory", again(directory={"version": 2, "sha256": there.hash.hex()})],
            ["another directory of that version", again(directory=named)],
            ["signed by somebody who has left", again(gone_file, directory=named)],
            ["signed by somebody else", again(signer=sender.vk.hex())],
            ["a key of small order", again(dh=b64u(bytes(32)))],
            ["an X-Wing key of small order", again(xwing=b64u(xwing[:-32] + bytes(32)))],
            ["no name", again(name="")],
            ["a name of 81 characters", again(name="a" * 81)],
            ["a name of two lines", again(name="Harbour line\nCompared")],
        ],
        "head": {
            "keys": keys.secret().reveal().hex(),
            "fetch": receiver.fetch.hex(),
            "line": there.line_id.hex(),
            "bytes": head.hex(),
            "file": ref.to_json(),
            "sender_line": here.line_id.hex(),
            "signer": sender.vk.hex(),
            "sender_keys": (sender.dh + sender.mlkem).hex(),
            "sender_words": words_of(sender_fingerprint(here.line_id, sender.vk)),
        },
        "bad_heads": [
            ["another mark", (b"quietline-case-2" + head[16:]).hex()],
            ["one byte short", head[:-1].hex()],
            ["a report instead of a case", (head[:48] + report).hex()],
            ["one bit of the envelope", (head[:-1] + bytes([head[-1] ^ 1])).hex()],
        ],
        "parts": {
            "stream": b"".join(pack([("a.txt", [b"one", b"two"]), ("files/0001-b", [])])).hex(),
            "parts": [["a.txt", b"onetwo".hex()], ["files/0001-b", ""]],
        },
        "bad_parts": [
            ["cut off", b"".join(pack([("a", [b"one"])]))[:-1].hex()],
            ["goes on after its end", (b"".join(pack([("a", [b"one"])])) + b"x").hex()],
            ["a name of 201 bytes", (b"\x00\xc9" + b"a" * 201 + bytes(6)).hex()],
            ["a name that is no UTF-8", (b"\x00\x01\xff" + bytes(6)).hex()],
            ["a block of 1,048,577 bytes", (b"\x00\x01a" + (2**20 + 1).to_bytes(4)).hex()],
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vectors(), indent=1) + "\n")
