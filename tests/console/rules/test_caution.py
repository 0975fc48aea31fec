"""Cautions before an answer is sent: what would give its reader away, and what would not."""

from __future__ import annotations

import pytest

from app.console.rules import caution


def kinds(text: str, lang: str = "en", reporter: str = "en", safe: str = "yes") -> list[str]:
    found = caution.look(
        text, lang=lang, reporter_lang=reporter, safe=safe, names=["Harbour line", "Support"]
    )
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Call +44 (0)8000 121 700", "phone"),
        ("Call ٠٨٠٠ ١٢١ ٧٠٠ now", "phone"),
        ("See https://x.test/help", "link"),
        ("Look at helpline.org", "link"),
        ("Write to ana@example.org", "mail"),
        ("This is the police", "name"),
        ("We are HARBOUR LINE", "name"),
        ("Somos la policia", "name"),
    ],
)
def test_what_would_give_the_reporter_away_is_found(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Thank you. Are you safe at 22:00?",
        "There were 12 people on 24.11.2026",
        "We can help. Write when you can.",
        "",
    ],
)
def test_what_is_harmless_raises_no_caution(text: str) -> None:
    assert kinds(text) == []


def test_another_language_and_another_script_are_said() -> None:
    assert kinds("Hello", lang="en", reporter="ar") == ["language"]
    assert kinds("Hello", lang="ar", reporter="ar") == ["script"]
    assert kinds("مرحبا", lang="ar", reporter="ar") == []
    assert kinds("Hola", lang="es-MX", reporter="es") == []
    assert kinds("", safe="no") == ["unsafe"]
