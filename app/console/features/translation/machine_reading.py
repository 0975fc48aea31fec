"""Translates what came into the desk's language, behind the sync and one language at a time.

Only texts in a language that models lead from. The language is the one that the message names,
unless the guess is another one and sure: a Thai who reads the English page writes Thai. What was
tried is noted, so that nothing is tried twice with the same models.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import anyio.to_thread

from app.console.errors import FileProblem, VaultLocked
from app.console.features.translation import model_files
from app.console.features.translation.model_routes import route
from app.console.features.translation.storage import kept_models
from app.console.features.translation.storage.kept_models import Reading, StoredModel
from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.search import translated_texts
from app.console.vault.search.translated_texts import Translated, Untranslated
from app.console.viewer.language_engine import CHARACTERS_MOST, is_installed
from app.console.web.running_console import Console
from app.sentences.translatable import say

LOOK_SECONDS = 5.0
AT_ONCE = 50
"""Messages of one round: whatever comes meanwhile is not far behind."""

SURE = 0.9
GUESSED_MIN = 20
"""Characters under which nothing is guessed."""


_Said = TypeVar("_Said")
_Work = Callable[[Sequence[str]], Awaitable[Sequence[_Said]]]
"""Makes something of each of many texts at once."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What is to be translated: a message, the language that it is from, and if that is a guess."""

    message: Untranslated
    source: str
    guessed: bool


class MachineReader:
    """Translates the messages of one console's vault, for as long as it is open."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: tuple[Vault, int, tuple[str, ...], str] | None = None

    async def watch(self) -> None:
        """Translate, and look again, until cancelled."""
        while True:
            tried = 0
            with suppress(VaultLocked, FileProblem):
                tried = await self.read_on()
            if not tried:
                await asyncio.sleep(LOOK_SECONDS)

    async def read_on(self) -> int:
        """Try messages that were not tried, short ones first; return how many.

        Raises VaultLocked, FileProblem.
        """
        console = self._console
        here = is_installed() and console.viewing.machine.bwrap is not None
        if console.locked or not here:
            return 0
        vault = console.vault
        models, target, waiting = await anyio.to_thread.run_sync(self._waiting, vault)
        if not waiting:
            return 0
        texts = await self._texts(vault, waiting, target)
        done = [_in_vain(one, target) for one in texts if not route(models, one.source, target)]
        by_source: defaultdict[str, list[_Text]] = defaultdict(list)
        for one in texts:
            if route(models, one.source, target):
                by_source[one.source].append(one)
        for source, some in by_source.items():
            done += await self._translated(vault, route(models, source, target), some, target)
        await anyio.to_thread.run_sync(partial(_keep, vault, done, console.now()))
        return len(done)

    def _waiting(self, vault: Vault) -> tuple[list[StoredModel], str, list[Untranslated]]:
        with vault.read() as tx:
            models = kept_models.all_models(tx)
            target = settings.load(tx, Reading).target
            if not models or not target:
                return models, target, []
            now = (vault, translated_texts.last(tx), tuple(one.name for one in models), target)
            if now == self._seen:
                return models, target, []
            waiting = translated_texts.untried(tx, target, AT_ONCE)
        if not waiting:
            self._seen = now
        return models, target, waiting

    async def _texts(
        self, vault: Vault, waiting: Sequence[Untranslated], target: str
    ) -> list[_Text]:
        long = [one for one in waiting if len(one.text.strip()) >= GUESSED_MIN]
        guesses: dict[int, tuple[str, float]] = {}
        if long:
            guess_all = partial(self._console.viewing.guessed, hide=vault.folder)
            found = await self._apart(guess_all, [one.text[:2_000] for one in long])
            pairs = zip(long, found, strict=True)
            guesses = {one.message: guess for one, guess in pairs if guess is not None}
        texts = []
        for one in waiting:
            tag, sure = guesses.get(one.message, ("", 0.0))
            named = wording.primary(one.lang)
            guessed = bool(tag) and tag != named and (sure >= SURE or not named)
            source = (tag if guessed else named) or target
            texts.append(_Text(one, source if one.text.strip() else target, guessed))
        return texts

    async def _translated(
        self, vault: Vault, models: Sequence[StoredModel], texts: Sequence[_Text], target: str
    ) -> list[Translated]:
        loads = [partial(model_files.load, vault.folder, one) for one in models]
        by, done = " + ".join(one.name for one in models), []
        translated = partial(self._console.viewing.translated, loads, hide=vault.folder)
        for some in _batches(texts):
            said = await self._apart(translated, [one.message.text for one in some])
            done += [
                _in_vain(one, target) if text is None else _made(one, target, by, text.strip())
                for one, text in zip(some, said, strict=True)
            ]
        return done

    async def _apart(self, work: _Work[_Said], texts: Sequence[str]) -> list[_Said | None]:
        """Return what comes of each text, None for one that fails.

        They go together; where that fails, in halves, so that a hostile one costs no other.
        Raises VaultLocked.
        """
        try:
            return list(await work(texts))
        except FileProblem:
            if self._console.locked:
                raise VaultLocked(say("The case store was locked.")) from None
        if len(texts) == 1:
            return [None]
        half = len(texts) // 2
        return [
            *await self._apart(work, texts[:half]),
            *await self._apart(work, texts[half:]),
        ]


def _batches(texts: Sequence[_Text]) -> list[list[_Text]]:
    batches: list[list[_Text]] = []
    left = 0
    for one in texts:
        size = len(one.message.text)
        if size > left:
            batches.append([])
            left = CHARACTERS_MOST
        batches[-1].append(one)
        left -= size
    return batches


def _made(one: _Text, target: str, by: str, text: str) -> Translated:
    message = one.message
    return Translated(message.message, message.case, one.source, target, one.guessed, by, text)


def _in_vain(one: _Text, target: str) -> Translated:
    return _made(one, target, "", "")


def _keep(vault: Vault, done: Sequence[Translated], now: int) -> None:
    with vault.write() as tx:
        translated_texts.keep(tx, done, now)
