"""Models by pair of languages (``translation_models``), and the language translated into."""

import json
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, delete, insert, select

from app.console.vault.installation.settings import Setting

metadata = MetaData()

# `files` is JSON: the name of each file, its part (model, source, target, shortlist), its SHA-256.
translation_models = Table(
    "translation_models",
    metadata,
    Column("source", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("files", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("at", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model: from which language into which, the SHA-256 (hex) of each of its parts' files.

    Its licence is as whoever brought it named it.
    """

    source: str
    target: str
    files: dict[str, str]
    licence: str

    @property
    def name(self) -> str:
        """The pair, and the beginning of its hash: by what a translation was made."""
        return f"{self.source}-{self.target} {self.files['model'][:8]}"


@dataclass(frozen=True, slots=True)
class Reading(Setting):
    """Into which language what came is translated; empty: nothing is."""

    NAME: ClassVar[str] = "translation"
    target: str = "en"


def keep(tx: Connection, model: StoredModel, now: int) -> None:
    """Keep a model in the place of the one of its pair."""
    remove(tx, model.source, model.target)
    values = {"files": json.dumps(model.files), "licence": model.licence, "at": now}
    row = insert(translation_models).values(source=model.source, target=model.target, **values)
    tx.execute(row)


def remove(tx: Connection, source: str, target: str) -> None:
    """Drop the model of a pair."""
    mine = (translation_models.c.source == source) & (translation_models.c.target == target)
    tx.execute(delete(translation_models).where(mine))


def all_models(tx: Connection) -> list[StoredModel]:
    """Return all models, by their pairs."""
    order = (translation_models.c.source, translation_models.c.target)
    rows = tx.execute(select(translation_models).order_by(*order))
    return [StoredModel(row.source, row.target, json.loads(row.files), row.licence) for row in rows]
