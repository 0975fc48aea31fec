"""Garbage is looked for seldom: what a run has imported and collected stays until its end.

Python looks through all that lives each time it has grown by a quarter; among a run's hundreds of
thousands of modules and tests that took a seventh of its time.
"""

from __future__ import annotations

import gc

import pytest

_SELDOM = (50_000, 20, 100)
"""More objects than Python's own 700, 10, 10: so many come and go in one test."""


def pytest_configure() -> None:
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()
