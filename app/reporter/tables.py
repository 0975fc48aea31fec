"""A TOML table of the content folder that names itself in every complaint."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.reporter.errors import ContentError


@dataclass(frozen=True)
class Table:
    """A table and where it stands: ``where`` begins every complaint about it."""

    table: Mapping[str, Any]
    where: str

    def string(self, key: str) -> str:
        """Return a text. Raises ContentError where there is none."""
        value = self.table.get(key)
        if not isinstance(value, str):
            raise ContentError(f"{self.where}: `{key}` is missing or is not a text.")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], otherwise: str) -> str:
        """Return a text that must be one of some; ``otherwise`` where the key is missing."""
        if key not in self.table:
            return otherwise
        value = self.string(key)
        if value not in allowed:
            raise ContentError(f"{self.where}: `{key}` must be one of {', '.join(allowed)}.")
        return value

    def strings(self, key: str) -> list[str]:
        """Return a list of texts. Raises ContentError."""
        value = self.table.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ContentError(f"{self.where}: `{key}` must be a list of texts.")
        return value

    def within(self, *keys: str) -> "Table":
        """Return the table at that place; an empty one where there is none: it is missed then."""
        table: Any = self.table
        for key in keys:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        path = ".".join(keys)
        before = f"{self.where[:-1]}." if self.where.endswith("]") else f"{self.where}, ["
        return Table(table if isinstance(table, dict) else {}, f"{before}{path}]")

    def rows(self, key: str) -> list["Table"]:
        """Return the tables of a list of tables, none where the key is missing."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise ContentError(f"{self.where}: `{key}` must be written as [[{key}]] tables.")
        return [Table(row, f"{self.where}, {key} {n}") for n, row in enumerate(value, start=1)]


def read_table(path: Path, name: str = "") -> Table:
    """Read a TOML file of the content folder; ``name`` is what complaints call it."""
    name = name or path.name
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), name)
    except FileNotFoundError:
        raise ContentError(
            f"The content folder has no {name}. Your folder may come from an older release. "
            f"`quietline agency init` in another place makes a new one: copy its site/{name} "
            "here, then put your own words into it. site/README.md there says what each file holds."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{name} cannot be read: {error}.") from None
