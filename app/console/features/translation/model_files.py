"""Files of models: found in a folder that an operator brings, kept beside the vault by their hash.

They are public and lie there as they came: whoever sees the disk learns into which languages is
translated here. Each is checked by its hash whenever it is used.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.console.errors import ConsoleError, FileProblem
from app.console.features.translation.storage.kept_models import StoredModel
from app.console.viewer.language_engine import Model
from app.files.bounded_reading import read_at_most
from app.files.writing import PRIVATE, write_whole
from app.sentences.translatable import say

FOLDER = "translation"
"""In the vault's folder."""

FILE_MOST = 150 * 1024**2
MODEL, SOURCE, TARGET, SHORTLIST = "model", "source", "target", "shortlist"
PARTS = (MODEL, SOURCE, TARGET, SHORTLIST)
_NAMES = (
    (re.compile(r"model\.([a-z]{4})\..*bin"), (MODEL,)),
    (re.compile(r"vocab\.([a-z]{4})\.spm"), (SOURCE, TARGET)),
    (re.compile(r"srcvocab\.([a-z]{4})\.spm"), (SOURCE,)),
    (re.compile(r"trgvocab\.([a-z]{4})\.spm"), (TARGET,)),
    (re.compile(r"lex\..*\.([a-z]{4})\.s2t\.bin"), (SHORTLIST,)),
)
"""As Mozilla names them: a pair is two letters of each language."""


@dataclass(frozen=True, slots=True)
class BroughtModel:
    """A model as it was brought: from which language into which, the file of each part."""

    source: str
    target: str
    parts: dict[str, Path]


def look(place: Path) -> list[BroughtModel]:
    """Return the whole models in a folder and its folders, or the one that a file belongs to.

    Raises ConsoleError where there is none.
    """
    folder, only = (place, "") if place.is_dir() else (place.parent, _pair_of(place.name))
    if not place.exists() or (not place.is_dir() and not only):
        raise ConsoleError(say("{place} is no folder of models, and no file of one.", place=place))
    pairs: defaultdict[str, dict[str, Path]] = defaultdict(dict)
    inside = [path for path in folder.iterdir() if path.is_dir()] if not only else []
    for path in sorted(file for one in (folder, *inside) for file in one.iterdir()):
        for pattern, parts in _NAMES:
            if path.is_file() and (named := pattern.fullmatch(path.name)):
                pairs[named[1]] |= dict.fromkeys(parts, path)
    found = [
        BroughtModel(pair[:2], pair[2:], parts)
        for pair, parts in sorted(pairs.items())
        if {MODEL, SOURCE, TARGET} <= parts.keys() and (not only or pair == only)
    ]
    if not found:
        raise ConsoleError(
            say(
                "There is no whole model in {place}. A model is a file model.….bin and its "
                "vocabulary vocab.….spm (or srcvocab and trgvocab), unpacked, as Firefox "
                "Translations names them.",
                place=place,
            )
        )
    return found


def bring(vault: Path, found: BroughtModel, licence: str) -> StoredModel:
    """Copy a model's files to the vault's folder, durably, and return what to keep of it.

    Raises ConsoleError for a file that is too large or cannot be read.
    """
    place = vault / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    hashes = {}
    for part, path in found.parts.items():
        try:
            data = read_at_most(path, FILE_MOST)
        except OSError as error:
            raise ConsoleError(
                say("{name} cannot be read: {strerror}", name=path.name, strerror=error.strerror)
            ) from None
        hashes[part] = hashlib.sha256(data).hexdigest()
        write_whole(place / hashes[part], data, mode=PRIVATE)
    return StoredModel(found.source, found.target, hashes, licence)


def load(vault: Path, kept: StoredModel) -> Model:
    """Return a model's bytes. Raises FileProblem for one that is not there as it was brought."""
    data = {part: _read(vault / FOLDER / hash_, hash_) for part, hash_ in kept.files.items()}
    return Model(data[MODEL], data[SOURCE], data[TARGET], data.get(SHORTLIST, b""))


def is_whole(vault: Path, kept: StoredModel) -> bool:
    """Say whether a model's files are all there; what is in them is checked when they are used."""
    return all((vault / FOLDER / hash_).is_file() for hash_ in kept.files.values())


def tidy(vault: Path, kept: Iterable[StoredModel]) -> None:
    """Remove files that are of no model."""
    named = {hash_ for one in kept for hash_ in one.files.values()}
    place = vault / FOLDER
    for path in place.iterdir() if place.is_dir() else ():
        if path.name not in named:
            path.unlink()


def _read(path: Path, hash_: str) -> bytes:
    try:
        data = read_at_most(path, FILE_MOST)
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != hash_:
        raise FileProblem(
            say(
                "A file of this model is missing or was changed. Bring the model again: "
                "quietline console translation add"
            )
        )
    return data


def _pair_of(name: str) -> str:
    named = (pattern.fullmatch(name) for pattern, _ in _NAMES)
    return next((match[1] for match in named if match), "")
