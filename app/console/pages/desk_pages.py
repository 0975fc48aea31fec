"""The desks and who sits at them: new members, alarms, what waits to be shared and when it goes."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.cases import casework, speakers
from app.console.desk import alarms, membership, outgoing, silence, snapshots
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, deadlines, wording
from app.console.rules.deadlines import Periods
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction
from app.console.vault.collaboration import desks, members, team
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter
from app.console.web.render import page
from app.console.web.requests import OurFields, OurForm, SignedIn, TheConsole, TheVault
from app.console.web.sync_status import revision, sync_view
from app.protocol.encoding import b64u
from app.sentences.translatable import say, say_count
from app.sentences.values import Listing

router = APIRouter(prefix="/team")

FEEDBACK_DAYS_MAX = 92
"""Three months have at most so many days."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a desk.

    ``index`` is their place in the directory; ``to_welcome`` says that they are new and that it has
    not been decided yet what they are given.
    """

    index: int
    label: str
    mine: bool
    words: list[str]
    joined: str
    to_welcome: bool
    languages: list[str] | None


@dataclass(frozen=True, slots=True)
class DeskView:
    """A desk of this console's with its members, and how many cases there are to give."""

    id: str
    name: str
    members: list[MemberRow]
    open: int
    all: int
    periods: Periods
    longer: bool
    """Than the Directive allows."""


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the desks, who sits there, what they speak, and what waits between consoles."""
    now = console.now()
    known = trusted_line.load(vault)
    with vault.read() as tx:
        changed = revision(tx)
        values = {
            "desks": [_desk(tx, known, desk, now) for desk in known.own_desks()],
            "tongues": _tongues(tx, known),
            "alarms": alarms.standing(tx) + alarms.never_came(tx, known, now),
            "unshared": team.count_unpacked(tx),
            "queued": team.count_waiting(tx),
            "next_turn": outgoing.next_turn(tx),
        }
    values |= {
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "at_once": console.settings.team_hours == 0,
        "undo": console.undo.offered(),
    }
    return page(request, "team.html", values)


@router.post("/share")
def share(console: TheConsole, vault: TheVault, _: OurForm) -> Response:
    """Share what waits with the next sync, which is asked for."""
    with vault.write() as tx:
        outgoing.share_now(tx)
    console.ask_for_sync()
    return RedirectResponse("/team", status_code=303)


@router.post("/alarms")
def dealt_with(console: TheConsole, vault: TheVault, _: OurForm) -> Response:
    """Drop the alarms: an investigator has read them and acted."""
    with vault.write() as tx:
        alarms.dealt_with(tx, console.now())
    return RedirectResponse("/team", status_code=303)


@router.post("/welcome")
def welcome(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Give a new member the desk's cases: all, the open ones, or none."""
    known, now = trusted_line.load(vault), console.now()
    desk, index, scope = form.get("desk", ""), form.get("index", ""), form.get("scope", "")
    if desk not in known.own_desks() or not (index.isdecimal() and len(index) < 6):
        raise ConsoleError(say("There is no such member in your teams. Nothing was sent."))
    with vault.write() as tx:
        given = snapshots.give(tx, known, desk, int(index), scope, now, console.rng)
    label = known.directory.investigators[int(index)].label if known.directory else ""
    words = say("{name} gets no earlier cases.", name=label)
    if given:
        words = say_count(
            "{count} case will go to {name} with the next sending.",
            "{count} cases will go to {name} with the next sending.",
            given,
            name=label,
        )
    console.undo.add(words, [])
    console.ask_for_sync()
    return RedirectResponse("/team", status_code=303)


@router.post("/languages")
def languages(console: TheConsole, vault: TheVault, fields: OurFields) -> Response:
    """Say at each of the investigator's desks what languages they speak."""
    known, now = trusted_line.load(vault), console.now()
    spoken = [tag for tag in wording.spoken_tags() if tag in fields.get("language", [])]
    with vault.write() as tx:
        for desk in known.own_desks():
            casework.act(tx, known, desk, [changes.speak(" ".join(spoken))], now)
    names = Listing.of(map(wording.language, spoken))
    words = say("Your teams will see that you speak {languages}.", languages=names)
    if not spoken:
        words = say("Your teams will see that you speak none of these languages.")
    console.undo.add(words, [])
    return RedirectResponse("/team", status_code=303)


