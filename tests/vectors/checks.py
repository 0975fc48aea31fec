"""Every byte of a QL1 vectors file, recomputed or explained, by the Python implementation.

A section is a function that yields (name, passed) for each thing it checks. All that can be derived
from seeds is derived and compared whole, so that a changed byte anywhere makes a check fail.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import pairwise
from typing import Any

from app.protocol import attachments, challenges, group, wire
from app.protocol.answers import is_for, solve
from app.protocol.envelope import open_envelope
from app.protocol.errors import BadPoint, CannotOpen, ProtocolError, WrongLength
from app.protocol.identities import BundleKeys, InvestigatorIdentity, ReporterIdentity
from app.protocol.identities import verify_key as public_of
from app.protocol.letter import letter_public
from app.protocol.receipt import LANGUAGES, numbers_of, read_code, words_of
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_BUNDLE, TAG_LONG_TERM_KEYS, verify

Check = tuple[str, bool]
Vectors = dict[str, Any]

_LISTS = {
    **{language: language for language in LANGUAGES},
    "en": "english", "es": "spanish", "fr": "french", "it": "italian", "pt": "portuguese",
    "cs": "czech", "cz": "czech", "ja": "japanese", "ko": "korean",
    "zh_hans": "chinese_simplified", "zh_hant": "chinese_traditional",
}  # fmt: skip


def _hex(value: Any) -> bytes:
    if not isinstance(value, str) or value != value.lower():
        raise ValueError("not lower-case hex")
    return bytes.fromhex(value)


def profile(v: Vectors) -> Iterator[Check]:
    yield "the profile is QL1", v["profile"] == "QL1"


def newsroom(v: Vectors) -> Iterator[Check]:
    n = v["newsroom"]
    yield "vk", public_of(Secret(_hex(n["sig_seed"]))) == _hex(n["vk"])


def _investigator(v: Vectors) -> InvestigatorIdentity:
    i = v["investigator"]
    fetch_sk = group.reduce(_hex(i["fetch_seed64"]))
    return InvestigatorIdentity(
        Secret(_hex(i["sig_seed"]) + _hex(i["dh_sk"]) + _hex(i["mlkem_seed"]) + fetch_sk)
    )


def investigator(v: Vectors) -> Iterator[Check]:
    i, identity = v["investigator"], _investigator(v)
    for name, value in (
        ("vk", identity.vk),
        ("fetch_pk", identity.fetch),
        ("dh_pk", identity.dh),
        ("mlkem_pk", identity.mlkem),
        ("j-sig-ltk", identity.public("").signature),
    ):
        yield name, value == _hex(i[name])
    message = identity.public("").key_message()
    yield (
        "j-sig-ltk verifies",
        _runs(lambda: verify(TAG_LONG_TERM_KEYS, _hex(i["vk"]), message, _hex(i["j-sig-ltk"]))),
    )
    # A scalar is compared before clamping too: X25519 itself would ignore five of its bits.
    yield "dh_sk is clamped", _clamped(_hex(i["dh_sk"]))


def _bundle_keys(v: Vectors) -> BundleKeys:
    b = v["bundle"]
    return BundleKeys(Secret(_hex(b["dh_sk"]) + _hex(b["mlkem_seed"]) + _hex(b["pke_seed"])))


def bundle(v: Vectors) -> Iterator[Check]:
    b = v["bundle"]
    made = _bundle_keys(v).bundle(_investigator(v), b["not_before"], b["not_after"])
    yield "dh_pk", made.dh == _hex(b["dh_pk"])
    yield "mlkem_pk", made.mlkem == _hex(b["mlkem_pk"])
    yield "pke_pk", made.xwing == _hex(b["pke_pk"])
    yield "j-sig-eph-w1", made.signature == _hex(b["j-sig-eph-w1"])
    vk = _hex(v["investigator"]["vk"])
    yield (
        "j-sig-eph-w1 verifies",
        _runs(lambda: verify(TAG_BUNDLE, vk, made.message(), _hex(b["j-sig-eph-w1"]))),
    )
    yield "dh_sk is clamped", _clamped(_hex(b["dh_sk"]))


def reporters(v: Vectors) -> Iterator[Check]:
    for at, r in enumerate(v["reporters"]):
        entropy = _hex(r["entropy"])
        identity = ReporterIdentity(Secret(entropy))
        for field in (f for f in r if f.startswith("words_")):
            language = _LISTS.get(field.removeprefix("words_"))
            yield (
                f"{at} {field}",
                language is not None
                and (
                    words_of(entropy, language) == unicodedata.normalize("NFC", r[field])
                    and Secret(entropy) in read_code(r[field])
                ),
            )
        yield (
            f"{at} numbers",
            numbers_of(entropy) == r["numbers"] and (read_code(r["numbers"]) == [Secret(entropy)]),
        )
        public = identity.public
        for name, value in (
            ("fetch_sk", identity.fetch_sk.reveal()),
            ("fetch_pk", public.fetch),
            ("dh_sk", identity.dh_sk.reveal()),
            ("dh_pk", public.dh),
            ("mlkem_seed", identity.mlkem_seed.reveal()),
            ("mlkem_pk", public.mlkem),
            ("pke_seed", identity.xwing_seed.reveal()),
            ("pke_pk", public.xwing),
        ):
            yield f"{at} {name}", value == _hex(r[name])


def _parties(v: Vectors, direction: str) -> tuple[Any, bytes, bytes]:
    """Return the opener, the fetch secret and the sender's 1,216 bytes that a direction names."""
    sender, _, recipient = direction.partition("->")
    investigator_identity = _investigator(v)

    def reporter(name: str) -> ReporterIdentity:
        found = re.fullmatch(r"reporter(\d+)", name)
        if not found:
            raise ValueError(f"unknown party {name}")
        return ReporterIdentity(Secret(_hex(v["reporters"][int(found[1])]["entropy"])))

    if recipient == "bundle":
        opener = _bundle_keys(v).opener(investigator_identity.fetch)
        fetch_sk = investigator_identity.fetch_sk
    else:
        opener, fetch_sk = reporter(recipient).opener(), reporter(recipient).fetch_sk
    if sender == "investigator":
        keys = investigator_identity.dh + investigator_identity.mlkem
        back = investigator_identity.fetch + bytes(wire.XWING_PUBLIC_BYTES)
    else:
        public = reporter(sender).public
        keys, back = public.dh + public.mlkem, public.fetch + public.xwing
    return opener, fetch_sk.reveal(), keys + back


