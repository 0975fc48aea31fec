"""The whole way through real Tor: from each browser to a desk, and the answer back."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.journeys.pictures import photograph
from tests.onion import desk, visitors
from tests.onion.line import OnionLine
from tests.onion.visitors import Abilities, Visiting

ANSWER = "You are not alone. Is it safe on Tuesday evenings?"


@pytest.mark.parametrize(
    ("visiting", "given"),
    [
        pytest.param(
            visitors.chromium, Abilities(secure=False, subtle=False, wasm=True), id="chromium"
        ),
        pytest.param(
            visitors.secure_chromium, Abilities(secure=True, subtle=True, wasm=True),
            id="chromium-that-trusts-onions",
        ),
        pytest.param(
            visitors.firefox, Abilities(secure=True, subtle=True, wasm=False),
            id="firefox-like-tor-browser-safer",
        ),
    ],
)  # fmt: skip
def test_a_report_with_a_photo_and_its_answer_go_through_tor(
    line: OnionLine,
    playwright: Playwright,
    tmp_path: Path,
    visiting: Visiting,
    given: Abilities,
    request: pytest.FixtureRequest,
) -> None:
    text = f"They keep our passports. ({request.node.callspec.id})"
    photo = photograph(tmp_path / "photo.jpg", 500, 400)
    line.sync("chris")  # what others in this network sent to them
    with visiting(line, playwright) as visitor:
        code = visitor.report(text, tmp_path / "photo.jpg")
        assert visitor.abilities() == given
        assert len(code.split()) == 12

        message = desk.wait_for(line, "ana", text)
        found = desk.file_hashes(line, "ana", message.case)
        assert found == [hashlib.sha256(photo).hexdigest()]
        assert line.sync("chris")[1]["new_messages"] == 0, "a desk that was not chosen"

        desk.answer(line, "ana", message.case, ANSWER)
        assert visitor.answers(code) == [ANSWER]
