"""What links register with the console."""

from pathlib import Path

from app.console.feature import Feature, KeyHelp, Pages, Place, ReadOn, Section, SetupStep, Style
from app.console.features.links import link_pages, link_section, linked_cases, linking
from app.console.features.links.storage import link_index, link_triggers, occurrence_tables
from app.console.line.trusted_line import TrustedLine
from app.console.rules import linked
from app.console.vault import Transaction, Vault
from app.console.vault.collaboration import desks
from app.console.vault.database.feature_tables import FeatureTables
from app.sentences.translatable import say


def _before_case(tx: Transaction, case: str, now: int) -> None:
    link_index.index(tx, now, case=case)


def _no_country(vault: Vault, known: TrustedLine, _: int) -> bool:
    """Say whether a desk has not said whose numbers it reads, or no desk is known yet."""
    own = known.own_desks()
    with vault.read() as tx:
        return not own or not all(desks.state(tx, desk).rule(linked.REGION) for desk in own)


TABLES = FeatureTables(
    occurrence_tables.metadata,
    of_cases=(
        occurrence_tables.link_occurrences,
        occurrence_tables.link_queue,
        occurrence_tables.link_news,
    ),
    then=link_triggers.make,
)

LINKS = Feature(
    name="links",
    folder=Path(__file__).parent,
    pages=(Pages(link_pages.router),),
    places=(Place("/links", say("Links"), 40, hint=say("What cases have in common")),),
    sections=(
        Section("links", say("Links"), link_section.links, 90, "links/section.html", tab="links"),
    ),
    styles=(Style("links.css"),),
    scripts=("walk.js",),
    keys=(KeyHelp(("←", "→", "↑", "↓"), say("In the link chart, from box to box")),),
    words=link_section.words,
    tables=TABLES,
    before_case=_before_case,
    read_on=ReadOn(say("Looking for links"), link_index.read_on),
    notices=linking.notices,
    setup=(
        SetupStep(
            say("Say whose phone numbers your teams read"),
            say("Until then a number without its country's code links nothing."),
            "/links",
            _no_country,
            20,
        ),
    ),
    linked_cases=linked_cases.linked_cases,
)
