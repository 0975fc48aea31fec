"""One copy at work behind the pages: made by a thread, so that no page waits for it.

It has the case store opened for itself, by the passphrase that was given for it, as the command
has. A lock, or going on duty, ends it (``clear``): it removes what it had begun to write, and
forgets its key.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.console.errors import ConsoleError, VaultLocked
from app.console.pages.backup import copy_failures
from app.console.pages.backup.copy_failures import JobEnded
from app.console.pages.backup.disks import Disk, folder_path, new_name, opened
from app.console.vault import Vault
from app.console.vault.copies import archive
from app.console.vault.copies.archive import Stage
from app.console.vault.database.copying import HANDED_OUT, clear_handed_out
from app.sentences.translatable import say

END_SECONDS = 2.5
"""A lock waits so long for it: what is left then goes when the case store is opened next, but for
a draft on a disk that takes longer to write four megabytes."""
STAGES = {
    Stage.COPYING: say("Copying the case store"),
    Stage.WRITING: say("Writing the copy"),
    Stage.CHECKING: say("Reading the copy again, to check it"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A copy that is whole: what it is called, on which disk (empty: to download), its bytes."""

    name: str
    disk: str
    size: int
    moved: bool


class BackupJob:
    """The one of a console, from one start to the next."""

    def __init__(self) -> None:
        self.stage = Stage.COPYING
        self.done, self.total = 0, 0
        self.failure: str | None = None
        self.written: Written | None = None
        self.download: Path | None = None
        self.cleared = 0
        """How often it was: what a lock came between is not begun after it."""
        self._one_at_a_time = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    @property
    def working(self) -> bool:
        """Whether one is at work."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def words(self) -> str:
        """What is being done."""
        return STAGES[self.stage]

    @property
    def percent(self) -> int:
        """How much of what is being done is done; 0 where nobody can say."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def key(self) -> str:
        """What changes when a page would look otherwise, but for how far it is."""
        failed, written = self.failure is not None, self.written is not None
        return f"{self.working:d}{failed:d}{written:d}{self.download is not None:d}"

    def to_disk(
        self,
        vault: Vault,
        disk: Disk,
        now: int,
        since: int,
        *,
        move: bool = False,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin one to a disk; ``vault`` is closed at its end, then ``on_end`` is told.

        ``since`` is what ``cleared`` was when it was asked for. Raises ConsoleError if one is at
        work, or the disk has too little room, VaultLocked if a lock came between; then it is
        closed.
        """

        def act() -> Written:
            with opened(disk.mount) as descriptor:
                # Named by the open folder: what is mounted at its path by then is not written to.
                folder = folder_path(descriptor)
                name = new_name(folder, _day(now))
                size = archive.make(vault, folder / name, now, move=move, on_progress=self._hear)
            return Written(name, disk.name, size, move)

        self._begin(vault, act, disk.name, disk.refusal, since, on_end)

    def to_download(self, vault: Vault, now: int, since: int) -> None:
        """Begin one beside the case store, encrypted as it is, for a browser to be given.

        As ``to_disk``.
        """
        target = vault.folder / HANDED_OUT

        def act() -> Written:
            clear_handed_out(vault.folder)
            size = archive.make(vault, target, now, noted=False, on_progress=self._hear)
            self.download = target
            return Written(f"copy-{_day(now)}.tar", "", size, False)

        self._begin(vault, act, "", lambda _: None, since, lambda: None)

    def end(self) -> None:
        """Tell it to end, without waiting."""
        self._ended.set()

    def handed_out(self) -> None:
        """Remove what was made for a download."""
        path, self.download, self.written = self.download, None, None
        if path is not None:
            clear_handed_out(path.parent)

    def clear(self) -> None:
        """End it, wait for that a moment, and forget it."""
        with self._one_at_a_time:
            self.cleared += 1
            self.end()
        if self._thread is not None:
            self._thread.join(END_SECONDS)
        # What is to be downloaded goes when the case store is opened next: a lock takes no time.
        self.failure, self.written, self.download = None, None, None

    def _begin(
        self,
        vault: Vault,
        act: Callable[[], Written],
        disk: str,
        refusal: Callable[[int], str | None],
        since: int,
        on_end: Callable[[], None],
    ) -> None:
        with self._one_at_a_time:
            try:
                if since != self.cleared:
                    raise VaultLocked
                if self.working:
                    raise ConsoleError(say("A copy is being made already. Nothing more was begun."))
                if (why := refusal(archive.size(vault))) is not None:
                    raise ConsoleError(why)
            except BaseException:
                vault.close()
                on_end()
                raise
            self.stage, self.done, self.total = Stage.COPYING, 0, 0
            self.failure, self.written, self.download = None, None, None
            self._ended = threading.Event()
            arguments = (vault, act, disk, on_end)
            self._thread = threading.Thread(target=self._work, args=arguments, daemon=True)
            self._thread.start()

    def _work(
        self, vault: Vault, act: Callable[[], Written], disk: str, on_end: Callable[[], None]
    ) -> None:
        try:
            with vault:
                self.written = act()
        except Exception as error:
            # Whatever it is: the page must say it.
            self.failure = copy_failures.in_words(error, disk)
        finally:
            on_end()

    def _hear(self, stage: Stage, done: int, total: int) -> None:
        if self._ended.is_set():
            raise JobEnded
        self.stage, self.done, self.total = stage, done, total


def _day(now: int) -> str:
    return dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()