@router.post("/periods")
def periods(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Set the desk's own deadlines."""
    known, now = trusted_line.load(vault), console.now()
    desk = form.get("desk", "")
    wanted = {
        deadlines.ACKNOWLEDGE_RULE: deadlines.read_days(form.get("acknowledge", "")),
        deadlines.FEEDBACK_RULE: deadlines.read_days(form.get("feedback", "")),
    }
    resting = {
        deadlines.LOOK_DANGER_RULE: form.get("look-danger", ""),
        deadlines.LOOK_URGENT_RULE: form.get("look-urgent", ""),
    }
    looks = {
        name: deadlines.read_days(days, deadlines.LOOK_DAYS_MAX) for name, days in resting.items()
    }
    if desk not in known.own_desks() or None in wanted.values():
        raise ConsoleError(
            say(
                "A period is a number of days from 1 to {days_max}. Nothing was changed.",
                days_max=deadlines.DAYS_MAX,
            )
        )
    if None in looks.values():
        raise ConsoleError(
            say(
                "Danger is looked at again after 1 to {days_max} days. Nothing was changed.",
                days_max=deadlines.LOOK_DAYS_MAX,
            )
        )
    with vault.write() as tx:
        said = [changes.rule(name, str(days)) for name, days in (wanted | looks).items()]
        casework.act(tx, known, desk, said, now)
    console.undo.add(say("The deadlines of {team} are saved.", team=known.desk_name(desk)), [])
    return RedirectResponse("/team", status_code=303)


def _tongues(tx: Transaction, known: TrustedLine) -> list[tuple[str, str, bool]]:
    """Yield each language that can be said, its name, and whether the investigator has said it."""
    mine = speakers.load(tx, known).of(known.own_keys())
    return [(tag, wording.language(tag), tag in mine) for tag in wording.spoken_tags()]


def _desk(tx: Transaction, known: TrustedLine, desk: str, now: int) -> DeskView:
    directory = known.directory
    if directory is None:
        return DeskView(desk, desk, [], 0, 0, Periods(), longer=False)
    journal = VaultLog(tx, known.owner.line.line_id, now)
    new = dict(membership.new_members(tx, desk))
    welcomed = members.welcomes(tx, desk)
    spoken = {key: tags for key, _, tags in speakers.load(tx, known).members.get(desk, [])}
    sitting = []
    for index in sorted(directory.members({desk})):
        one = directory.investigators[index]
        vk = b64u(one.vk)
        head = journal.head(desk, one.vk)
        words = [say_count("{count} change", "{count} changes", head.seq)]
        if vk in welcomed:
            scope, by = (
                welcomed[vk].scope,
                known.label_of(welcomed[vk].author) or wording.has_left(),
            )
            given = {
                "all": say("was given all cases by {name}", name=by),
                "open": say("was given the open cases by {name}", name=by),
            }
            words.append(given.get(scope, say("was given no earlier cases by {name}", name=by)))
        at = silence.since(tx, known, desk, index) if index != known.index else None
        if at is not None and now - at > silence.SILENT_DAYS * DAY:
            words.append(say("not heard since {time}", time=wording.long_time(at)))
        joined = wording.long_time(new[index]) if index in new else ""
        to_welcome = index in new and vk not in welcomed and index != known.index
        tags = spoken.get(vk)
        names = None if tags is None else sorted(map(wording.language, tags))
        sitting.append(
            MemberRow(index, one.label, index == known.index, words, joined, to_welcome, names)
        )
    own, usual = desks.periods(tx, desk), Periods()
    return DeskView(
        desk,
        known.desk_name(desk),
        sitting,
        case_lists.count(tx, CaseFilter(desk=desk, open=True)),
        case_lists.count(tx, CaseFilter(desk=desk)),
        own,
        longer=own.acknowledge > usual.acknowledge or own.feedback > FEEDBACK_DAYS_MAX,
    )
