"""What the owner of a vault, who has its key, can read in its files.

Every page of the database and of its log, used or free (SQLCipher 4: 4,096 bytes, AES-256-CBC, a
16-byte IV and a 64-byte HMAC at each page's end), and what lies beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.console.vault import Vault

PAGE, RESERVED, SALT = 4096, 80, 16
WAL_HEADER, FRAME_HEADER = 32, 24


def everything(vault: Vault) -> bytes:
    """All of it, one after the other."""
    key = vault.key.reveal()
    raw = (vault.folder / "vault.db").read_bytes()
    found = [_page(key, raw[at : at + PAGE], first=at == 0) for at in range(0, len(raw), PAGE)]
    log = vault.folder / "vault.db-wal"
    if log.exists():
        found += [_page(key, page, first=number == 1) for number, page in _frames(log.read_bytes())]
    for path in sorted(vault.folder.rglob("*")):
        if path.is_file() and not path.name.startswith("vault.db"):
            found += [path.name.encode(), path.read_bytes()]
    return b"\n".join(found)


def _frames(log: bytes) -> Iterator[tuple[int, bytes]]:
    for at in range(WAL_HEADER, len(log) - PAGE, FRAME_HEADER + PAGE):
        yield int.from_bytes(log[at : at + 4]), log[at + FRAME_HEADER :][:PAGE]


def _page(key: bytes, page: bytes, *, first: bool) -> bytes:
    body = page[SALT if first else 0 : PAGE - RESERVED]
    iv = page[PAGE - RESERVED :][:16]
    opened = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return opened.update(body) + opened.finalize()
