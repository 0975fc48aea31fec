"""What the stick says itself: in each of the console's languages, and each sentence in each."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.console.web.reader_languages import CATALOGUES as CONSOLES

STICK = Path(__file__).parents[2] / "deploy" / "stick"
PROGRAMS = STICK / "system/usr/lib/quietline-stick"
LANGUAGES = STICK / "languages"


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return the stick's own module, as it lies on the stick."""
    monkeypatch.syspath_prepend(str(PROGRAMS))
    import sentences

    monkeypatch.delitem(sys.modules, "sentences")
    return sentences


def said() -> set[str]:
    """Return what the screens say: texts in ``say(…)``, and those that a name in it stands for."""
    found: set[str] = set()
    for file in PROGRAMS.glob("*.py"):
        tree = ast.parse(file.read_text())
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_say(node.func):
                for part in ast.walk(node.args[0]):
                    place = named.get(part.id) if isinstance(part, ast.Name) else part
                    found |= _texts(place)
    return found


def _is_say(called: ast.expr) -> bool:
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name in ("say", "_say")


def _texts(node: ast.AST | None) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 1:
        return {node.value} - {"other", "wrong"}
    if isinstance(node, ast.Dict):
        return {text for value in node.values for text in _texts(value)}
    return set()


def test_every_language_says_every_sentence_and_no_other() -> None:
    wanted = said()
    assert {"Switch off", "To practise", "The passphrase is lost", "Connected."} <= wanted
    for file in LANGUAGES.glob("*.po"):
        with file.open("rb") as lines:
            catalogue = read_po(lines, locale=file.stem)
        has = {str(one.id): str(one.string) for one in catalogue if one.id}
        assert set(has) == wanted, file.name
        assert [text for text, translated in has.items() if not translated.strip()] == []


def test_the_stick_speaks_what_the_console_speaks(sentences: object) -> None:
    ours = {path.stem for path in LANGUAGES.glob("*.po")}
    assert ours == {path.stem for path in CONSOLES.glob("*.po")}
    assert {one.replace("-", "_") for one in vars(sentences)["LANGUAGES"]} == {*ours, "en"}


def test_whoever_has_another_keyboard_can_still_type_the_drawn_words(sentences: object) -> None:
    """They are English: a layout of another script has the American one first."""
    layouts = vars(sentences)["LAYOUTS"]
    assert len(layouts) >= 12
    assert all(
        one.startswith("us,")
        for one in layouts
        if one.split(",")[-1] in ("ara", "in", "th", "ua", "vn")
    )


def test_an_unknown_language_is_english(sentences: object) -> None:
    assert vars(sentences)["speak"]("xx")("Switch off") == "Switch off"
