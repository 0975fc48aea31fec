"""Who answers for a release: SECURITY.md's contact and key, and the package's maintainer.

The tree has placeholders, since whoever publishes Quietline is who answers. A signed release with
them would send people with a hole in their hands, or whose package does not install, to nobody.
"""

from __future__ import annotations

import re
from pathlib import Path

from deploy.release.source import Failed

_LINE = re.compile(r"^(?P<field>Contact|Encryption): (?P<value>\S+)$", re.MULTILINE)
_MAINTAINER = re.compile(r"^Maintainer: (?P<who>.*)$", re.MULTILINE)
_PERSON = re.compile(r"[^<>\s][^<>]* <[^@<>\s]+@(?P<host>(?:[\w-]+\.)+[A-Za-z]{2,})>")
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


def check_maintainer(source: Path) -> None:
    """Raise Failed unless the Debian package of a source tree names a real maintainer."""
    who = maintainer(source)
    person = _PERSON.fullmatch(who)
    if person is None or _NOBODYS.search(person["host"].lower()):
        raise Failed(
            f"The package's maintainer is {who}, whom nobody reaches: write a name and an address "
            "of yours into deploy/debian/control."
        )


def maintainer(source: Path) -> str:
    """Return who maintains the Debian package of a source tree, as it says. Raises Failed."""
    found = _MAINTAINER.search((source / "deploy" / "debian" / "control").read_text())
    if found is None:
        raise Failed("deploy/debian/control names no Maintainer.")
    return found["who"].strip()


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
