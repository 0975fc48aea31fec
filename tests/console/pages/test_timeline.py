"""Days that a text names stand in the case's timeline, and are never taken for when it came."""

from __future__ import annotations

import re

import pytest

from tests.console.browser import opened
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio

TEXT = "They took us on 12 March 2026. Again 03/04/2026, and on May 5. Until last Friday."


async def test_named_days_lead_to_the_message_and_are_marked_as_named(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        await line.send(TEXT, lang="en")
        await line.sync(vault)
        (message,) = read(vault)
        case, number = message.case, message.id
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
    (nav,) = re.findall(r'<nav class="timeline".*?</nav>', page, re.DOTALL)
    days = re.findall(r"<li><h3>(.*?)</h3>\s*<ol>(.*?)</ol></li>", nav, re.DOTALL)
    named = dict(days)["Thursday 12 March 2026"]
    assert f'<a href="#message-{number}">Named in a text</a>' in named
    assert "<time" not in named, "nobody knows what time of that day"
    unsure = dict(days)["Named in a text, not for sure"]
    assert "3 April 2026 or 4 March 2026" in unsure or "4 March 2026 or 3 April 2026" in unsure
    assert "5 May, year not said" in unsure
    assert next(one for one, _ in days) == "Thursday 12 March 2026", "the days in their order"
    came = next(some for day, some in days if "Report" in some)
    assert "Named in a text" not in came
    assert "Friday" not in "".join(some for _, some in days)
