"""The vault: everything an investigator's machine keeps, encrypted (SQLCipher), in one folder.

    vault           opening, locking, transactions: read it first
    setup           makes keys, vault and enrolment request
    unlocking       passphrase and recovery code of an open vault, changed
    recovery        a way back into a vault whose passphrase is lost
    database/       the encrypted database: connections, tables, the copy beside it
    keys/           the header, which opens the vault; keys that lie in it
    installation/   who this computer is, its line, its settings, its log
    records/        cases and messages, lists, drafts, notes
    collaboration/  what the members of a desk share, and whether all of it came
    attachments/    files: their bytes, their rows, what was made of them
    search/         the index of everything that can be searched
    custody/        what was done to a case, what of it never leaves
    copies/         backups, and a restored vault's quarantine
    forgetting      a whole case, taken out of every table

Stores are functions on an open transaction; the caller begins and leaves it, so that what belongs
together becomes durable together. Besides, only the ``storage/`` of features uses SQLAlchemy.
"""

from app.console.vault.keys.header import Kdf
from app.console.vault.vault import Transaction, Vault, passphrase_opens
from app.protocol.group import Rng

__all__ = ["Kdf", "Rng", "Transaction", "Vault", "passphrase_opens"]
