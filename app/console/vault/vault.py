"""One investigator's vault: an encrypted SQLite file, held by one console at a time.

Making, opening, locking and the two kinds of transaction live here; what is in the tables is the
business of the stores beside this file. A write transaction is durable when it has been left
(SQLCipher, synchronous=FULL): callers may delete on the server after that, never before.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app import sqlite_log
from app.console.errors import (
    DISK_FULL,
    ConsoleError,
    DiskFull,
    VaultDamaged,
    VaultInUse,
    VaultLocked,
    VaultMissing,
    WrongCode,
    WrongPassphrase,
)
from app.console.vault.database import cipher, copying, schema_version
from app.console.vault.keys.header import (
    HEADER_NAME,
    Header,
    Kdf,
    check_new_passphrase,
    read_header,
    write_header,
)
from app.console.vault.keys.wrapping import KEY_BYTES
from app.files import erasing
from app.files.locks import take_lock
from app.protocol.group import Rng
from app.protocol.secrets import Secret
from app.sentences.translatable import said_by, say

Transaction = Connection
"""What the stores beside this file are given, for those who may not know the database."""

DATABASE_NAME = "vault.db"
LOCK_NAME = "vault.lock"
FILES_NAME = "files"
OTHERS_WRITE = 0o022
STEPS = 20_000
"""After so many instructions of SQLite somebody may end what it does: some milliseconds."""
BUSY_MS, CLOSING_MS = 30_000, 300
"""How long what empties the log waits for a reader of it; a lock waits for none."""


class Vault:
    """An open vault. Close it (or use ``with``) to forget the key and let another console in."""

    def __init__(self, folder: Path, engine: Engine, key: Secret, lock: int) -> None:
        self.folder = folder
        self.files = folder / FILES_NAME
        self._engine = engine
        self._key = key
        self._lock = lock
        # SQLite has one writer; waiting here is fairer than its busy handler.
        self._writing = threading.Lock()

    @classmethod
    def create(cls, folder: Path, passphrase: Secret, kdf: Kdf, rng: Rng) -> "Vault":
        """Make the folder (0700), the header and an empty database.

        Raises WeakPassphrase, VaultMissing (there is a vault already), ConsoleError for a folder in
        which another user can write: they could take the vault away, or put another in its place.
        """
        check_new_passphrase(passphrase)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
        if found.st_uid != os.geteuid() or found.st_mode & OTHERS_WRITE:
            raise ConsoleError(
                say(
                    "Others can write in {folder}. Choose a folder that is not there yet.",
                    folder=folder,
                )
            )
        if (folder / HEADER_NAME).exists() or (folder / DATABASE_NAME).exists():
            raise VaultMissing(
                say(
                    "There is already a case store in {folder}. Choose another folder.",
                    folder=folder,
                )
            )
        lock = _take_lock(folder)
        key = Secret(rng(KEY_BYTES))
        write_header(folder, Header.new(kdf, passphrase, key, rng))
        return cls._open(folder, key, lock)

    @classmethod
    def open(cls, folder: Path, passphrase: Secret) -> "Vault":
        """Open a vault. Raises VaultMissing, VaultInUse, WrongPassphrase, VaultDamaged."""
        return cls._unlocked(
            folder,
            lambda header: header.key(passphrase),
            WrongPassphrase(say("This passphrase does not open the case store.")),
        )

    @classmethod
    def open_by_code(cls, folder: Path, code: Secret, passphrase: Secret) -> "Vault":
        """Open it by its recovery code (16 bytes).

        ``keyring.leave_recovery`` must follow, with the same new passphrase. Raises WeakPassphrase,
        WrongCode, and what ``open`` raises.
        """
        check_new_passphrase(passphrase)
        return cls._unlocked(
            folder,
            lambda header: header.recovery.key(code) if header.recovery else None,
            WrongCode(
                say(
                    "This does not open the case store: it belongs to another one, or was replaced "
                    "since."
                )
            ),
        )

    @classmethod
    def open_shared(cls, folder: Path, passphrase: Secret) -> "Vault":
        """Open it although a console of the same version may be at work with it.

        Raises as ``open``, and ConsoleError for a vault that this version would first have to bring
        up to date.
        """
        key = read_header(folder).key(passphrase)
        if key is None:
            raise WrongPassphrase(say("This passphrase does not open the case store."))
        return cls._beside(folder, folder / DATABASE_NAME, key)

    @classmethod
    def beside(cls, other: "Vault", database: Path) -> "Vault":
        """Return a copy of an open vault's database, by the same key."""
        return cls._beside(other.folder, database, other._key)

    @classmethod
    def _beside(cls, folder: Path, database: Path, key: Secret) -> "Vault":
        own = Secret(key.reveal())
        vault = cls(folder, cipher.make_engine(database, own), own, os.open(folder, os.O_RDONLY))
        try:
            with vault.read() as tx:
                schema_version.check(tx)
        except DBAPIError:
            vault.close()
            raise WrongPassphrase(say("This passphrase does not open the case store.")) from None
        except ConsoleError:
            vault.close()
            raise
        return vault

    @classmethod
    def _unlocked(
        cls, folder: Path, key_of: Callable[[Header], Secret | None], wrong: ConsoleError
    ) -> "Vault":
        read_header(folder)
        if not (folder / DATABASE_NAME).exists():
            raise VaultDamaged(
                say(
                    "{folder} has {header_name} but no {database_name}.",
                    folder=folder,
                    header_name=HEADER_NAME,
                    database_name=DATABASE_NAME,
                )
            )
        lock = _take_lock(folder)
        try:
            erasing.settle(folder / HEADER_NAME)
            copying.clear_left(folder)
            key = key_of(read_header(folder))
            if key is None:
                raise wrong
        except BaseException:
            os.close(lock)
            raise
        return cls._open(folder, key, lock)

    @classmethod
    def _open(cls, folder: Path, key: Secret, lock: int) -> "Vault":
        engine = cipher.make_engine(folder / DATABASE_NAME, key)
        vault = cls(folder, engine, key, lock)
        try:
            vault._prepare()
        except BaseException:
            vault.close()
            raise
        return vault

    def _prepare(self) -> None:
        try:
            with self.write() as tx:
                schema_version.prepare(tx)
        except DBAPIError as error:
            # SQLCipher cannot tell a wrong key from a file that is no database.
            if "not a database" in str(error.orig):
                raise WrongPassphrase(
                    say("This passphrase does not open the case store.")
                ) from None
            raise VaultDamaged(
                say("The case store cannot be read: {orig}.", orig=error.orig)
            ) from None
        self.files.mkdir(exist_ok=True, mode=0o700)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a consistent view; nothing may be written in it."""
        self._refuse_if_closed()
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write all or nothing, on the disk once left without an exception. Raises DiskFull."""
        with self._writing:
            self._refuse_if_closed()
            try:
                with self._begun() as connection:
                    yield connection
            except DBAPIError as error:
                if cipher.is_disk_full(error):
                    raise DiskFull(DISK_FULL) from None
                raise

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        with self._engine.connect() as plain:
            connection = plain.execution_options(quietline_write=True)
            with connection.begin():
                yield connection

    def _refuse_if_closed(self) -> None:
        if self.closed:
            raise VaultLocked(say("The case store is locked."))

    def copy_to(self, path: Path, on_step: Callable[[], None] = lambda: None) -> None:
        """Write the database as it is at one moment to a new file, encrypted by the same key.

        Nothing deleted goes along: pages are written anew. ``on_step`` is called now and then; what
        it raises ends the copying. Raises OSError, DiskFull, VaultDamaged.
        """
        self._raw("VACUUM INTO ?", str(path), on_step=on_step)

    @property
    def used_bytes(self) -> int:
        """How many bytes the database has that are in use."""
        pragmas = ("page_count", "freelist_count", "page_size")
        # Some of them come as text.
        pages, free, size = (int(self._raw(f"PRAGMA {pragma}")[0][0]) for pragma in pragmas)
        return (pages - free) * size

    def check(self) -> None:
        """Read every page. Raises VaultDamaged."""
        for pragma in ("cipher_integrity_check", "integrity_check"):
            found = [row[0] for row in self._raw(f"PRAGMA {pragma}")]
            if found not in ([], ["ok"]):
                raise VaultDamaged(say("The case store is damaged: {found}.", found=found[0]))

    def _raw(
        self, statement: str, *values: str, on_step: Callable[[], None] | None = None
    ) -> list[Any]:
        """Run what may not run in a transaction."""
        ended: list[BaseException] = []

        def step() -> int:
            # The library would swallow what is raised here.
            try:
                if on_step is not None:
                    on_step()
            except BaseException as error:
                ended.append(error)
            return len(ended)

        with self._writing, self._engine.connect() as connection:
            self._refuse_if_closed()
            raw = connection.connection.dbapi_connection
            if raw is None:
                raise VaultLocked(say("The case store is locked."))
            if on_step is not None:
                raw.set_progress_handler(step, STEPS)
            try:
                return list(raw.cursor().execute(statement, values).fetchall())
            except cipher.DatabaseError as error:
                if ended:
                    raise ended[0] from None
                if cipher.is_disk_full(error):
                    raise DiskFull(DISK_FULL) from None
                raise VaultDamaged(
                    say("The case store cannot be read or copied: {reason}.", reason=said_by(error))
                ) from None
            finally:
                if on_step is not None:
                    raw.set_progress_handler(None, STEPS)

    @property
    def key(self) -> Secret:
        """The database's key, for the header (``unlocking``). Raises VaultLocked."""
        self._refuse_if_closed()
        return self._key

    def forget_old_pages(self) -> None:
        """Empty and overwrite the write-ahead log, where destroyed keys could linger (sealed)."""
        with self._writing:
            self._refuse_if_closed()
            try:
                self._empty_log(BUSY_MS)
            except cipher.DatabaseError as error:
                raise VaultDamaged(
                    say("The case store cannot be read or copied: {reason}.", reason=said_by(error))
                ) from None

    def _empty_log(self, patience_ms: int) -> None:
        with self._engine.connect() as connection:
            sqlite_log.empty_log(connection.connection.dbapi_connection, patience_ms)

    @property
    def closed(self) -> bool:
        """Whether the vault is closed."""
        return self._lock < 0

    def close(self) -> None:
        """Close the database, forget the key, let go of the lock; twice is harmless.

        The log goes before SQLite deletes it: its blocks would keep what is destroyed another day.
        """
        with self._writing:
            if not self.closed:
                with suppress(DBAPIError, cipher.DatabaseError, OSError):
                    self._empty_log(CLOSING_MS)
            # A thread still at work finds a key of zeros, and no way in.
            self._key.wipe()
            self._engine.dispose()
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1

    def __enter__(self) -> "Vault":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def passphrase_opens(folder: Path, passphrase: Secret) -> bool:
    """Say whether the passphrase is this vault's, asked while the vault is open elsewhere."""
    key = read_header(folder).key(passphrase)
    if key is None:
        return False
    connection: Any = cipher.connect(folder / DATABASE_NAME, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except cipher.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def _take_lock(folder: Path) -> int:
    try:
        return take_lock(folder / LOCK_NAME)
    except BlockingIOError:
        raise VaultInUse(
            say(
                "The case store in {folder} is open in another console. Close or lock that one "
                "first.",
                folder=folder,
            )
        ) from None
