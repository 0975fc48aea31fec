"""Which models are known to work, by their hashes: ``known_models.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that was tried: its pair, the SHA-256 of its model file (hex), licence, origin."""

    source: str
    target: str
    sha256: str
    licence: str
    origin: str


def find(sha256: str) -> KnownModel | None:
    """Return what is known of a model file, by its SHA-256 (hex)."""
    return next((one for one in _known() if one.sha256 == sha256), None)


@cache
def _known() -> tuple[KnownModel, ...]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(KnownModel(**one) for one in data["model"])
