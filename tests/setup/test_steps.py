"""Steps: looked at, done, looked at again; tried again where somebody wants to."""

from __future__ import annotations

import pytest

from app.setup.answers_file import FromFile
from app.setup.steps import NotRight, Step, Waits, walk


class Patient(FromFile):
    """Tries again so many times."""

    def __init__(self, times: int) -> None:
        super().__init__({})
        self.times = times

    def try_again(self) -> bool:
        self.times -= 1
        return self.times >= 0


def test_what_is_done_is_looked_at_and_not_done_again(capsys: pytest.CaptureFixture[str]) -> None:
    did: list[str] = []

    def do() -> None:
        did.append("x")

    step = Step("Thing", "It is made.", lambda: bool(did), do, lambda: "It is there.")
    walk([step, step], FromFile({}))
    assert did == ["x"]
    assert capsys.readouterr().out == (
        "\n[1 of 2] Thing\nIt is made.\n✓ It is there.\n\n[2 of 2] Thing\n✓ It is there.\n"
    )


def test_what_did_not_come_out_right_is_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    tries: list[int] = []

    def do() -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise OSError(28, "No space left on device", "/srv/x")
        if len(tries) == 2:
            raise NotRight("Not yet.")

    walk([Step("Thing", "It is made.", lambda: False, do, lambda: "Made.")], Patient(2))
    said = capsys.readouterr().out
    assert said.index("✗ /srv/x: No space left on device.") < said.index("✗ Not yet.")
    assert said.endswith("✓ Made.\n")


def test_nobody_is_there_to_try_again() -> None:
    def wrong() -> str:
        raise NotRight("It is not there.")

    later: list[str] = []
    steps = [
        Step("Thing", "", lambda: True, lambda: None, wrong),
        Step("Later", "", lambda: False, lambda: later.append("x"), lambda: ""),
    ]
    with pytest.raises(NotRight, match="It is not there"):
        walk(steps, FromFile({}))
    assert later == []


def test_what_must_be_carried_first_ends_it() -> None:
    def waits() -> None:
        raise Waits("Carry it.")

    with pytest.raises(Waits):
        walk([Step("Thing", "", lambda: False, waits, lambda: "")], Patient(5))
