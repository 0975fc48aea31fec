"""What a sync did, and what its investigator should know of the last one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from app.client.line_errors import KeysNotTaken, LineError, LineRefused
from app.console.errors import ConsoleError, ServerLies, VaultLocked, unforeseen
from app.console.line.notices import Level, Notice
from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.sentences.stored_sentences import kept, said
from app.sentences.translatable import said_by, say, say_count
from app.sentences.values import Listing

_DAYS_SHOWN = 3


@dataclass(slots=True)
class SyncReport:
    """What a sync did, in numbers that name nobody, and what the investigator should know.

    ``challenges`` is the SHA-256 of the challenge set; ``missed`` counts what it listed for this
    machine and the server did not deliver. ``keys_not_taken``: the investigators' own address could
    not be reached, so reporters cannot be shown this machine's new keys.
    """

    challenges: bytes = b""
    missed: int = 0
    new_messages: int = 0
    sent: int = 0
    files: int = 0
    files_left: bool = False
    unopenable: int = 0
    keys_destroyed: int = 0
    cases_destroyed: int = 0
    full: bool = False
    keys_not_taken: bool = False
    notices: list[Notice] = field(default_factory=list)

    @property
    def troubled(self) -> bool:
        """Whether something needs a look: a warning or an alarm."""
        return any(notice.level is not Level.INFO for notice in self.notices)


@contextmanager
def noting(report: SyncReport) -> Iterator[None]:
    """Let a step that fails be told and cost itself alone, whatever it tripped over.

    What a colleague or the server sends, or a row of this vault, must not end the sync for good.

    Only these go through: the server is away, so no step can go on; the vault was locked.
    """
    try:
        yield
    except (LineRefused, KeysNotTaken) as error:
        report.keys_not_taken |= isinstance(error, KeysNotTaken)
        report.notices.append(Notice(Level.WARNING, said_by(error)))
    except ServerLies as error:
        report.notices.append(Notice(Level.ALARM, said_by(error)))
    except (LineError, VaultLocked):
        raise
    except ConsoleError as error:
        report.notices.append(Notice(Level.WARNING, said_by(error)))
    except Exception as error:
        report.notices.append(Notice(Level.WARNING, unforeseen(error)))


@dataclass(frozen=True, slots=True)
class LastSync(Setting):
    """When the last sync ended (Unix seconds), None before the first, and what it told."""

    NAME = "last_sync"
    at: int | None = None
    notices: tuple[Notice, ...] = ()


def last_status(vault: Vault) -> LastSync:
    """Return the last sync as the vault remembers it."""
    with vault.read() as tx:
        last = settings.load(tx, LastSync)
    return replace(last, notices=tuple(replace(one, text=said(one.text)) for one in last.notices))


def _stored(one: Notice) -> Notice:
    return replace(one, text=kept(one.text))


def keep(vault: Vault, report: SyncReport, now: int) -> None:
    """Remember a sync that ended at ``now``.

    A vault that was locked meanwhile remembers nothing.
    """
    with suppress(VaultLocked), vault.write() as tx:
        settings.store(tx, LastSync(now, tuple(_stored(one) for one in report.notices)))


def cannot_be_opened(since: list[int]) -> Notice:
    """Return how many messages do not open, by the Unix seconds at which they were first seen.

    No alarm: whoever has the public directory can make one.
    """
    days = Counter(map(wording.day_of, since))
    each = Listing.of(
        say("{count} since {day}", count=count, day=day)
        for day, count in list(days.items())[-_DAYS_SHOWN:]
    )
    return Notice(
        Level.INFO,
        say_count(
            "{count} message on the server cannot be opened with the keys this case store holds "
            "({each}). Anybody can make such messages, so a few mean nothing. They are tried "
            "again. If somebody says that they wrote and you have nothing from them, or if they "
            "become many, tell the agency.",
            "{count} messages on the server cannot be opened with the keys this case store holds "
            "({each}). Anybody can make such messages, so a few mean nothing. They are tried "
            "again. If somebody says that they wrote and you have nothing from them, or if they "
            "become many, tell the agency.",
            len(since),
            each=each,
        ),
    )
