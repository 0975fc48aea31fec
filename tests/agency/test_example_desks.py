"""A new agency begins with the desks of the example that have people."""

from __future__ import annotations

import tomllib

import pytest

from app.agency.errors import AgencyError
from app.agency.example_desks import keep_desks
from app.agency.texts import example


def test_the_desks_that_were_named_stay_as_they_were() -> None:
    whole = tomllib.loads(example())
    for name in ("support", "police"):
        kept = tomllib.loads(keep_desks(example(), [name]))
        assert kept["desks"] == [desk for desk in whole["desks"] if desk["id"] == name]
        assert {k: v for k, v in kept.items() if k != "desks"} == {
            k: v for k, v in whole.items() if k != "desks"
        }
    assert keep_desks(example(), ["police", "support"]) == example()


def test_an_unknown_desk_is_said_so_with_those_that_are_there() -> None:
    with pytest.raises(AgencyError, match="no desk 'harbour', but: support, police"):
        keep_desks(example(), ["support", "harbour"])
