"""What an entry of a case's custody log says, in words that follow a name: "opened the case"."""

from collections.abc import Sequence

from app.console.cases.case_model import EventWords
from app.console.cases.transferring import REQUESTED, UNDONE
from app.console.line.trusted_line import TrustedLine
from app.console.rules import keeping, referrals, vocabulary
from app.console.rules.changes import DUE, FEEDBACK, LABELS, OWNER, PRIORITY, SNOOZE, STATUS
from app.console.rules.danger import ASSESSED, TAKEN
from app.console.vault.custody.audit_log import AuditEvent
from app.console.web import case_views
from app.sentences.translatable import say, say_as


def event_words(known: TrustedLine, of_features: Sequence[EventWords], one: AuditEvent) -> str:
    """Return what was done to a case, such as "set the priority to urgent"."""
    for of_feature in of_features:
        if said := of_feature(one):
            return said
    detail = one.detail
    name, value = str(detail.get("name", "")), str(detail.get("value", ""))
    if one.what == "set":
        return _set_words(known, name, value)
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
        return _transfer_words(known, one)
    return _plain_words(one) or say(
        "did something this version has no words for ({what})", what=one.what
    )


def _plain_words(one: AuditEvent) -> str | None:
    detail = one.detail
    file = detail.get("file") or say_as("saved the original of", "a file")
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


def _transfer_words(known: TrustedLine, one: AuditEvent) -> str:
    target = known.desk_name(str(one.detail.get("to", "")))
    reason = one.detail.get("reason", "")
    if one.what == REQUESTED:
        return say("asked for a transfer to {team}: {reason}", team=target, reason=reason)
    return say("transferred the case to {team}: {reason}", team=target, reason=reason)


def _set_words(known: TrustedLine, name: str, value: str) -> str:
    if name == STATUS:
        return say("set the status to {status}", status=vocabulary.status_words(value))
    if name == PRIORITY:
        words = vocabulary.PRIORITIES.get(value)
        set_to = say("set the priority to {priority}", priority=words)
        return set_to if words else say("removed the priority")
    if name == OWNER:
        label = known.label_of(value)
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
        return say("merged it into {case}", case=case_views.case_name(value))
    return say("set {name} to {value}", name=name, value=value)