def envelopes(v: Vectors) -> Iterator[Check]:
    line_id = _hex(v["newsroom"]["vk"])
    for at, e in enumerate(v["envelopes"]):
        data = _hex(e["envelope"])
        opener, fetch_sk, sender = _parties(v, e["direction"])
        yield f"{at} hint", is_for(data, Secret(fetch_sk))
        opened = open_envelope(data, opener, line_id)
        back = opened.sender.fetch + opened.sender.xwing
        yield f"{at} sender", opened.sender_keys + back == sender
        if e["body"] is not None:  # long ones are given by their hash alone
            yield f"{at} body", opened.body == _hex(e["body"])
        yield f"{at} body_len", len(opened.body) == e["body_len"]
        yield f"{at} body_sha256", hashlib.sha256(opened.body).digest() == _hex(e["body_sha256"])


_FIELDS = {
    "c2": (64, 1152), "c1": (1152, 1184), "cp first": (1184, 1185), "cp last": (17583, 17584),
    "cp": (1184, 17584), "pke enc": (17584, 18704), "pke last": (19935, 19936),
    "pke": (17584, 19936),
}  # fmt: skip


def bad_envelopes(v: Vectors) -> Iterator[Check]:
    line_id = _hex(v["newsroom"]["vk"])
    good = {_hex(e["envelope"]): e["direction"] for e in v["envelopes"]}
    for at, bad in enumerate(v["bad_envelopes"]):
        data, why = _hex(bad["envelope"]), bad["why"]
        name = f"{at} {why}"
        error = _error(partial(wire.check_envelope, data))
        if bad["error"] == "wrong length":
            prefix = any(one.startswith(data) for one in good)
            yield name, error is WrongLength and (prefix or not why.startswith("truncated"))
        elif bad["error"] == "reject on submit":
            rest = any(one[64:] == data[64:] for one in good)
            zero = data[:64] == bytes(64)
            yield name, error is BadPoint and _explained(why, data, good, zero, rest)
        elif bad["error"] == "must not open":
            openers = [_parties(v, direction)[0] for direction in set(good.values())]
            refused = all(
                _error(partial(open_envelope, data, opener, line_id)) is CannotOpen
                for opener in openers
            )
            yield name, error is None and refused and _one_bit(why, data, good)
        else:
            yield f"{name}: unknown error {bad['error']!r}", False


def _explained(why: str, data: bytes, good: dict[bytes, str], zero: bool, rest: bool) -> bool:
    """Say whether a refused point is the one thing wrong, in the way its description says."""
    if "identity" in why:
        return rest and (zero if "X and Z" in why else bytes(32) in (data[:32], data[32:64]))
    if why.startswith("X is not"):
        # Any non-canonical X will do, but the usual one is 32 times ff: nearly that is a slip.
        nearly = 0 < sum(byte != 0xFF for byte in data[:32]) < 4
        return any(one[32:] == data[32:] for one in good) and not nearly
    return True


