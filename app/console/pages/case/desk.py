"""What the desk says of a case: triage, notes, duplicates, handing over, history."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.console.cases.case_model import Case
from app.console.cases.transferring import REQUESTED, UNDONE
from app.console.pages import merging
from app.console.rules import deadlines, keeping, referrals, vocabulary, wording
from app.console.rules.changes import DUE, FEEDBACK, LABELS, OWNER, PRIORITY, SNOOZE, STATUS
from app.console.rules.danger import ASSESSED, TAKEN
from app.console.vault.audit_log import HERE, REPORTER, AuditEvent
from app.console.web import view_models
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
        "status": state.get(STATUS) or vocabulary.NEW,
        "priority": state.get(PRIORITY),
        "owner": state.get(OWNER),
        "own_key": own,
        "due_day": state.get(DUE),
        "due": view_models.due(listed, case.now),
        "feedback_asked": listed.due_kind == deadlines.FEEDBACK,
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


def merged(case: Case) -> dict[str, Any]:
    """Return the case that this one was merged into, and those that were merged into it."""
    main = case.listed.merged
    with case.vault.read() as tx:
        linked = merging.lines(tx, case.linked[:MERGE_OFFERED], case.known, case.now)
    return {
        "linked": linked,
        "main": (main, view_models.case_name(main)) if main else None,
        "here": [(one, view_models.case_name(one)) for one in case.merged],
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
        "closed": keeping.is_closed(case.state),
    }


def history(case: Case) -> dict[str, Any]:
    """Return what was done to the case, the latest first, and whether its log is whole."""
    return {"rows": [_row(case, one) for one in case.history], "custody": case.custody}


def _row(case: Case, one: AuditEvent) -> tuple[str, str, str, str]:
    said = said_at(one)
    who = actor_words(case, one)
    return who, _words(case, one), wording.short_time(said, case.now), wording.long_time(said)


def actor_words(case: Case, one: AuditEvent) -> str:
    """Return who did something to the case."""
    own = b64u(case.known.owner.identity.vk)
    who = {REPORTER: say("Reporter"), HERE: say("You"), own: say("You")}.get(one.actor)
    return who or case.known.label_of(one.actor) or wording.has_left()


def said_at(one: AuditEvent) -> int:
    """Return when it was done, in Unix seconds: by the clock of the colleague who did it."""
    at = one.detail.get("said_at")
    return at if isinstance(at, int) and one.actor not in (REPORTER, HERE) else one.at


def act_words(case: Case, one: AuditEvent) -> str:
    """Return what was done to the case, such as "set the priority to urgent"."""
    return _words(case, one)


def _words(case: Case, one: AuditEvent) -> str:
    for of_feature in case.words:
        if said := of_feature(one):
            return said
    detail = one.detail
    name, value = str(detail.get("name", "")), str(detail.get("value", ""))
    if one.what == "set":
        return _set_words(case, name, value)
    if one.what in ("add", "drop") and name == LABELS:
        return {
            "add": say("added the label “{label}”", label=value),
            "drop": say("removed the label “{label}”", label=value),
        }[one.what]
    if name == ASSESSED and one.what in ("add", "drop"):
        return {
            "add": say("assessed what a message says of danger"),
            "drop": say("undid that they had assessed what a message says of danger"),
        }[one.what]
    if name == TAKEN and one.what in ("add", "drop"):
        return {
            "add": say("took the danger that a message tells of"),
            "drop": say("withdrew that they had taken the danger that a message tells of"),
        }[one.what]
    if one.what == "add" and name == "answered":
        return say("told the team of an answer")
    if one.what in ("hand", REQUESTED):
        return _transfer_words(case, one)
    return _plain_words(one) or say(
        "did something this version has no words for ({what})", what=one.what
    )


def _plain_words(one: AuditEvent) -> str | None:
    detail = one.detail
    file = detail.get("file") or say("a file")
    reason = detail.get("reason", "")
    plain = {
        "message": say("wrote"),
        "opened": say("opened the case"),
        "answer": say("answered the reporter"),
        "note": say("wrote a note for the team"),
        "edit": say("edited a note"),
        "private-note": say("wrote a private note"),
        "seen": say("read the case"),
        "saved": say("saved the original of {file}", file=file),
        "flattened": say("saved a flat copy, pixels alone, of {file}", file=file),
        "exported": say("exported the case, decrypted"),
        "copied": say("made a copy with parts taken out: {reason}", reason=reason),
        "interpreter-copy": say("made a page for an interpreter: {who}", who=detail.get("for", "")),
        "destroyed": say("had the case that was here before destroyed; nothing of it is left"),
        "received-from": say(
            "received the case from {line}: {reason}", line=detail.get("line", ""), reason=reason
        ),
        UNDONE: say("undid the transfer before it was sent"),
        "snapshot": say("passed the case on to this console"),
    }
    if one.what == "note" and "about" in detail:
        return say("brought back a translation")
    return plain.get(one.what)


def _transfer_words(case: Case, one: AuditEvent) -> str:
    target = case.known.desk_name(str(one.detail.get("to", "")))
    reason = one.detail.get("reason", "")
    if one.what == REQUESTED:
        return say("asked for a transfer to {team}: {reason}", team=target, reason=reason)
    return say("transferred the case to {team}: {reason}", team=target, reason=reason)


def _set_words(case: Case, name: str, value: str) -> str:
    if name == STATUS:
        return say("set the status to {status}", status=vocabulary.status_words(value))
    if name == PRIORITY:
        words = vocabulary.PRIORITIES.get(value)
        set_to = say("set the priority to {priority}", priority=words)
        return set_to if words else say("removed the priority")
    if name == OWNER:
        label = case.known.label_of(value)
        given = say("assigned the case to {name}", name=label)
        return given if label else say("unassigned the case")
    if name == DUE:
        day = say("set the deadline to {day}", day=value)
        return day if value else say("removed the deadline")
    if name == FEEDBACK:
        day = say("noted that feedback was given on {day}", day=value)
        return day if value else say("removed the note that feedback was given")
    if name == keeping.DESTROY_ON:
        day = say("scheduled the case for destruction on {day}", day=value)
        return day if value else say("cancelled its destruction")
    if name == keeping.LEGAL_HOLD:
        hold = say("put a legal hold on the case: {reason}", reason=value)
        return hold if value else say("released the legal hold")
    if name == SNOOZE:
        day = say("snoozed the case until {day}", day=value)
        return day if value else say("unsnoozed the case")
    if referral := referrals.words(name, value):
        return referral
    if name == "duplicate-of":
        if not value:
            return say("unmerged the case")
        return say("merged it into {case}", case=view_models.case_name(value))
    return say("set {name} to {value}", name=name, value=value)
