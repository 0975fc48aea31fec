"""What is to be done where somebody is in danger: who has the case, its priority, what is new."""

from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import vocabulary, wording
from app.console.web import case_views
from app.protocol.encoding import b64u
from app.sentences.translatable import say
from app.sentences.values import Listing

LIFE_SAFETY = "life-safety"


def danger(case: Case) -> dict[str, Any] | None:
    """Return what stands above a case of danger, and what can be done at once; None elsewhere."""
    listed, known = case.listed, case.known
    unassessed = _unassessed(case)
    set_already = listed.priority == LIFE_SAFETY
    closed = listed.status == vocabulary.CLOSED
    if not unassessed and (closed or not (listed.danger or set_already)):
        return None
    own = b64u(known.owner.identity.vk)
    mine = listed.owner in known.own_keys()
    label = known.label_of(listed.owner) or wording.has_left()
    return {
        "said": listed.danger,
        "unassessed": unassessed,
        "unread_elsewhere": any(not one.read for one in case.unassessed),
        "owner": listed.owner,
        "priority": listed.priority,
        "whose": say("Assigned to you.")
        if mine
        else say("Assigned to {name}.", name=label)
        if listed.owner
        else "",
        "take": own if not mine and own in dict(known.colleagues(listed.home)) else "",
        "can_set": not set_already,
        "answerable": case.origin is None,
    }


def _unassessed(case: Case) -> list[tuple[str, str]]:
    """Say where a triaged case speaks of danger that is not assessed, each with its address.

    Of what is not triaged yet the answer stands there already.
    """
    if not (case.listed.priority or case.listed.status == vocabulary.CLOSED):
        return []
    return [
        (
            f"/cases/{one.case}" if one.case != case.id else f"#message-{one.message}",
            wording.long_time(one.at)
            if one.case == case.id
            else Listing.of((wording.long_time(one.at), case_views.case_name(one.case))),
        )
        for one in case.unassessed
    ]
