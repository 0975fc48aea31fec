"""What alarms now. Held by the console, renewed by ``alarm_watch``, read by every page.

Sounds follow numbers: each that is higher than the one a page was made with is played once, by one
of the windows. So nothing has to be kept in a browser.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter
from app.console.web.alarm.alarm_choices import Voice, voice
from app.console.web.alarm.alarm_commands import Commands
from app.console.web.alarm.deafness import Deafness

ON_DANGER, ON_DEAF = "--on-danger", "--on-deaf"
_UNTAKEN = CaseFilter(open=True, untaken=True)
DANGER_AGAIN, DEAF_AGAIN = 60.0, 300.0
"""After how many seconds it sounds again, while nobody has taken it, or nothing is heard."""


_MUTE = Voice()


@dataclass(frozen=True, slots=True)
class Danger:
    """What a look found.

    How many cases speak of danger that nobody has taken; the first of them, its owner's key (b64u)
    and when it last moved; the number of the newest message that they hang on.
    """

    count: int = 0
    case: str = ""
    owner: str = ""
    at: int = 0
    newest: int = 0
    voice: Voice = _MUTE


def look(vault: Vault) -> Danger:
    """Return what alarms in a vault."""
    with vault.read() as tx:
        chosen = voice(tx, trusted_line.load_in(tx))
        found = case_lists.inbox(tx, _UNTAKEN, limit=1)
        if not found:
            return Danger(voice=chosen)
        (first,) = found
        count, newest = case_lists.count(tx, _UNTAKEN), case_lists.newest_danger(tx)
    return Danger(count, first.id, first.owner, first.last_at, newest, chosen)


class Alarm:
    """What alarms, since when, how often it has sounded.

    ``ticks`` is a clock of seconds that goes on in sleep.
    """

    def __init__(
        self,
        ticks: Callable[[], float],
        deafness: Deafness,
        commands: Commands,
        on_danger: Path | None,
        on_deaf: Path | None,
    ) -> None:
        self._ticks = ticks
        self.deafness = deafness
        self.commands = commands
        self.programs = {ON_DANGER: on_danger, ON_DEAF: on_deaf}
        self.danger = Danger()
        self.deaf = False
        self.trouble = ""
        self.rings = {ON_DANGER: 0, ON_DEAF: 0}
        self.version = 0
        self._newest = 0
        self._rang = dict.fromkeys(self.rings, 0.0)
        self._shown: object = None
        self._changed = asyncio.Event()
        self.poked = asyncio.Event()
        """Set by who has changed something that alarms: the next look comes at once."""
        self.loop: asyncio.AbstractEventLoop | None = None

    def begin(self, found: Danger) -> None:
        """Take what a vault has when it is opened: it is shown, and is no news."""
        self.danger, self.deaf, self.trouble = found, False, ""
        self._newest = found.newest
        self._rang[ON_DANGER] = self._ticks()
        self.deafness.heard()

    def see(self, found: Danger) -> None:
        """Take what a look found: what is new sounds, and has its command run."""
        self.danger = found
        before, self._newest = self._newest, found.newest
        # Lower, once what was newest is taken or destroyed: a row's number may be given again, and
        # what was taken may be nobody's again.
        if found.newest > before:
            self._ring(ON_DANGER)
            self.commands.want(ON_DANGER, self.programs[ON_DANGER])
        elif found.count and self._ticks() - self._rang[ON_DANGER] >= DANGER_AGAIN:
            self._ring(ON_DANGER)

    def renew(self, vault: Vault) -> bool:
        """Look at once, since something was done here: what is taken is off the next page.

        Returns whether more or fewer cases alarm than before.
        """
        before, self.danger = self.danger, look(vault)
        self.poke()
        return before.count != self.danger.count

    def hear(self, *, deaf: bool) -> None:
        """Take whether the line is heard."""
        before, self.deaf = self.deaf, deaf
        if deaf and not before:
            self._ring(ON_DEAF)
            self.commands.want(ON_DEAF, self.programs[ON_DEAF])
        elif deaf and self._ticks() - self._rang[ON_DEAF] >= DEAF_AGAIN:
            self._ring(ON_DEAF)

    def settle(self, place: object) -> None:
        """Tell who waits if anything they show has changed; pages hang on ``place``, too."""
        self.trouble = self.commands.trouble
        shows = (self.danger, self.deaf, self.trouble, tuple(self.rings.values()), place)
        if shows != self._shown:
            self._shown = shows
            self.tell()

    def tell(self) -> None:
        """Let every page that waits look again."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, seconds: float) -> None:
        """Wait until something changes, or for so long."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def poke(self) -> None:
        """Let the next look come at once; from any thread."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.poked.set)

    def clear(self) -> None:
        """Forget what was seen of the vault: it closes."""
        self.danger, self.deaf = Danger(), False
        self.tell()

    def _ring(self, what: str) -> None:
        self.rings[what] += 1
        self._rang[what] = self._ticks()
