"""Where the sync stands, in words; syncing now."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.console.line.notices import Level, Notice
from app.console.rules import wording
from app.console.vault import Transaction
from app.console.vault.attachments import files
from app.console.vault.collaboration import team
from app.console.vault.records import messages
from app.console.vault.search import translated_texts
from app.console.web.background_sync import SyncState
from app.console.web.reminders import due_now
from app.console.web.render import in_json
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault, our_call
from app.console.web.running_console import Console
from app.sentences.translatable import say

router = APIRouter()

QUIET_SECONDS = 1.0
"""A sync shorter than this is not shown as work."""


@dataclass(frozen=True, slots=True)
class SyncView:
    """The status line: ``tone`` is calm, working or trouble; ``revision`` changes with the list."""

    words: str
    tone: str
    done: int
    total: int
    notices: Sequence[Notice]
    revision: int


@router.get("/status", dependencies=[Depends(our_call)])
def status(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Return, for the script, the status line, how many cases are unread, how many are due."""
    with vault.read() as tx:
        changed = revision(tx)
        unread = messages.unread(tx)
    counts = {"unread": unread, "due": due_now(console)}
    return in_json(request, asdict(sync_view(console, changed)) | counts)


@router.post("/sync")
def sync(console: TheConsole, _: OurForm) -> Response:
    """Ask for a sync now; where it stands is told by the status line."""
    console.ask_for_sync()
    return RedirectResponse("/", status_code=303)


def revision(tx: Transaction) -> int:
    """Return a number that changes whenever a list or a case would be shown otherwise."""
    others = files.changed(tx) + translated_texts.changed(tx)
    return messages.revision(tx) + others + team.latest(tx) * 1_000_003


def sync_view(console: Console, revision: int) -> SyncView:
    """Return what the status line says: the sync at work, its trouble, or when it last was."""
    state = console.sync
    tone = "calm"
    done, total = (state.done, state.total) if _worth_telling(state) else (0, 0)
    if _worth_telling(state):
        tone = "working"
        words = say("{step}…", step=state.step) if state.step else say("Syncing…")
        if state.total:
            words = say(
                "{step}, {done} of {total}", step=state.step, done=state.done, total=state.total
            )
    elif console.practice:
        words = say("Practice: nothing leaves this computer")
    elif state.failure is not None:
        tone, words = "trouble", state.failure
        if state.at is not None:
            words = say(
                "{failure} Last synced {ago}.",
                failure=state.failure, ago=wording.ago(state.at, console.now()),
            )  # fmt: skip
    elif state.at is None:
        words = say("Not synced yet")
    elif console.overdue:
        tone, words = "trouble", say("Last synced {ago}", ago=wording.ago(state.at, console.now()))
    elif any(notice.level is Level.ALARM for notice in state.notices):
        tone = "trouble"
        words = say(
            "Synced {ago}, with an alarm: read the notice", ago=wording.ago(state.at, console.now())
        )
    else:
        words = say("Up to date, {ago}", ago=wording.ago(state.at, console.now()))
    return SyncView(words, tone, done, total, state.notices, revision)


def _worth_telling(state: SyncState) -> bool:
    # Most syncs find nothing and take a moment: a line that flickers each time tells nobody more.
    return state.working and time.monotonic() - state.began > QUIET_SECONDS
