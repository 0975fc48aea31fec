"""The demo's recording: one that is played, and in which nobody speaks."""

from __future__ import annotations

import wave
from array import array
from io import BytesIO

from app.cli.demo import synthetic_recordings
from app.cli.demo.reports import REPORTS


def test_a_report_has_a_recording_that_can_be_heard_and_fits_in_one_chunk() -> None:
    assert sum(one.spoken for one in REPORTS) == 1
    data = synthetic_recordings.hum()
    with wave.open(BytesIO(data)) as sound:
        assert sound.getnframes() == 8 * synthetic_recordings.RATE
        samples = array("h", sound.readframes(sound.getnframes()))
    assert 3_000 < max(samples) < 32_000, "neither silent nor cut off"
    assert len(data) < 262_128
