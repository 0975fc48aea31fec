"""SECURITY.md's contact and key: somebody reads that address, and can decrypt what is sent there.

The tree has placeholders, since whoever publishes Quietline is who answers. A signed release with
them would send people with a hole in their hands to nobody.
"""

from __future__ import annotations

import re
from pathlib import Path

from deploy.release.source import Failed

_LINE = re.compile(r"^(?P<field>Contact|Encryption): (?P<value>\S+)$", re.MULTILINE)
_ADDRESS = re.compile(r"(mailto:[^@\s]+@|https://)(?P<host>(?:[\w-]+\.)+[A-Za-z]{2,})(/\S*)?")
# RFC 2606 and RFC 6761: names that belong to nobody.
_NOBODYS = re.compile(r"(^|\.)((example|invalid|test|localhost)|example\.(com|net|org))\Z")
_AGE = re.compile(r"age1[ac-hj-np-z02-9]{58}")
_OPENPGP = re.compile(r"openpgp4fpr:[0-9A-Fa-f]{40}")
_ARMOUR = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def check(source: Path) -> None:
    """Raise Failed unless SECURITY.md in a source tree names a real contact and a real key."""
    lines = _LINE.findall((source / "SECURITY.md").read_text())
    if sorted(field for field, _ in lines) != ["Contact", "Encryption"]:
        raise Failed("SECURITY.md needs one line 'Contact: …' and one line 'Encryption: …'.")
    values = dict(lines)
    address = _ADDRESS.fullmatch(values["Contact"])
    if address is None or _NOBODYS.search(address["host"].lower()):
        raise Failed(
            f"SECURITY.md sends people to {values['Contact']}, which nobody reads: "
            "name a mailto: or https: address of yours."
        )
    key = values["Encryption"]
    if _OPENPGP.fullmatch(key):
        armoured = source / "SECURITY.asc"
        if not (armoured.is_file() and armoured.read_text().startswith(_ARMOUR)):
            raise Failed("SECURITY.md names an OpenPGP key: put it, armoured, into SECURITY.asc.")
    elif not (_AGE.fullmatch(key) and _checksum_holds(key)):
        raise Failed(
            f"The key in SECURITY.md is none: {key}. Put an age recipient (age1…) or "
            "openpgp4fpr: and a fingerprint there."
        )


def _checksum_holds(recipient: str) -> bool:
    """Say whether the checksum of an age recipient is right (Bech32, BIP-173)."""
    prefix, _, data = recipient.rpartition("1")
    values = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    state = 1
    for value in [*values, *map(_BECH32.index, data)]:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            state ^= generator if top >> bit & 1 else 0
    return state == 1
