"""The set-up's cards and posters: made when wanted, left alone while they are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.agency.folder import AgencyFolder
from app.setup.agency import posters_to_carry
from app.setup.agency.posters_to_carry import PostersToCarry
from app.setup.answers_file import FromFile
from app.setup.steps import NotRight
from tests.agency.conftest import Agency, agency
from tests.setup.conftest import DAY

__all__ = ["agency"]


def step(agency: Agency, carried: Path, **answers: str) -> PostersToCarry:
    return PostersToCarry(lambda: AgencyFolder(agency.folder), carried, FromFile(answers), DAY)


def test_a_file_of_answers_makes_them_only_where_it_says_so(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = tmp_path / "quietline-carry"
    assert step(agency, carried).done()
    assert "`quietline agency posters` makes them" in step(agency, carried).found()
    assert step(agency, carried, posters="no").done()
    assert not carried.exists()

    wanted = step(agency, carried, posters="yes")
    assert not wanted.done()
    wanted.do()
    assert (carried / "posters" / "en" / "cards-quiet.pdf").is_file()
    assert "READ-FIRST.txt" in wanted.found()
    assert step(agency, carried, posters="yes").done(), "they are right as they are"

    (agency.folder / "site" / "en" / "posters.toml").write_text('[quiet]\ntitle = "Questions?"\n')
    again = step(agency, carried, posters="yes")
    assert not again.done(), "the agency says something else now"
    monkeypatch.setattr(posters_to_carry, "write_posters", _broken)
    with pytest.raises(NotRight, match=r"no typeface.*Answer no to go on"):
        again.do()
    monkeypatch.setattr(posters_to_carry, "are_current", _broken)
    assert not step(agency, carried, posters="yes").done(), "what is wrong is said where it is made"


def _broken(*_: object, **__: object) -> None:
    raise posters_to_carry.AgencyError("no typeface")
