"""Files of an answer that is being written: encrypted when they are chosen, kept like all else.

The plain bytes are read once and go nowhere; what is hashed on the way goes with the answer.
"""

import hashlib
from typing import BinaryIO

from app.console.errors import FileProblem
from app.console.rules.body import DescribedFile, plain_name
from app.console.vault import Rng, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import FOLDER_BYTES, ChunkFolder
from app.protocol.attachments import (
    FILE_BYTES_MAX,
    KEY_BYTES,
    TreeHash,
    chunk_count,
    encrypt_chunks,
)
from app.protocol.errors import ProtocolError
from app.protocol.secrets import Secret
from app.sentences.translatable import say


def add_draft_file(
    vault: Vault, case: str, file: BinaryIO, size: int, name: str, type_: str, rng: Rng
) -> int:
    """Encrypt a file of exactly ``size`` bytes into the vault's folder; return its row.

    The plain bytes are read once and go nowhere. Raises FileProblem.
    """
    if size > FILE_BYTES_MAX:
        raise FileProblem(say("A file may have at most 2 GB."))
    key, folder = Secret(rng(KEY_BYTES)), rng(FOLDER_BYTES).hex()
    hashed = _HashingReader(file)
    chunks = ChunkFolder(vault.files, folder)
    try:
        for index, (_, chunk) in enumerate(encrypt_chunks(hashed, size, key)):
            chunks.write(index, chunk)
    except ProtocolError:
        chunks.remove()
        raise FileProblem(say("The file changed while it was read. Choose it again.")) from None
    except BaseException:
        chunks.remove()
        raise
    ref = DescribedFile(
        key=key.reveal(),
        chunks=chunk_count(size),
        name=plain_name(name),
        type=type_ or "application/octet-stream",
        size=size,
        metadata="original",
        tree=hashed.tree.digest().hex(),
    )
    with vault.write() as tx:
        return files.add_outgoing(tx, case, ref, folder, hashed.plain.hexdigest())


def remove_draft_file(vault: Vault, case: str, file: int) -> None:
    """Take a file back from a draft; do nothing for one that was queued already."""
    with vault.write() as tx:
        chosen = [one for one in files.of_draft(tx, case) if one.id == file]
        for one in chosen:
            files.remove(tx, one.id)
    for one in chosen:
        ChunkFolder(vault.files, one.folder).remove()


class _HashingReader:
    """A stream that hashes what passes, both ways, so that a file is read once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.tree = TreeHash()
        self.plain = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.tree.update(data)
        self.plain.update(data)
        return data
