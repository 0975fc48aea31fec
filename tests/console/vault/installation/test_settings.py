"""What a vault keeps once: typed, bounded, and with an answer before it was ever stored."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import text

from app.console.desk.holdings import LastFullSync
from app.console.desk.outgoing import Turn
from app.console.errors import VaultDamaged
from app.console.line.notices import Level, Notice
from app.console.line.questionnaire import Questionnaire
from app.console.sync.outcome import LastSync
from app.console.vault import Vault
from app.console.vault.copies.quarantine import Copy, InService, Quarantine, Retired, TakenIntoUse
from app.console.vault.installation import settings
from app.console.vault.installation.machine_log import ReadUpTo
from app.console.vault.installation.settings import Setting
from app.console.web.login import Theme

KINDS: tuple[type[Setting], ...] = (
    *(Copy, InService, LastFullSync, LastSync, Quarantine, Questionnaire, ReadUpTo, Retired),
    *(TakenIntoUse, Theme, Turn),
)


def test_each_has_a_name_of_its_own_and_an_answer_before_it_is_stored(ana: Vault) -> None:
    # Of a dataclass with slots, Python keeps the class that it was made from as well.
    named = {kind.__qualname__: kind.NAME for kind in Setting.__subclasses__()}
    assert len(set(named.values())) == len(named)
    with ana.write() as tx:
        tx.execute(text("DELETE FROM settings"))
        for kind in KINDS:
            before = settings.load(tx, kind)
            assert before == kind()
            settings.store(tx, before)
            assert settings.load(tx, kind) == before


def test_what_is_stored_last_is_there_and_can_be_forgotten(ana: Vault) -> None:
    kept = LastSync(7, (Notice(Level.ALARM, "One."), Notice(Level.INFO, "Zwei \u2028")))
    with ana.write() as tx:
        settings.store(tx, LastSync(6))
        settings.store(tx, kept)
    with ana.write() as tx:
        assert settings.load(tx, LastSync) == kept
        settings.forget(tx, LastSync)
        assert settings.load(tx, LastSync) == LastSync()


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (Copy, "{"),
        (Copy, "[]"),
        (Copy, '{"made": "7", "moved": false}'),
        (Copy, '{"made": 7, "moved": 1}'),
        (Quarantine, '{"since": 1, "heard": [1]}'),
        (LastSync, '{"at": 1, "notices": [{"level": "deafening", "text": ""}]}'),
    ],
)
def test_a_row_that_is_none_of_its_kind_is_damage_and_no_answer(
    ana: Vault, kind: type[Setting], row: str
) -> None:
    with ana.write() as tx:
        settings.store(tx, kind())
        tx.execute(
            text("UPDATE settings SET value = :row WHERE name = :name"),
            {"row": row, "name": kind.NAME},
        )
        with pytest.raises(VaultDamaged, match=kind.NAME):
            settings.load(tx, kind)


def test_a_setting_of_another_part_is_left_alone(ana: Vault) -> None:
    @dataclass(frozen=True, slots=True)
    class Other(Setting):
        NAME = "of_a_test"
        count: int = 0

    with ana.write() as tx:
        settings.store(tx, Other(3))
        settings.forget(tx, Copy)
        assert settings.load(tx, Other) == Other(3)
