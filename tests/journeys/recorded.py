"""A line whose agency has recorded some screens: tones, each of a length of its own."""

from __future__ import annotations

import datetime as dt
import math
import time
import wave
from array import array
from pathlib import Path

import httpx

from app.agency import screen_recordings, site
from app.reporter.content import SiteContent
from tests.journeys.line import RunningLine

SECONDS = {
    "safety": 4,
    "text": 8,
    "desks": 12,
    "done": 3,
    "receipt": 60,
    "sending": 15,
    "voice": 6,
    "desk-support": 5,
    "desk-police": 7,
}
"""How long each screen's recording is; together they fill two parts."""
_RATE = 16_000


def tone(path: Path, seconds: int) -> None:
    """Write a recording of somebody who says "aa" for so long."""
    turns = 2 * math.pi * 220 / _RATE
    samples = array("h", (int(8_000 * math.sin(turns * n)) for n in range(seconds * _RATE)))
    with wave.open(str(path), "wb") as made:
        made.setparams((1, 2, _RATE, 0, "NONE", ""))
        made.writeframes(samples.tobytes())


def record(content: SiteContent, screens: dict[str, int], day: dt.date) -> None:
    """Record screens of the English page and take them in, as ``quietline agency listen`` does."""
    folder = content.folder / "listen" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    said = screen_recordings.scripts(content, "en", day)
    for screen, seconds in screens.items():
        tone(folder / f"{screen}.wav", seconds)
        screen_recordings.take(content, "en", screen, said[screen])


def publish(line: RunningLine) -> None:
    """Sign the site anew; return when the server gives it out."""
    data = line.world.data
    day = dt.datetime.now(dt.UTC).date()
    site.write_site(data / "agency", data / "site", passphrase=line.world.passphrase, today=day)
    signed = (data / "site" / "manifest.json").read_bytes()
    deadline = time.monotonic() + 120
    with httpx.Client(base_url=line.url, trust_env=False) as http:
        while time.monotonic() < deadline:
            if http.get("/manifest.json").content == signed:
                return
            time.sleep(0.1)
    raise TimeoutError("the server does not give out the new site")


def give_ears(line: RunningLine) -> None:
    """Record screens of a line, and publish its site with them."""
    record(
        screen_recordings.site_material(line.world.data / "agency"),
        SECONDS,
        dt.datetime.now(dt.UTC).date(),
    )
    publish(line)
