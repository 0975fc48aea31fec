"""Who at a desk speaks which language: marks in the list, a suggestion of an owner, a view.

No member's languages are guessed. Where no member of a desk has said any, nothing is said of
languages at all, so that a desk that does not use this sees none of it.
"""

from dataclasses import dataclass

from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording
from app.console.vault import Transaction
from app.console.vault.collaboration import desks
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import Listed

MINE, UNSPOKEN = "mine", "none"


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks what at each desk.

    By desk: each active member (key, label) with the languages they work in, None if unsaid.
    """

    members: dict[str, list[tuple[str, str, frozenset[str] | None]]]

    def speaks(self, one: Listed, vk: str) -> bool:
        """Say whether a member of the case's desk speaks its language."""
        return any(key == vk for key, _ in self._speakers(one))

    def who(self, one: Listed) -> list[str]:
        """Return labels of those at the case's desk who speak its language."""
        return [label for _, label in self._speakers(one)]

    def suggested(self, tx: Transaction, one: Listed) -> str:
        """Return the key of the one who speaks it and has the fewest open cases; empty for none."""
        able = self._speakers(one)
        if len(able) < 2:
            return able[0][0] if able else ""
        has = case_lists.open_by_owner(tx, [key for key, _ in able])
        return min(able, key=lambda pair: (has.get(pair[0], 0), pair[1]))[0]

    def is_unspoken(self, one: Listed) -> bool:
        """Say whether some at the desk have said what they speak, and none of them this."""
        return bool(one.lang) and self.said(one.home) and not self._speakers(one)

    def spoken(self, one: Listed, own: tuple[str, ...]) -> str:
        """Return MINE, UNSPOKEN for a case that no one looks after, or empty."""
        if any(key in own for key, _ in self._speakers(one)):
            return MINE
        return UNSPOKEN if not one.owner and self.is_unspoken(one) else ""

    def said(self, desk: str) -> bool:
        """Say whether any member of a desk has said what they speak."""
        return any(tags is not None for _, _, tags in self.members.get(desk, ()))

    def of(self, own: tuple[str, ...]) -> tuple[str, ...]:
        """Return what a person speaks, by their keys, at any desk."""
        found = {
            tag
            for members in self.members.values()
            for key, _, tags in members
            if key in own and tags
            for tag in tags
        }
        return tuple(sorted(found))

    def by_desk(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what is spoken at each desk of which anything was said."""
        return tuple(
            (desk, tuple(sorted({tag for _, _, tags in members for tag in tags or ()})))
            for desk, members in self.members.items()
            if self.said(desk)
        )

    def _speakers(self, one: Listed) -> list[tuple[str, str]]:
        tag = wording.primary(one.lang)
        return [
            (key, label)
            for key, label, tags in self.members.get(one.home, ())
            if tag and tags and tag in tags
        ]


def load(tx: Transaction, known: TrustedLine) -> Speakers:
    """Read who speaks what at this console's desks.

    A person's machines speak what any of them was told.
    """
    members = {}
    for desk in known.own_desks():
        said = desks.state(tx, desk)
        people = known.colleagues(desk)
        by_label: dict[str, set[str]] = {}
        for key, label in people:
            if (tags := said.spoken_by(key)) is not None:
                by_label.setdefault(label, set()).update(wording.primary(tag) for tag in tags)
        members[desk] = [
            (key, label, frozenset(by_label[label]) if label in by_label else None)
            for key, label in people
        ]
    return Speakers(members)
