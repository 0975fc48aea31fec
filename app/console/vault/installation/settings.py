"""What a vault keeps of which there is one: a class each, with its bounds, and what holds before.

A class stands beside the code that it is for. Rows are JSON and are read as nothing but what their
class allows (strictly: no text is taken for a number); what there is several of has a table.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.errors import VaultDamaged
from app.console.vault.database.machine_tables import settings
from app.sentences.translatable import say


@dataclass(frozen=True, slots=True)
class Setting:
    """Root of them. Every field has a default: what holds in a vault that has not stored one."""

    NAME: ClassVar[str]
    """The row's key."""


S = TypeVar("S", bound=Setting)


def load(tx: Connection, kind: type[S]) -> S:
    """Return the setting as it was last stored.

    Raises VaultDamaged for a row that is none of its kind.
    """
    chosen = select(settings.c.value).where(settings.c.name == kind.NAME)
    value = tx.execute(chosen).scalar_one_or_none()
    if value is None:
        return kind()
    try:
        found: S = _reader(cast(object, kind)).validate_json(value, strict=True)
    except ValidationError:
        raise VaultDamaged(
            say("The case store is damaged: {name} in it cannot be read.", name=kind.NAME)
        ) from None
    return found


def store(tx: Connection, setting: Setting) -> None:
    """Put a setting in the place of the one before."""
    value = _reader(cast(object, type(setting))).dump_json(setting).decode()
    statement = upsert(settings).values(name=setting.NAME, value=value)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def forget(tx: Connection, kind: type[Setting]) -> None:
    """From here on what holds is what held before it was stored."""
    tx.execute(delete(settings).where(settings.c.name == kind.NAME))


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
