"""Fuzz the parsers, guided by coverage (atheris): ``python -m tests.fuzz.run FOLDER… -OPTION…``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["app"]):
    from tests.fuzz import targets

if __name__ == "__main__":
    atheris.Setup(sys.argv, targets.one_input)
    atheris.Fuzz()
