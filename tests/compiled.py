"""A template is compiled once in each process of a run, however many consoles and sites are made.

Each console and each site has an environment of its own and compiles what it shows. That is once in
the life of a program; among tests, which make some thousand of them, it took a tenth of the time.
"""

from __future__ import annotations

import functools

import jinja2
from jinja2.bccache import Bucket


class _Kept(jinja2.BytecodeCache):
    """Compiled templates by their key, their source's sum and what the environment does to them."""

    def __init__(self) -> None:
        self._kept: dict[object, bytes] = {}

    def get_bucket(
        self, environment: jinja2.Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """Return what was compiled of this source by such an environment, if anything was."""
        made = (*sorted(environment.extensions), environment.autoescape, environment.undefined)
        key = f"{made}{self.get_cache_key(name, filename)}"
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template what was kept of it."""
        if (kept := self._kept.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def pytest_configure() -> None:
    """Give every environment this process's store, where it names none."""
    made = jinja2.Environment.__init__
    jinja2.Environment.__init__ = functools.partialmethod(made, bytecode_cache=_Kept())  # type: ignore[method-assign, assignment]
