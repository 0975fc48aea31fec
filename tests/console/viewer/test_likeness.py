"""A picture saved anew, made smaller or a little cut is found again, and no other is."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from app.console.occurrences import similar_pictures
from app.console.viewer.likeness import LIKENESS_BYTES, SIDE, likeness

Change = Callable[[Image.Image], Image.Image]


def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Return a made-up picture: soft light and dark, and some shapes before it."""
    wheel = random.Random(seed)
    light = Image.new("RGB", (12, 9))
    light.putdata([tuple(wheel.randrange(30, 226) for _ in range(3)) for _ in range(108)])
    picture = light.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(wheel.randrange(4, 12)):
        x, y = wheel.randrange(size[0]), wheel.randrange(size[1])
        box = (x, y, x + wheel.randrange(30, 280), y + wheel.randrange(30, 200))
        shape = draw.rectangle if wheel.random() < 0.5 else draw.ellipse
        shape(box, fill=tuple(wheel.randrange(256) for _ in range(3)))
    return picture


def looks(picture: Image.Image) -> str:
    """Return what the console keeps of a picture, made small as the sandbox makes it."""
    small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE))
    value = likeness(small.tobytes(), *small.size)
    assert value is not None
    assert len(value) == LIKENESS_BYTES
    return value.hex()


def saved(quality: int) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        held = io.BytesIO()
        picture.save(held, "JPEG", quality=quality)
        return Image.open(io.BytesIO(held.getvalue()))

    return change


def cut(share: float) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        x, y = int(picture.width * share), int(picture.height * share)
        return picture.crop((x, y, picture.width - x, picture.height - y))

    return change


def stamped(picture: Image.Image) -> Image.Image:
    drawn = picture.copy()
    ImageDraw.Draw(drawn).rectangle((15, 550, 220, 590), fill="white")
    return drawn


SCENES = [scene(seed) for seed in range(25)]
CHANGES: dict[str, tuple[Change, float]] = {
    "saved anew at 30": (saved(30), 1),
    "saved anew at 10": (saved(10), 1),
    "half as wide": (lambda one: one.resize((400, 300)), 1),
    "small, then saved": (lambda one: saved(40)(one.resize((320, 240))), 1),
    "cut by one percent": (cut(0.01), 0.95),
    "cut by two percent": (cut(0.02), 0.75),
    "lighter": (lambda one: ImageEnhance.Brightness(one).enhance(1.15), 1),
    "darker": (lambda one: ImageEnhance.Brightness(one).enhance(0.7), 1),
    "with a white box": (stamped, 1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_picture_is_found_again(name: str) -> None:
    change, least = CHANGES[name]
    again = [(looks(one), looks(change(one))) for one in SCENES]
    found = [one for one in again if similar_pictures.may_be_one(*one)]
    assert len(found) >= least * len(again)
    # What may be one is also compared.
    assert all(similar_pictures.keys(one) & similar_pictures.keys(other) for one, other in found)


def test_other_pictures_are_not_taken_for_it() -> None:
    every = [looks(one) for one in SCENES]
    assert not [pair for pair in combinations(every, 2) if similar_pictures.may_be_one(*pair)]


def test_what_shows_nothing_is_like_nothing() -> None:
    def read(picture: Image.Image) -> bytes | None:
        return likeness(picture.tobytes(), *picture.size)

    assert read(Image.new("RGB", (64, 48), "white")) is None
    assert read(Image.new("RGB", (64, 48), (7, 7, 7))) is None
    assert read(Image.linear_gradient("L").resize((64, 64)).convert("RGB")) is None
    assert read(SCENES[0].resize((64, 6))) is None


def test_likenesses_that_differ_in_so_many_bits_always_share_a_key() -> None:
    wheel = random.Random(1)
    for _ in range(200):
        bits = wheel.getrandbits(128)
        flipped = sum(1 << place for place in wheel.sample(range(128), similar_pictures.ALIKE_BITS))
        one, other = f"{bits:032x}", f"{bits ^ flipped:032x}"
        assert similar_pictures.may_be_one(one, other)
        assert similar_pictures.keys(one) & similar_pictures.keys(other)
        third = f"{bits ^ flipped ^ ((~flipped & (2**128 - 1)) & -(~flipped & (2**128 - 1))):032x}"
        assert not similar_pictures.may_be_one(one, third)
