"""What lies in the blocks of a disk, whoever's they are, for one who has the vault's key."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 4_096
_AES = 16


def times_found(disk: bytes, key: bytes, needle: bytes) -> int:
    """How often the needle lies on the disk in what the database's key decrypts.

    Pages are AES in CBC mode: each 16 bytes open with the 16 before them, wherever a page began;
    in a write-ahead log it begins 8 bytes off.
    """
    found, run = 0, bytearray()
    for at in range(0, len(disk) + BLOCK, BLOCK):
        block = disk[at : at + BLOCK]
        if any(block):
            run += block
        elif run:
            found += sum(_opened(bytes(run[off:]), key).count(needle) for off in (0, 8))
            run.clear()
    return found


def _opened(data: bytes, key: bytes) -> bytes:
    data = data[: len(data) // _AES * _AES]
    aes = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    plain = aes.update(data)[_AES:]
    chained = int.from_bytes(plain, "big") ^ int.from_bytes(data[:-_AES], "big")
    return chained.to_bytes(len(plain), "big")
