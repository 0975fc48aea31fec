"""Frames of the form that is published, without a sound in them."""

from app.reporter.listening.sounds import KILOBITS, RATE

HEADER = b"\xff\xf3\x30\xc4"
"""MPEG-2, layer III, 24 kbit/s, 22,050 Hz, one channel (what LAME writes)."""
FRAME = HEADER + bytes(72_000 * KILOBITS // RATE - len(HEADER))
FRAMES_A_SECOND = RATE / 576


def silence(seconds: float) -> bytes:
    """Return a recording of nothing."""
    return FRAME * round(seconds * FRAMES_A_SECOND)
