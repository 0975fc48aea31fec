"""Wallets and bank accounts. Those that carry a checksum are checked by python-stdnum. Pure."""

import re
from collections.abc import Iterator

from stdnum import bitcoin, iban

from app.console.occurrences.link_kinds import Kind, Occurrence, Sure

_58 = "1-9A-HJ-NP-Za-km-z"
_BITCOIN = re.compile(rf"\b(?:[13][{_58}]{{25,34}}|(?:bc1|BC1)[02-9A-Za-z]{{11,71}})\b")
_TAPROOT = re.compile(r"bc1p[02-9ac-hj-np-z]{58}")
_ETHEREUM = re.compile(r"\b0x[0-9a-fA-F]{40}\b")
_TRON = re.compile(rf"\bT[{_58}]{{33}}\b")
_MONERO = re.compile(rf"\b[48][0-9AB][{_58}]{{93}}\b")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,40}")
_IBAN_LEAST, _IBAN_MOST = 15, 34


def wallets(plain: str) -> Iterator[Occurrence]:
    """Find Bitcoin with its checksum; Ethereum and its like, Tron, Monero by their form alone."""
    for met in _BITCOIN.finditer(plain):
        value = met[0].lower() if met[0][:3].lower() == "bc1" else met[0]
        if bitcoin.is_valid(value) or _TAPROOT.fullmatch(value):
            yield Occurrence(Kind.WALLET, value, met.start(), met.end(), Sure.SAME)
    for met in _ETHEREUM.finditer(plain):
        yield Occurrence(Kind.WALLET, met[0].lower(), met.start(), met.end(), Sure.SAME)
    for pattern in (_TRON, _MONERO):
        for met in pattern.finditer(plain):
            yield Occurrence(Kind.WALLET, met[0], met.start(), met.end(), Sure.SAME)


def accounts(plain: str) -> Iterator[Occurrence]:
    """Find IBANs whose length and checksum fit their country; words behind one are left off."""
    for met in _IBAN.finditer(plain):
        places = [at for at in range(met.start(), met.end()) if plain[at].isalnum()]
        for length in range(min(len(places), _IBAN_MOST), _IBAN_LEAST - 1, -1):
            value = "".join(plain[at] for at in places[:length]).upper()
            if iban.is_valid(value):
                end = places[length - 1] + 1
                yield Occurrence(Kind.ACCOUNT, value, met.start(), end, Sure.SAME)
                break
