"""A case's safety plan: what was agreed with the reporter, as fields of the case. Pure.

    signal   what they write when it is not safe, or when somebody else writes in their place
    ways     when and how they can be written to
    knows    who may know, and who must not
    look     the day on which the plan is looked at again

Each is a field that goes to the last writer, so that colleagues have it after their next sync
(spec: team). They are short: what is agreed on is remembered by somebody in danger.
"""

from app.console.rules.deadlines import SAFETY_LOOK, read_day

SIGNAL, WAYS, KNOWS, LOOK = "safety-signal", "safety-ways", "safety-knows", SAFETY_LOOK
MOST = {SIGNAL: 120, WAYS: 300, KNOWS: 300}
"""Characters of each; the day has a form of its own."""


def clean(name: str, text: str) -> str | None:
    """Return a field's value as it is kept, on one line; None for what is too long or no day."""
    kept = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if name == LOOK:
        return kept if not kept or read_day(kept) is not None else None
    return kept if len(kept) <= MOST[name] else None
