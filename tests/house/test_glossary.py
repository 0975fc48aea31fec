"""docs/GLOSSARY.md against the code: what it names is there, what it forbids is not."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house import identifiers, screen_words

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"
_MARKED = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")


class Term(NamedTuple):
    """A row of the glossary."""

    term: str
    meaning: str
    spec: list[str]
    code: list[str]
    never: list[str]


def _terms() -> list[Term]:
    named, _, _ = GLOSSARY.read_text().partition(screen_words.HEADING)
    rows = [line.split("|")[1:-1] for line in named.splitlines() if line[:1] == "|"]
    return [
        Term(row[0].strip(), row[1].strip(), _LINK.findall(row[2]), *map(_MARKED.findall, row[3:]))
        for row in rows
        if row[0].strip() not in {"term", "---"}
    ]


TERMS = _terms()
NEVER = sorted(word for term in TERMS for word in term.never)


@cache
def _program() -> dict[str, set[str]]:
    return identifiers.of_program()


def _uses(word: str) -> dict[str, set[str]]:
    return {name: at for name, at in _program().items() if identifiers.has_word(name, word)}


def _exists(code: str) -> bool:
    """Say whether a file, a module or package, or a name at a module's top is there."""
    if "/" in code:
        return (ROOT / code).is_file()
    path = ROOT.joinpath(*code.split("."))
    if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file():
        return True
    module = path.parent.with_suffix(".py")
    source = module if module.is_file() else path.parent / "__init__.py"
    return source.is_file() and path.name in _names_at_top(source)


def _names_at_top(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_every_row_has_its_five_columns_and_every_term_one_row() -> None:
    assert len(TERMS) >= 40
    assert all(term.term and term.meaning and term.code for term in TERMS)
    assert len({term.term for term in TERMS}) == len(TERMS)
    assert len(set(NEVER)) == len(NEVER)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.term)
def test_what_a_term_names_in_code_and_specification_is_there(term: Term) -> None:
    assert [code for code in term.code if not _exists(code)] == []
    assert [page for page in term.spec if not (GLOSSARY.parent / page).is_file()] == []


def test_a_class_that_a_term_names_has_its_name_alone() -> None:
    """What a term means is read off a class's name: it must not mean something else next door."""
    at: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                at[node.name].append(str(path.relative_to(ROOT)))
    named = {code.rsplit(".", 1)[-1] for term in TERMS for code in term.code}
    assert len(named & set(at)) >= 40
    assert {name: at[name] for name in sorted(named & set(at)) if len(at[name]) > 1} == {}


@pytest.mark.parametrize("word", NEVER)
def test_a_word_that_the_glossary_forbids_is_in_no_identifier(word: str) -> None:
    assert _uses(word) == {}


def test_words_are_found_in_names_of_both_languages_and_not_in_texts() -> None:
    source = 'class OpenDoor:\n    """A wish."""\n\n    def give_up(self, deed): ...\n'
    names = set(identifiers.of_python(source))
    assert names == {"OpenDoor", "give_up", "self", "deed"}
    assert identifiers.has_word("OpenDoor", "door")
    assert identifiers.has_word("GIVE_UP_DAYS", "give_up")
    assert not identifiers.has_word("indoors", "door")
    assert not identifiers.has_word("up_give", "give_up")
    assert "sealBatch" in _program(), "identifiers of JavaScript are read, too"
    assert "app/reporter/client/src/protocol/batch.js" in _program()["sealBatch"]


def test_words_are_found_in_what_templates_and_styles_name_and_not_in_what_people_read() -> None:
    page = """{% include "_told.html" %}
      <p class="wish {{ 'acts' if one.deed else m.purse('door-open') }}" data-shred
         id="heed-{{ n }}" title="{{ _("Nobody") }}">Nobody {{ _("told") }}</p>"""
    names = set(identifiers.of_template(page))
    assert {"wish", "acts", "door-open", "data-shred", "heed-", "deed", "purse"} <= names
    assert not any(
        identifiers.has_word(name, word) for name in names for word in ("nobody", "told")
    )
    sheet = "/* .told */ .wish:not(#door)[data-shred='told'] { --deed: red; color: var(--purse) }"
    assert set(identifiers.of_style(sheet)) == {"wish", "door", "data-shred", "deed", "purse"}
    program = _program()
    assert "app/console/templates/inbox.html" in program["inbox"], "a template by its file's name"
    assert "app/console/static/css/place.css" in program["notice-row"]
    assert "deploy/release/__main__.py" in program["options"]


def test_a_name_that_is_not_there_is_found_out() -> None:
    assert _exists("app.protocol.envelope.seal")
    assert _exists("app.console.vault.Vault")
    assert not _exists("app.protocol.envelope.unseal")
    assert not _exists("app.protocol.no_such_module")
    assert not _exists("app/reporter/client/src/no-such-file.js")
