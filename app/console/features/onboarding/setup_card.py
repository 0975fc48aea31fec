"""The card of what is not set up yet: each step of the console and of its features that is lacking.

It goes by itself when nothing is lacking. Whoever dismisses it is not shown it again: that is kept
in their vault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.console.feature import Feature
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting


@dataclass(frozen=True, slots=True)
class SetupCard(Setting):
    """Whether the person has dismissed the card."""

    NAME: ClassVar[str] = "setup_card"
    dismissed: bool = False


def values(
    vault: Vault, known: TrustedLine, features: Sequence[Feature], now: int
) -> dict[str, Any] | None:
    """Return the steps, those that are done marked; None once all are, or the card is dismissed."""
    with vault.read() as tx:
        if settings.load(tx, SetupCard).dismissed:
            return None
    steps = sorted((step for one in features for step in one.setup), key=lambda step: step.order)
    lines = [(step, step.lacking(vault, known, now)) for step in steps]
    if not any(lacking for _, lacking in lines):
        return None
    return {"steps": lines, "done": sum(not lacking for _, lacking in lines)}


def dismiss(vault: Vault) -> None:
    """Show the card no more in this vault."""
    with vault.write() as tx:
        settings.store(tx, SetupCard(dismissed=True))
