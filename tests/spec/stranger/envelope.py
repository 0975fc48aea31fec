"""Pages envelope, batch."""

import hashlib
import json
import os
import random
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tests.spec import ristretto
from tests.spec.stranger.basics import BODY_MAX, ENVELOPE, Refused, Trace, expand, extract, need
from tests.spec.stranger.keys import Keys, mlkem, x25519, x25519_public, xwing_private
from tests.spec.stranger.signed import active

# envelope


def labeled_extract(suite: bytes, salt: bytes, label: str, ikm: bytes) -> bytes:
    return extract(salt, b"HPKE-v1" + suite + label.encode() + ikm)


def labeled_expand(suite: bytes, prk: bytes, label: str, info: bytes, size: int) -> bytes:
    return expand(prk, size.to_bytes(2) + b"HPKE-v1" + suite + label.encode() + info, size)


def key_schedule(
    suite: bytes, mode: int, shared: bytes, psk: bytes, psk_id: bytes, info: bytes, trace: Trace
) -> tuple[ChaCha20Poly1305, bytes]:
    psk_id_hash = labeled_extract(suite, b"", "psk_id_hash", psk_id)
    info_hash = labeled_extract(suite, b"", "info_hash", info)
    context = bytes([mode]) + psk_id_hash + info_hash
    secret = labeled_extract(suite, shared, "secret", psk)
    key = labeled_expand(suite, secret, "key", context, 32)
    nonce = labeled_expand(suite, secret, "base_nonce", context, 12)
    trace |= {"psk_id_hash": psk_id_hash, "info_hash": info_hash, "secret": secret}
    trace |= {"key": key, "nonce": nonce, "shared": shared}
    return ChaCha20Poly1305(key), nonce


def auth_psk(
    dh: bytes, context: bytes, k2: bytes, info: bytes, trace: Trace
) -> tuple[ChaCha20Poly1305, bytes]:
    kem_suite, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    prk = labeled_extract(kem_suite, b"", "eae_prk", dh)
    shared = labeled_expand(kem_suite, prk, "shared_secret", context, 32)
    trace |= {"dh": dh, "K2": k2}
    return key_schedule(suite, 3, shared, k2, b"SD-pskAPKE", info, trace)


def xwing(
    ss_m: bytes, ss_x: bytes, ct_x: bytes, pk_x: bytes, trace: Trace
) -> tuple[ChaCha20Poly1305, bytes]:
    shared = hashlib.sha3_256(ss_m + ss_x + ct_x + pk_x + bytes.fromhex("5c2e2f2f5e5c")).digest()
    return key_schedule(b"HPKE\x64\x7a\x00\x01\x00\x03", 0, shared, b"", b"", b"", trace)


def seal(sender: Keys, to: dict[str, bytes], body: bytes, line_id: bytes) -> bytes:
    need(len(body) <= BODY_MAX, "too long")
    me = sender.public()
    plaintext = (me["fetch"] + me["xwing"] + len(body).to_bytes(4) + body).ljust(16_384, b"\0")
    k2, c2 = MLKEM768PublicKey.from_public_bytes(to["mlkem"]).encapsulate()
    ephemeral = os.urandom(32)
    c1 = x25519_public(ephemeral)
    dh = x25519(ephemeral, to["dh"]) + x25519(sender.dh_sk, to["dh"])
    info = c2 + to["fetch"] + me["mlkem"]
    aead, nonce = auth_psk(dh, c1 + to["dh"] + me["dh"], k2, info, {})
    cp = aead.encrypt(nonce, plaintext, line_id)
    ss_m, ct_m = MLKEM768PublicKey.from_public_bytes(to["xwing"][:1184]).encapsulate()
    ephemeral = os.urandom(32)
    ct_x, pk_x = x25519_public(ephemeral), to["xwing"][1184:]
    aead, nonce = xwing(ss_m, x25519(ephemeral, pk_x), ct_x, pk_x, {})
    pke = ct_m + ct_x + aead.encrypt(nonce, me["dh"] + me["mlkem"], b"")
    x = ristretto.reduce(os.urandom(64))
    hint = ristretto.multiply(x, ristretto.BASE) + ristretto.multiply(x, to["fetch"])
    return hint + c2 + c1 + cp + pke


def open_envelope(
    envelope: bytes, dh_sk: bytes, mlkem_seed: bytes, xwing_seed: bytes, fetch: bytes,
    line_id: bytes, trace: Trace | None = None, xwing_trace: Trace | None = None,
) -> tuple[bytes, bytes]:  # fmt: skip
    """Return the sender's 1,216 bytes and the body."""
    trace, xwing_trace = {} if trace is None else trace, {} if xwing_trace is None else xwing_trace
    need(len(envelope) == ENVELOPE, "length")
    for point in (envelope[:32], envelope[32:64]):
        need(any(point), "the identity")
        ristretto.decode(point)
    c2, c1, cp = envelope[64:1152], envelope[1152:1184], envelope[1184:17_584]
    ct_m, ct_x, sealed = envelope[17_584:18_672], envelope[18_672:18_704], envelope[18_704:]
    sk_m, sk_x = xwing_private(xwing_seed)
    try:
        aead, nonce = xwing(
            sk_m.decapsulate(ct_m), x25519(sk_x, ct_x), ct_x, x25519_public(sk_x), xwing_trace
        )
        sender = aead.decrypt(nonce, sealed, b"")
        dh = x25519(dh_sk, c1) + x25519(dh_sk, sender[:32])
        context = c1 + x25519_public(dh_sk) + sender[:32]
        k2 = mlkem(mlkem_seed).decapsulate(c2)
        aead, nonce = auth_psk(dh, context, k2, c2 + fetch + sender[32:], trace)
        plaintext = aead.decrypt(nonce, cp, line_id)
        trace["plaintext"] = plaintext
    except (InvalidTag, ValueError):
        raise Refused("not for these keys, or changed") from None
    size = int.from_bytes(plaintext[1248:1252])
    need(size <= BODY_MAX and not any(plaintext[1252 + size :]), "padding")
    return sender, plaintext[1252 : 1252 + size]


# batch


def throwaway() -> Keys:
    return Keys(os.urandom(16))


def batch(
    me: Keys, body: bytes, chosen: set[int], directory: dict[str, Any],
    bundles: dict[int, dict[str, bytes]], line_id: bytes,
) -> bytes:  # fmt: skip
    need(chosen & set(bundles), "the desk is closed")
    order = active(directory)
    random.SystemRandom().shuffle(order)
    envelopes = []
    for index in order:
        cover = json.dumps({"kind": "cover", "v": 1, "mid": os.urandom(16).hex()}).encode()
        to = bundles.get(index) or throwaway().public()
        mine = index in chosen and index in bundles
        envelopes.append(seal(me if mine else throwaway(), to, body if mine else cover, line_id))
    return b"".join(envelopes)
