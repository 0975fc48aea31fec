"""Tables of features: brought to a vault, changed by later steps, forgotten with a case."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, text

from app.console.errors import VaultDamaged
from app.console.feature import Feature, bring_tables
from app.console.vault import Kdf, Transaction, Vault, forgetting
from app.console.vault.database.feature_tables import FeatureTables
from tests.console.running_line import PASSPHRASE, Line
from tests.console.vault.test_vault import GOOD

metadata = MetaData()
visits = Table(
    "visits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("place", Text, nullable=False),
)
VISITS = FeatureTables(metadata, of_cases=(visits,))


def feature(tables: FeatureTables) -> Feature:
    return Feature("visits", Path(__file__).parent, tables=tables)


def add_a_column(tx: Transaction) -> None:
    tx.execute(text("ALTER TABLE visits ADD COLUMN hour INTEGER"))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.create(tmp_path / "vault", GOOD, Kdf.SYNTHETIC, os.urandom)


def test_they_are_made_once_and_what_is_kept_in_them_stays(vault: Vault) -> None:
    bring_tables(vault, [feature(VISITS)])
    with vault.write() as tx:
        tx.execute(insert(visits).values(case_id="c", place="p"))
    bring_tables(vault, [feature(VISITS)])
    with vault.read() as tx:
        assert tx.execute(select(visits.c.place)).scalars().all() == ["p"]


def test_a_later_step_is_taken_once_and_a_newer_versions_tables_are_left_alone(
    vault: Vault,
) -> None:
    later = FeatureTables(metadata, of_cases=(visits,), later=(add_a_column,))
    bring_tables(vault, [feature(VISITS)])
    bring_tables(vault, [feature(later)])
    bring_tables(vault, [feature(later)])
    with vault.read() as tx:
        assert tx.execute(text("SELECT count(hour) FROM visits")).scalar_one() == 0
    with pytest.raises(VaultDamaged, match="newer version"):
        bring_tables(vault, [feature(VISITS)])


def test_a_destroyed_cases_rows_go_though_the_feature_was_taken_out(still: Line) -> None:
    with still.vault() as vault:
        bring_tables(vault, [feature(VISITS)])
        with vault.write() as tx:
            rows = [{"case_id": one, "place": "p"} for one in ("gone", "stays")]
            tx.execute(insert(visits), rows)
    with Vault.open(still.folder_of("ana"), PASSPHRASE) as vault, vault.write() as tx:
        forgetting.forget_case(tx, "gone", "somebody", 7)
        assert tx.execute(select(visits.c.case_id)).scalars().all() == ["stays"]
