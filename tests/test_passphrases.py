"""A passphrase is measured by how it is guessed, not by how long it is."""

from __future__ import annotations

import pytest

from app.passphrases import weakness
from app.protocol.secrets import Secret


@pytest.mark.parametrize(
    "weak",
    [
        "short words",
        "aaaaaaaaaaaa",
        "password1234",
        "qwertyuiop12",
        "P@ssw0rd!2026",
        "Quietline2026!",
        "0123456789012",
        "trafficking police",
        "iloveyouiloveyouiloveyou",
        "x" * 500,
    ],
)
def test_what_is_tried_first_is_refused_whatever_its_length(weak: str) -> None:
    assert weakness(Secret(weak.encode())) is not None


@pytest.mark.parametrize(
    "good",
    [
        "kettle violet harbour ninety",
        "кошка чайник собака дом",
        "茶壶 紫罗兰 港口 九十 河流 树",
        "kX9#mQ2$vL7pW",
        " ".join(["kettle violet harbour ninety"] * 20),
    ],
)
def test_words_that_do_not_belong_together_are_taken_in_any_script(good: str) -> None:
    assert weakness(Secret(good.encode())) is None


def test_the_lines_own_name_is_no_secret() -> None:
    assert weakness(Secret(b"Harbour House Tips"), "Harbour House Tips") is not None
