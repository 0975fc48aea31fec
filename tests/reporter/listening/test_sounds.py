"""What may be published as a sound: whole frames of one form, and nothing beside them."""

import pytest

from app.reporter.errors import ContentError
from app.reporter.listening.sounds import SECONDS_MAX, seconds_of
from tests.reporter.listening.sounds import FRAME, HEADER, silence


def test_a_recording_tells_how_long_it_lasts() -> None:
    assert seconds_of(silence(12)) == pytest.approx(12, abs=0.05)


def test_a_padded_frame_is_one_byte_longer() -> None:
    padded = HEADER[:2] + bytes([HEADER[2] | 2]) + HEADER[3:] + bytes(len(FRAME) - 3)
    assert seconds_of(silence(2) + padded + silence(2)) == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "lasts 0 seconds"),
        (silence(0.5), "lasts 0 seconds"),
        (silence(SECONDS_MAX + 1), "lasts 181 seconds"),
        (silence(2)[:-1], "cut off"),
        (silence(2) + b"TAG" + b"Maria".ljust(125, b"\0"), "something that is not MP3"),
        (b"ID3\x03\0\0\0\0\0\x0aMaria" + silence(2), "something that is not MP3"),
        (silence(2) + b"APETAGEX", "something that is not MP3"),
        (b"RIFF" + bytes(4_000), "something that is not MP3"),
        (silence(2) + b"\xff\xf3\x30\x04" + FRAME[4:], "one channel"),
        (silence(2) + b"\xff\xf3\x40\xc4" + FRAME[4:], "24 kbit/s"),
        (silence(2) + b"\xff\xf3\xf0\xc4" + FRAME[4:], "24 kbit/s"),
        (silence(2) + b"\xff\xf3\x34\xc4" + FRAME[4:], "22050 samples"),
        (silence(2) + b"\xff\xf3\x3c\xc4" + FRAME[4:], "22050 samples"),
        (silence(2) + b"\xff", "something that is not MP3"),
    ],
)
def test_anything_else_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        seconds_of(data)
