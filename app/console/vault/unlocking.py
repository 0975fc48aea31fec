"""What opens an open vault: its passphrase and its recovery code, changed. The database stays."""

from dataclasses import replace

from app.console.errors import WrongPassphrase
from app.console.vault.keys.header import (
    Header,
    RecoverySlot,
    check_new_passphrase,
    read_header,
    write_header,
)
from app.console.vault.vault import Vault
from app.protocol.group import Rng
from app.protocol.secrets import Secret
from app.sentences.translatable import say


def recovery(vault: Vault) -> RecoverySlot | None:
    """Return what the header says of a recovery code, if there is one."""
    return read_header(vault.folder).recovery


def change_passphrase(vault: Vault, old: Secret, new: Secret, rng: Rng) -> None:
    """Let ``new`` open the vault, and ``old`` no longer; a kill leaves one of the two.

    Raises WrongPassphrase, WeakPassphrase.
    """
    check_new_passphrase(new)
    header = _proved(vault, old)
    write_header(vault.folder, header.with_passphrase(new, vault.key, rng))


def set_recovery(
    vault: Vault, passphrase: Secret, code: Secret, needed: int, of: int, made: str, rng: Rng
) -> None:
    """Let ``code`` (16 bytes) open the vault, and no earlier one. Raises WrongPassphrase."""
    header = _proved(vault, passphrase)
    slot = RecoverySlot.new(vault.key, code, needed, of, made, rng)
    write_header(vault.folder, replace(header, recovery=slot))


def drop_recovery(vault: Vault, passphrase: Secret) -> None:
    """Let no recovery code open the vault any more. Raises WrongPassphrase."""
    write_header(vault.folder, replace(_proved(vault, passphrase), recovery=None))


def leave_recovery(vault: Vault, passphrase: Secret, rng: Rng) -> None:
    """Let the passphrase open this vault, and the code that opened it no more."""
    header = replace(read_header(vault.folder), recovery=None)
    write_header(vault.folder, header.with_passphrase(passphrase, vault.key, rng))


def _proved(vault: Vault, passphrase: Secret) -> Header:
    header = read_header(vault.folder)
    if header.key(passphrase) != vault.key:
        raise WrongPassphrase(say("This is not the case store's passphrase. Nothing was changed."))
    return header
