"""A file of the vault as its sender had it: decrypted piece by piece, in memory alone.

What is in a list of hashes that the agency put here is given to nobody (``hash_lists``): whoever
shows, plays, reads, saves or exports a file has it from ``plain``.
"""

from collections.abc import Iterator

from app.console.errors import FileProblem, ListedFile
from app.console.vault.attachments import hash_lists
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.attachments.files import File
from app.console.vault.vault import Vault
from app.protocol.attachments import decrypt_chunks
from app.protocol.errors import ProtocolError
from app.sentences.translatable import say


def plain(vault: Vault, file: File) -> Iterator[bytes]:
    """Yield the file's bytes, piece by piece, decrypted as asked for.

    Raises FileProblem, ListedFile.
    """
    refuse_listed(vault, file)
    try:
        yield from pieces(vault, file)
    except FileNotFoundError:
        raise FileProblem(say("{name} is not wholly here yet.", name=file.name)) from None
    except ProtocolError:
        raise FileProblem(say("{name} was damaged on this disk.", name=file.name)) from None


def refuse_listed(vault: Vault, file: File) -> None:
    """Raise ListedFile for a file that is in a list, whether or not that was noted before.

    A file that was not compared yet (it has just come) is decrypted for it once; every other costs
    one question to the vault.
    """
    with vault.read() as tx:
        listed, compared = hash_lists.standing(tx, file)
    if not listed and not compared:
        found = digests(vault, file)
        with vault.read() as tx:
            listed = hash_lists.named(tx, found) or ""
    if listed:
        raise ListedFile(hash_lists.words(listed))


def digests(vault: Vault, file: File) -> hash_lists.Digests:
    """Return what lists may know a whole file by; none of one that does not open here."""
    made = hash_lists.Digesting()
    try:
        for piece in pieces(vault, file):
            made.update(piece)
    except (FileNotFoundError, ProtocolError):
        return ()
    return made.digests()


def pieces(vault: Vault, file: File) -> Iterator[bytes]:
    """Yield the same, with the errors as they are.

    Raises FileNotFoundError for a chunk that is not here, ProtocolError for one that does not open.
    """
    folder = ChunkFolder(vault.files, file.folder)
    return decrypt_chunks(file.key, file.chunks, folder.read_all(file.chunks))
