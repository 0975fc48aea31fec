"""What the desk says of a case: triage, notes, duplicates, handing over, history."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.console.cases.case_model import Case
from app.console.pages import merging
from app.console.pages.case.event_words import event_words
from app.console.rules import deadlines, keeping, vocabulary, wording
from app.console.rules.changes import DUE, FEEDBACK, LABELS, OWNER, PRIORITY
from app.console.vault.custody.audit_log import HERE, REPORTER, AuditEvent
from app.console.vault.records import cases
from app.console.web import case_views
from app.protocol.encoding import b64u
from app.sentences.translatable import say
from app.sentences.values import Listing

MERGE_OFFERED = 5
"""Linked cases that a case's own page offers to be merged into."""


def triage(case: Case) -> dict[str, Any]:
    """Return what the form of triage shows: status, urgency, owner, days, languages, labels."""
    listed, state = case.listed, case.state
    people = case.known.colleagues(listed.home)
    if listed.owner and listed.owner not in dict(people):
        people = [*people, (listed.owner, case.known.label_of(listed.owner) or say("Has left"))]
    own = b64u(case.known.owner.identity.vk)
    return {
        "desks": [(desk, case.known.desk_name(desk)) for desk in case.desks()],
        "home": listed.home,
        "status": listed.whole_status,
        "priority": state.get(PRIORITY),
        "owner": state.get(OWNER),
        "own_key": own,
        "due_day": state.get(DUE),
        "due": case_views.due(listed, case.now),
        "plan_due": case_views.plan(listed, case.now),
        "feedback_due": listed.due_kind == deadlines.FEEDBACK,
        "feedback": state.get(FEEDBACK),
        "today": dt.datetime.fromtimestamp(case.now, dt.UTC).date().isoformat(),
        "snoozed": listed.snoozed_why if listed.snoozed_until > case.now else "",
        "language": wording.language(listed.lang) if listed.lang else "",
        "speakers": case.speakers.who(listed),
        "suggested": case.suggested,
        "is_unspoken": case.speakers.is_unspoken(listed),
        "people": [(vk, label, case.speakers.speaks(listed, vk)) for vk, label in people],
        "labels": [(label, state.tags(LABELS, label)) for label in listed.labels],
        "labels_in_use": case.labels_in_use,
        "seen": [
            (case.known.label_of(vk) or wording.has_left(), wording.long_time(stamp[0]))
            for vk, (stamp, _) in sorted(state.seen.items(), key=lambda pair: pair[1])
            if vk != own
        ],
        "shared": len(case.known.colleagues(listed.home)) > 1,
    }


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note of the team's."""

    tag: str
    author: str
    mine: bool
    text: str
    when: str
    when_long: str
    edited: bool
    translated_by: str
    passed_on_by: str
    """Who vouches for it, where its author's own signed word is not here."""


def notes(case: Case) -> dict[str, Any]:
    """Return the team's notes, those that are one's own alone, and the draft of one."""
    own = b64u(case.known.owner.identity.vk)
    vouching = Listing.of(
        sorted(case.known.label_of(vk) or wording.has_left() for vk in case.layers.by)
    )
    team = [
        NoteView(
            tag,
            say("You") if one.author == own else case.known.label_of(one.author) or say("Has left"),
            one.author == own,
            one.now,
            wording.short_time(one.stamp[0], case.now),
            wording.long_time(one.stamp[0]),
            one.edit is not None,
            one.by if one.about else "",
            vouching if case.layers.passed_on(tag) else "",
        )
        for tag, one in case.state.written()
    ]
    private = [
        (one.id, one.text, wording.short_time(one.at, case.now), wording.long_time(one.at))
        for one in case.private
    ]
    return {
        "team": team,
        "private": private,
        "draft": case.note_draft,
        "desk": case.known.desk_name(case.listed.home),
        "count": len(team) + len(private),
    }


def duplicate(case: Case) -> dict[str, Any] | None:
    """Return the case that stands for this one, which is told before all else; None elsewhere.

    One that is not here (yet) is named, and leads nowhere. Of cases merged into each other, all
    round, the one that stays open names none: what was signed of it says closed.
    """
    if not case.listed.merged:
        stays_open = keeping.is_closed(case.state) and case.listed.status != vocabulary.CLOSED
        return {"main": ""} if stays_open else None
    with case.vault.read() as tx:
        main = cases.main_of(tx, case.id)
    here = main != case.id
    main = main if here else case.listed.merged
    return {"main": main, "name": case_views.case_name(main), "here": here}


def merged(case: Case) -> dict[str, Any]:
    """Return the case that this one was merged into, and those that were merged into it."""
    main = case.listed.merged
    with case.vault.read() as tx:
        linked = merging.lines(tx, case.linked[:MERGE_OFFERED], case.known, case.now)
    return {
        "linked": linked,
        "main": (main, case_views.case_name(main)) if main else None,
        "here": [(one, case_views.case_name(one)) for one in case.merged],
    }


def handing(case: Case) -> dict[str, Any] | None:
    """Return where the case may go: only to desks that the reporter chose."""
    home = case.listed.home
    others = [desk for desk in case.listed.desks if desk != home]
    past = [
        (
            case.known.desk_name(one.origin),
            case.known.desk_name(one.target),
            one.reason,
            case.known.label_of(one.stamp[2]) or wording.has_left(),
            wording.long_time(one.stamp[0]),
        )
        for one in sorted(case.state.hands.values(), key=lambda one: one.stamp)
    ]
    return {
        "desks": [(desk, _desk_words(case, desk)) for desk in others],
        "past": past,
        "pending": case.known.desk_name(case.transfer.target) if case.transfer else "",
        "home": case.known.desk_name(home),
    }


def _desk_words(case: Case, desk: str) -> str:
    """Return a desk's name, and what must be known before a case goes there (the directory)."""
    name = case.known.desk_name(desk)
    return {
        "yes": say("{team} (must tell immigration)", team=name),
        "unknown": say("{team} (not known whether they must tell immigration)", team=name),
    }.get(case.known.tells_immigration(desk), name)


def keeping_choice(case: Case) -> dict[str, Any]:
    """Return whether the case is held, or to be destroyed, and what can be done about that."""
    return {
        "reason": case.state.get(keeping.LEGAL_HOLD),
        "day": case.state.get(keeping.DESTROY_ON),
        "closed": case.listed.status == vocabulary.CLOSED,
    }


def history(case: Case) -> dict[str, Any]:
    """Return what was done to the case, the latest first, and whether its log is whole."""
    return {"rows": [_row(case, one) for one in case.history], "custody": case.custody}


def _row(case: Case, one: AuditEvent) -> tuple[str, str, str, str]:
    said = said_at(one)
    what = event_words(case.known, case.words, one)
    times = wording.short_time(said, case.now), wording.long_time(said)
    return actor_words(case, one), what, *times


def actor_words(case: Case, one: AuditEvent) -> str:
    """Return who did something to the case."""
    own = b64u(case.known.owner.identity.vk)
    who = {REPORTER: say("Reporter"), HERE: say("You"), own: say("You")}.get(one.actor)
    return who or case.known.label_of(one.actor) or wording.has_left()


def said_at(one: AuditEvent) -> int:
    """Return when it was done, in Unix seconds: by the clock of the colleague who did it."""
    at = one.detail.get("said_at")
    return at if isinstance(at, int) and one.actor not in (REPORTER, HERE) else one.at
