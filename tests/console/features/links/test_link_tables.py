"""Links come to a vault, are taken out, and come back: what was there already is linked."""

from __future__ import annotations

from sqlalchemy import text

from app.console.feature import bring_tables
from app.console.features.links.links_feature import LINKS
from app.console.features.links.storage import link_index, links
from app.console.vault import Vault, forgetting
from tests.console.features.links.test_linking import PHONE, SAME_PHONE, keep
from tests.console.running_line import PASSPHRASE, Line


def test_what_a_vault_has_already_is_linked_and_no_news_when_links_come_later(
    still: Line,
) -> None:
    with Vault.open(still.folder_of("ana"), PASSPHRASE) as vault:
        one, two = keep(vault, PHONE), keep(vault, SAME_PHONE)
        bring_tables(vault, [LINKS])
        link_index.read_on(vault, 1)
        with vault.read() as tx:
            (value,) = links.values_of(tx, one)
            assert set(links.cases_with(tx, value.id)) == {one, two}
            assert links.news(tx) == []


def test_a_vault_that_had_links_goes_on_without_them(still: Line) -> None:
    with still.vault() as vault:
        one, two = keep(vault, PHONE), keep(vault, SAME_PHONE)
        link_index.read_on(vault, 1)
    with Vault.open(still.folder_of("ana"), PASSPHRASE) as vault:
        three = keep(vault, PHONE)
        with vault.write() as tx:
            forgetting.forget_case(tx, one, "somebody", 7)
        with vault.read() as tx:
            assert links.values_of(tx, one) == []
            assert len(links.values_of(tx, two)) == 1
            assert tx.execute(text("SELECT count(*) FROM link_queue")).scalar_one() == 1
    with still.vault() as vault:
        link_index.read_on(vault, 1)
        with vault.read() as tx:
            (value,) = links.values_of(tx, three)
            assert set(links.cases_with(tx, value.id)) == {two, three}
