"""Which other cases each of many is linked with: for the list of cases, and for merging."""

from collections.abc import Collection

from app.console.features.links.linking import Rules
from app.console.features.links.storage import shared_values
from app.console.line.trusted_line import TrustedLine
from app.console.occurrences.link_kinds import mark
from app.console.vault import Transaction


def linked_cases(
    tx: Transaction, known: TrustedLine, cases: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the cases that each of these is linked with, that with most in common first.

    As the case's own page says it: without what is ignored, common, or not a match. A case without
    links is left out. It takes five questions to the vault, however many cases there are.
    """
    if not cases:
        return {}
    rules = Rules(tx, known)
    against = shared_values.dismissed_marks(tx, cases)
    ignored: dict[int, bool] = {}
    found: dict[str, dict[str, int]] = {}
    for one in shared_values.shared(tx, cases):
        if one.mine.id not in ignored:
            ignored[one.mine.id] = bool(rules.why_ignored(one.mine))
        link = mark(one.mine.kind, one.mine.value, one.theirs.value)
        if ignored[one.mine.id] or (frozenset((one.case, one.other)), link) in against:
            continue
        others = found.setdefault(one.case, {})
        others[one.other] = others.get(one.other, 0) + 1
    return {
        case: tuple(sorted(others, key=lambda other: (-others[other], other)))
        for case, others in found.items()
    }