def _one_bit(why: str, data: bytes, good: dict[bytes, str]) -> bool:
    found = re.fullmatch(r"one bit flipped in (.+)", why)
    if not found:
        return True
    start, end = _FIELDS.get(found[1], (64, wire.ENVELOPE_BYTES))
    for one in good:
        changed = int.from_bytes(one) ^ int.from_bytes(data)
        if changed.bit_count() == 1:
            place = wire.ENVELOPE_BYTES - 1 - (changed.bit_length() - 1) // 8
            return start <= place < end
    return False


def challenge_sets(v: Vectors) -> Iterator[Check]:
    line_id = _hex(v["newsroom"]["vk"])
    c = v["challenges"]
    whole = _hex(c["set"])
    rows = [whole[at : at + 64] for at in range(0, len(whole), 64)]
    holders = {"investigator": _investigator(v).fetch_sk}
    for at, r in enumerate(v["reporters"]):
        holders[f"reporter{at}"] = ReporterIdentity(Secret(_hex(r["entropy"]))).fetch_sk
    expected: dict[str, set[bytes]] = {name: set() for name in holders}
    hints = {_hex(e["envelope"])[:64] for e in v["envelopes"]}
    for at, known in enumerate(c["known_rows"]):
        hint = wire.Hint(_hex(known["X"]), _hex(known["Z"]))
        row = challenges.build_row(_hex(known["id"]), hint, line_id, _hex(known["r"]))
        yield f"known row {at}", row == _hex(known["row"])
        yield f"known row {at} is in the set", row in rows
        yield f"known row {at} is of an envelope here", hint.x + hint.z in hints
        expected[known["for"]].add(_hex(known["id"]))
    yield "whole rows", len(whole) % challenges.ROW_BYTES == 0 and bool(rows)
    yield "canonical points", all(_runs(partial(group.check_point, row[32:])) for row in rows)
    for name, fetch_sk in holders.items():
        yield f"{name} solves the set", set(solve(whole, fetch_sk, line_id)) == expected[name]


def attachment_files(v: Vectors) -> Iterator[Check]:
    for at, a in enumerate(v["attachments"]):
        found = re.fullmatch(r"SHAKE256\('([\x20-\x7e]*)', (\d+) bytes\)", a["plaintext"])
        if not found:
            yield f"{at} plaintext", False
            continue
        # The label ends in its own length: a changed digit in either is noticed.
        label, size = found[1], int(found[2])
        yield f"{at} plaintext_len", size == a["plaintext_len"]
        plaintext = hashlib.shake_256(label.encode("ascii")).digest(size)
        key = Secret(_hex(a["key"]))
        parts = list(attachments.encrypt_chunks(BytesIO(plaintext), size, key))
        ciphertext = b"".join(chunk for _, chunk in parts)
        yield f"{at} chunk_ids", [i.hex() for i, _ in parts] == a["chunk_ids"]
        yield f"{at} ciphertext_len", len(ciphertext) == a["ciphertext_len"]
        digest = hashlib.sha256(ciphertext).digest()
        yield f"{at} ciphertext_sha256", digest == _hex(a["ciphertext_sha256"])
        tree = attachments.TreeHash()
        tree.update(plaintext)
        yield f"{at} tree", tree.digest() == _hex(a["tree"])
        back = attachments.decrypt_chunks(key, len(parts), (chunk for _, chunk in parts))
        yield f"{at} decrypts", b"".join(back) == plaintext


def padding(v: Vectors) -> Iterator[Check]:
    for chunks, padded in v["padded_chunks"].items():
        yield f"{chunks} chunks", attachments.padded_chunks(int(chunks)) == padded
    yield "in order", all(a < b for a, b in pairwise(map(int, v["padded_chunks"])))


def letter(v: Vectors) -> Iterator[Check]:
    one = v["letter"]
    entropy = Secret(_hex(v["reporters"][one["reporter"]]["entropy"]))
    yield "pk", letter_public(entropy, _hex(one["n"])) == _hex(one["pk"])


SECTIONS: dict[str, Callable[[Vectors], Iterator[Check]]] = {
    "profile": profile,
    "newsroom": newsroom,
    "investigator": investigator,
    "bundle": bundle,
    "reporters": reporters,
    "envelopes": envelopes,
    "bad_envelopes": bad_envelopes,
    "challenges": challenge_sets,
    "attachments": attachment_files,
    "letter": letter,
    "padded_chunks": padding,
}


def _error(call: Callable[[], object]) -> type[ProtocolError] | None:
    try:
        call()
    except ProtocolError as error:
        return type(error)
    return None


def _runs(call: Callable[[], object]) -> bool:
    return _error(call) is None


def _clamped(scalar: bytes) -> bool:
    return scalar[0] & 7 == 0 and scalar[31] & 192 == 64
