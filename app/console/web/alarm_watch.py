"""Looks every moment for danger, for silence and for a machine that slept, until it is cancelled.

It looks into the vault, not at a sync's report: a message alarms as soon as it is durable, also in
the middle of a long sync, and what a colleague took no longer does.
"""

import asyncio
from contextlib import suppress

import anyio.to_thread

from app.console.errors import VaultLocked
from app.console.web.alarm.alarm_state import look
from app.console.web.running_console import Console
from app.sentences.translatable import say

LOOK_SECONDS = 1.5


async def watch(console: Console) -> None:
    """Look again and again."""
    alarm = console.alarm
    alarm.loop = asyncio.get_running_loop()
    while True:
        alarm.poked.clear()
        try:
            await look_once(console)
        except VaultLocked:
            pass
        except Exception as error:
            # An alarm that fails must be seen to fail, and be tried again.
            alarm.trouble = say(
                "The alarm cannot look ({name}). Look at the list.", name=type(error).__name__
            )
            alarm.tell()
        with suppress(TimeoutError):
            await asyncio.wait_for(alarm.poked.wait(), LOOK_SECONDS)


async def look_once(console: Console) -> None:
    """Look once; a machine that slept locks. Raises VaultLocked, and what reading raises."""
    alarm = console.alarm
    slept = alarm.deafness.slept() > 0 and not console.practice
    if slept:
        await console.woke()
    if console.locked:
        left = console.left
        alarm.hear(deaf=left is not None and left.deaf_at is not None and console.is_past(left))
    else:
        alarm.see(await anyio.to_thread.run_sync(look, console.vault))
        alarm.hear(deaf=alarm.deafness.is_deaf and not console.practice)
    alarm.commands.go_on()
    alarm.settle((console.locked, console.duty, console.left))
