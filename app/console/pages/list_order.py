"""The order of a list that stands while a case of it is open. Pure.

What is done to a case, a priority above all, gives it another place. Under the hands of somebody
who goes through the list it keeps the old one, so that the next case is the next one that they saw.
"""

from collections.abc import Sequence

STOOD_MAX = 500
"""So many rows of a list are kept in their order: five pages of it."""


def stood(text: str, characters: int) -> list[str]:
    """Return the ids that an address names, parted by dots; what is no id is passed over."""
    usable = [one for one in text.split(".") if len(one) == characters and one.isalnum()]
    return list(dict.fromkeys(usable))[:STOOD_MAX]


def as_it_stood(before: Sequence[str], fresh: Sequence[str]) -> list[str]:
    """Return the cases of a list that stood as ``before``, and as ``fresh`` would be shown now.

    Those that were there keep their order. What has come since stands above them; what only moved
    up from beyond the page's end stands below.
    """
    known = set(before)
    last = max((place for place, one in enumerate(fresh) if one in known), default=-1)
    came = [one for one in fresh[: last + 1] if one not in known]
    beyond = [one for one in fresh[last + 1 :] if one not in known]
    return came + list(before) + beyond if before else list(fresh)
