"""An operator finds every setting in docs/operating.md, as the program knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.server.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented_with_its_default_and_meaning(name: str) -> None:
    field = Settings.model_fields[name]
    default = "needed"
    if not field.is_required():
        default = "none" if field.default is None else f"{field.default:,}"
    assert f"| `{name}` | {default} | {field.description} |" in PAGE


def test_no_setting_is_documented_that_is_not_there() -> None:
    table = PAGE[PAGE.index("## Settings") : PAGE.index("## Backups")]
    documented = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert documented == set(Settings.model_fields)
