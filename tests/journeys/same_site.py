"""The site of a line, rendered once in a process of tests for all lines that would have the same.

A site takes a second to render and does not depend on a line's address or investigators, only on
its id, its day and its agency's texts. So that ids are the same, all lines have the same root.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import Iterator, Mapping
from unittest import mock

from app.agency import rootkey, site
from app.agency.folder import AgencyFolder
from app.protocol.group import Rng

_SEED = bytes(range(rootkey.SEED_BYTES))
_Key = tuple[bytes, str, dt.date, str]
_RENDERED: dict[_Key, Mapping[str, bytes]] = {}


def with_same_root() -> Rng:
    """Return what draws for a new agency: its first draw of so many bytes is the root's seed."""
    seeds = [_SEED]

    def draw(count: int) -> bytes:
        return seeds.pop() if count == len(_SEED) and seeds else os.urandom(count)

    return draw


@contextlib.contextmanager
def rendered_once() -> Iterator[None]:
    """Let the program take what was rendered of the same texts before."""
    render = site.rendered

    def rendered(agency: AgencyFolder, today: dt.date) -> Mapping[str, bytes]:
        line = agency.line()
        key = (line.line_id, line.name, today, _texts(agency))
        if key not in _RENDERED:
            _RENDERED[key] = render(agency, today)
        return _RENDERED[key]

    with mock.patch.object(site, "rendered", rendered):
        yield


def _texts(agency: AgencyFolder) -> str:
    digest = hashlib.sha256((agency.path / "agency.toml").read_bytes())
    for file in sorted((agency.path / "site").rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(agency.path)).encode() + file.read_bytes())
    return digest.hexdigest()
