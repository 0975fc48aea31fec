"""What a contributor meets: forms that warn, hooks that fetch nothing, a container as pinned."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FORMS = [
    path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"
]
_WARNING = re.compile(r"never paste a report, an answer, a receipt code", re.IGNORECASE)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_warns_first_and_can_be_filled_in(path: Path) -> None:
    form = _read(path)
    assert form["name"]
    assert form["description"]
    first, *fields = form["body"]
    assert first["type"] == "markdown"
    assert _WARNING.search(first["attributes"]["value"])
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert len({field["id"] for field in fields}) == len(fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_issues_have_forms_and_none_is_blank_so_that_each_is_warned() -> None:
    assert len(FORMS) >= 2
    assert (
        _read(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")["blank_issues_enabled"] is False
    )


def test_a_pull_request_warns_first() -> None:
    text = (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").read_text()
    assert _WARNING.search(text[:300])


def test_hooks_run_what_is_installed_here_and_fetch_nothing() -> None:
    for repository in _read(ROOT / ".pre-commit-config.yaml")["repos"]:
        assert repository["repo"] == "local"
        for hook in repository["hooks"]:
            assert hook["language"] == "system"
            assert "additional_dependencies" not in hook
            assert re.match(
                r"\.venv/bin/|bash -c 'cd app/reporter/client && npm run ", hook["entry"]
            )


def test_the_development_container_begins_with_our_own_debian_and_pulls_nothing() -> None:
    folder = ROOT / ".devcontainer"
    container = json.loads((folder / "devcontainer.json").read_text())
    service = _read(folder / container["dockerComposeFile"])["services"][container["service"]]
    assert "image" not in service
    froms = re.findall(r"^FROM (.*)$", (folder / "Dockerfile").read_text(), re.MULTILINE)
    assert froms == ["localhost/quietline-base"]
    assert f"import - {froms[0]}" in (ROOT / "Makefile").read_text()
    assert container["postCreateCommand"].startswith("make ")
