"""HPKE AuthPSK against an independent implementation (pyhpke), in both directions."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pyhpke import AEADId, CipherSuite, KDFId, KEMId

from app.protocol import hpke
from app.protocol.errors import CannotOpen

SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
SENDER, RECIPIENT = X25519PrivateKey.generate(), X25519PrivateKey.generate()


def _oracle_private(key: X25519PrivateKey):  # type: ignore[no-untyped-def]
    return SUITE.kem.deserialize_private_key(key.private_bytes_raw())


def _public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@given(st.binary(max_size=200), st.binary(max_size=50), st.binary(max_size=50))
def test_what_we_seal_the_oracle_opens(plaintext: bytes, info: bytes, aad: bytes) -> None:
    psk = hpke.Psk(os.urandom(32), info)
    enc, sealed = hpke.seal_auth_psk(SENDER, _public(RECIPIENT), psk, aad, plaintext, os.urandom)
    context = SUITE.create_recipient_context(
        enc,
        _oracle_private(RECIPIENT),
        info=info,
        pks=SUITE.kem.deserialize_public_key(_public(SENDER)),
        psk=psk.key,
        psk_id=hpke.PSK_ID,
    )
    assert context.open(sealed, aad) == plaintext


@given(st.binary(max_size=200), st.binary(max_size=50), st.binary(max_size=50))
def test_what_the_oracle_seals_we_open(plaintext: bytes, info: bytes, aad: bytes) -> None:
    psk = hpke.Psk(os.urandom(32), info)
    enc, context = SUITE.create_sender_context(
        SUITE.kem.deserialize_public_key(_public(RECIPIENT)),
        info=info,
        sks=_oracle_private(SENDER),
        psk=psk.key,
        psk_id=hpke.PSK_ID,
    )
    sealed = context.seal(plaintext, aad)
    assert hpke.open_auth_psk(RECIPIENT, _public(SENDER), enc, psk, aad, sealed) == plaintext


def test_keys_of_small_order_are_refused() -> None:
    psk = hpke.Psk(bytes(32), b"")
    with pytest.raises(CannotOpen):
        hpke.seal_auth_psk(SENDER, bytes(32), psk, b"", b"", os.urandom)
    with pytest.raises(CannotOpen):
        hpke.open_auth_psk(RECIPIENT, bytes(32), bytes(32), psk, b"", bytes(16))
    with pytest.raises(CannotOpen):
        hpke.seal_xwing(bytes(1216), b"")
