"""Files compared with the lists of hashes that are here; what follows for one that is in a list.

A file that is in a list is opened by nothing of this console
(``vault.attachments.decrypted_files``), its case is marked "never export" for the whole team, and
both stand in the case's history.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.features.abuse_material.gathered_hashes import Read
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes
from app.console.rules.never_export import NEVER_EXPORT, WHOLE_CASE
from app.console.vault import Transaction, Vault
from app.console.vault.attachments import decrypted_files, files, hash_lists
from app.console.vault.attachments.files import File
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.installation import machine_log
from app.console.vault.records import cases

Progress = Callable[[int, int], None]
LISTED = "listed"
"""What the history calls a file that was found in a list."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many different hashes a list has, and the cases with files that are in it."""

    hashes: int
    cases: tuple[str, ...]


def add(
    vault: Vault, name: str, read: Read, now: int, on_progress: Progress = lambda *_: None
) -> Added:
    """Put a list into the vault and compare every file with it, all or nothing.

    Files that were never compared are decrypted for it first, in memory. Raises ConsoleError.
    """
    with vault.read() as tx:
        hash_lists.check_new(tx, name)
        whole = files.whole(tx)
    for place, file in enumerate(whole):
        on_progress(place, len(whole))
        _digest(vault, file)
    known = trusted_line.load(vault)
    found: list[str] = []
    with vault.write() as tx:
        count = hash_lists.add(tx, name, read.gathered, read.sha256, now)
        for file in hash_lists.to_compare(tx):
            if _compare(tx, known, file, now):
                found.append(file.case)
        log = {"name": name, "hashes": count, "sha256": read.sha256}
        machine_log.add(tx, now, machine_log.LIST_ADDED, **log)
    vault.forget_old_pages()
    return Added(count, tuple(dict.fromkeys(found)))


def remove(vault: Vault, name: str, now: int) -> None:
    """Take a list out of the vault; marks stay until somebody removes them. Raises ConsoleError."""
    with vault.write() as tx:
        hash_lists.remove(tx, name)
        machine_log.add(tx, now, machine_log.LIST_REMOVED, name=name)
    compare(vault, now)
    vault.forget_old_pages()


def compare(vault: Vault, now: int, on_progress: Progress = lambda *_: None) -> int:
    """Compare what came since the last time; return how many files are in a list."""
    with vault.read() as tx:
        waiting = hash_lists.to_compare(tx)
    known = trusted_line.load(vault) if waiting else None
    found = 0
    for place, file in enumerate(waiting):
        on_progress(place, len(waiting))
        _digest(vault, file)
        with vault.write() as tx:
            found += known is not None and _compare(tx, known, file, now)
    return found


def _digest(vault: Vault, file: File) -> None:
    """Keep a file's digests, unless they are: each is decrypted once, however many lists come."""
    with vault.read() as tx:
        if hash_lists.digests_of(tx, file):
            return
    digests = decrypted_files.digests(vault, file)
    if digests:
        with vault.write() as tx:
            hash_lists.keep_digests(tx, file, digests)


def _compare(tx: Transaction, known: TrustedLine, file: File, now: int) -> bool:
    """Note whether a file is in a list; mark its case the first time that it is."""
    digests = hash_lists.digests_of(tx, file)
    listed = hash_lists.named(tx, digests) or ""
    if not listed:
        hash_lists.note(tx, file, "", compared=bool(digests))
        return False
    if not file.listed:
        detail = {"file": file.name, "sha256": file.sha256, "list": listed}
        audit_log.record(tx, AuditEvent(file.case, now, HERE, LISTED, detail))
    marked = _mark(tx, known, file.case, now)
    hash_lists.note(tx, file, listed, compared=marked)
    return True


def _mark(tx: Transaction, known: TrustedLine, case: str, now: int) -> bool:
    """Mark a case "never export" for the team; say whether that could be done."""
    found = cases.find(tx, case)
    if found is None:
        return False
    if WHOLE_CASE in cases.state(tx, case, found.home).values(NEVER_EXPORT):
        return True
    try:
        with tx.begin_nested():
            wanted = [changes.add(case, NEVER_EXPORT, WHOLE_CASE)]
            casework.act(tx, known, found.home, wanted, now)
    except ConsoleError:
        # Tried again after each sync; until then this console itself lets nothing of it out.
        return False
    return True
