"""What comes with a case, put into the vault: files encrypted anew as they pass, then messages."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.console.errors import ConsoleError
from app.console.features.transfer.handing_over import Pieces
from app.console.features.transfer.scope import NEVER
from app.console.rules.body import DescribedFile, plain_name
from app.console.vault import Rng, Transaction, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import FOLDER_BYTES, ChunkFolder
from app.console.vault.records import adding
from app.protocol import bodies
from app.protocol.attachments import (
    FILE_BYTES_MAX,
    KEY_BYTES,
    TreeHash,
    chunk_count,
    encrypt_chunks,
)
from app.protocol.encoding import json_bytes
from app.protocol.secrets import Secret
from app.sentences.translatable import say

AT_MAX = 2**40


@dataclass(frozen=True, slots=True)
class _Here:
    """A file that is encrypted in the vault's folder already."""

    key: bytes
    folder: str
    size: int
    tree: str
    sha256: str


class Filling:
    """One case being put in; ``undo`` takes its files away again."""

    def __init__(self, vault: Vault, rng: Rng) -> None:
        self._vault = vault
        self._rng = rng
        self._here: dict[str, _Here] = {}
        self._folders: list[ChunkFolder] = []

    def add(self, path: str, size: int, pieces: Iterator[bytes]) -> tuple[int, str]:
        """Encrypt a file of exactly ``size`` bytes; return its size and SHA-256 (hex)."""
        if type(size) is not int or not 0 <= size <= FILE_BYTES_MAX:
            raise ConsoleError(
                say("A file of this case has an impossible size. Nothing was saved.")
            )
        key, name = Secret(self._rng(KEY_BYTES)), self._rng(FOLDER_BYTES).hex()
        folder = ChunkFolder(self._vault.files, name)
        self._folders.append(folder)
        tree, digest = TreeHash(), hashlib.sha256()

        def passing() -> Iterator[bytes]:
            for piece in pieces:
                tree.update(piece)
                digest.update(piece)
                yield piece

        for index, (_, chunk) in enumerate(encrypt_chunks(Pieces(passing()), size, key)):
            folder.write(index, chunk)
        sha256 = digest.hexdigest()
        self._here[path] = _Here(key.reveal(), name, size, tree.digest().hex(), sha256)
        return size, sha256

    def message(self, tx: Transaction, case: str, said: dict[str, Any]) -> None:
        """Keep one message of the document, with its files. Raises KeyError, TypeError."""
        received = said["direction"] == "received"
        kind = str(said["kind"]) if received else bodies.REPLY
        if kind in NEVER or kind in (bodies.COVER, "desk"):
            kind = bodies.MESSAGE
        refs = [self._ref(one) for one in said["files"] if "left_out" not in one]
        fields = {
            "kind": kind,
            "v": bodies.VERSION,
            "mid": bodies.new_mid(self._rng),
            "lang": str(said["language"]),
            "text": str(said["text"]),
            "answers": {str(one["id"]): str(one["value"]) for one in said["answers"]},
            "files": [],
        }
        at = said["at"]
        if type(at) is not int or not 0 <= at < AT_MAX:
            raise TypeError("at")
        direction = "in" if received else "out"
        message = adding.add_transferred(tx, case, direction, json_bytes(fields), at, len(refs))
        for place, (ref, folder, sha256) in enumerate(refs):
            files.add_transferred(tx, case, message, place, ref, folder, sha256)

    def undo(self) -> None:
        """Remove what was encrypted for a case that is not kept."""
        for folder in self._folders:
            folder.remove()

    def _ref(self, one: dict[str, Any]) -> tuple[DescribedFile, str, str | None]:
        name, type_ = plain_name(str(one["name"])), str(one["type"])[:100]
        metadata = str(one["hidden_data"])[:20]
        here = self._here.get(str(one["path"]))
        if here is None:
            why = say("This file was not whole at the hotline that passed the case on.")
            return (
                DescribedFile(b"", 0, name, type_, 0, metadata, "", why),
                self._rng(FOLDER_BYTES).hex(),
                None,
            )
        ref = DescribedFile(
            here.key, chunk_count(here.size), name, type_, here.size, metadata, here.tree
        )
        return ref, here.folder, here.sha256
