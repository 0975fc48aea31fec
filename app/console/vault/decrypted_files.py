"""A file of the vault as its sender had it: decrypted piece by piece, in memory alone."""

from collections.abc import Iterator

from app.console.errors import FileProblem
from app.console.vault.chunk_folders import ChunkFolder
from app.console.vault.files import File
from app.console.vault.vault import Vault
from app.protocol.attachments import decrypt_chunks
from app.protocol.errors import ProtocolError


def plain(vault: Vault, file: File) -> Iterator[bytes]:
    """Yield the file's bytes, piece by piece, decrypted as asked for. Raises FileProblem."""
    try:
        yield from pieces(vault, file)
    except FileNotFoundError:
        raise FileProblem(f"{file.name} is not wholly here yet.") from None
    except ProtocolError:
        raise FileProblem(f"{file.name} was damaged on this disk.") from None


def pieces(vault: Vault, file: File) -> Iterator[bytes]:
    """Yield the same, with the errors as they are.

    Raises FileNotFoundError for a chunk that is not here, ProtocolError for one that does not open.
    """
    folder = ChunkFolder(vault.files, file.folder)
    return decrypt_chunks(file.key, file.chunks, folder.read_all(file.chunks))
