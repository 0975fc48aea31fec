"""The one form of sound that is published: MPEG-2 layer III (MP3) frames, one channel.

Every browser decodes it from bytes (Web Audio), also those of old phones: Safari before 18.4 reads
no Opus in Ogg, and chromium as free software no AAC. At 24 kbit/s a minute of speech is 180 kB.

Only frames may be in it: names, places and pictures stand in tags, before or behind them.
ISO/IEC 13818-3, 2.4.2.3, is the source of the numbers below.
"""

from app.reporter.errors import ContentError

RATE = 22_050
"""Samples a second."""
KILOBITS = 24
SECONDS_MIN = 1
SECONDS_MAX = 180
BYTES_MAX = SECONDS_MAX * KILOBITS * 125

# 11 bits of sync, MPEG-2, layer III, no checksum.
_FIRST_TWO = b"\xff\xf3"
_RATES = {0: 22_050, 1: 24_000, 2: 16_000}
_KILOBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MONO = 3
_SAMPLES = 576
_HEADER = 4


def seconds_of(data: bytes) -> float:
    """Return how long a recording lasts.

    Raises ContentError for anything but whole frames of one channel at ``RATE`` and ``KILOBITS``,
    and for one that is too short or too long.
    """
    frames, at = 0, 0
    while at < len(data):
        at += _frame(data[at : at + _HEADER])
        frames += 1
    if at != len(data):
        raise ContentError("its last frame is cut off.")
    seconds = frames * _SAMPLES / RATE
    if not SECONDS_MIN <= seconds <= SECONDS_MAX:
        raise ContentError(
            f"it lasts {seconds:.0f} seconds; from {SECONDS_MIN} to {SECONDS_MAX} are possible."
        )
    return seconds


def _frame(header: bytes) -> int:
    """Return how many bytes a frame has, its header among them."""
    if len(header) < _HEADER or header[:2] != _FIRST_TWO:
        raise ContentError(
            "it holds something that is not MP3 sound of the form that is published."
        )
    rate = _RATES.get(header[2] >> 2 & 3)
    place = header[2] >> 4
    kilobits = _KILOBITS[place] if place < len(_KILOBITS) else 0
    if (rate, kilobits, header[3] >> 6) != (RATE, KILOBITS, _MONO):
        raise ContentError(
            f"it must have one channel, {RATE} samples a second and {KILOBITS} kbit/s."
        )
    return 72_000 * KILOBITS // RATE + (header[2] >> 1 & 1)
