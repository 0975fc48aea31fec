"""Settings: typed, documented, refused in words."""

from __future__ import annotations

import os
import re

import pytest

from app.server.settings import Settings, SettingsError, load

UNITS = "bytes|[Dd]ays|seconds|number|power of two|path|URL|Path|Folder|base64url"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("QUIETLINE_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_unit(name):
    description = Settings.model_fields[name].description or ""
    assert re.search(UNITS, description), f"{name} has no unit"
    assert description.endswith(".")


def test_the_environment_wins_over_the_file(line, monkeypatch, tmp_path):
    file = tmp_path / "server.toml"
    values = line.values(epoch_seconds=30, slots_cap=128)
    file.write_text("\n".join(f"{name} = {str(value)!r}" for name, value in values.items()))
    monkeypatch.setenv("QUIETLINE_EPOCH_SECONDS", "5")
    settings = load(file)
    assert (settings.epoch_seconds, settings.slots_cap) == (5, 128)
    assert settings.database == f"sqlite:///{line.data}/quietline.db"
    assert settings.blobs == line.data / "blobs"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"line_id": "CHANGE-ME"}, "line_id is no line id.*copy it from the agency's line.json"),
        ({"slots_initial": 100}, "slots_initial is not a power of two"),
        ({"slots_initial": 128, "slots_cap": 64}, "slots_initial is above slots_cap"),
        ({"slots_cap": 32_768}, "slots_cap input should be less than or equal to 16384"),
        ({"epoch_seconds": 0}, "epoch_seconds input should be greater than or equal to 1"),
        ({"chunk_extra_days": 13}, "chunk_extra_days input should be greater than or equal to 14"),
        ({"database_url": "sqlite:///:memory:"}, "would lose every message"),
        ({"database_url": "mysql://me:SEKRIT@db/x"}, "neither SQLite.*nor PostgreSQL"),
        ({"database_url": "sqlite:///CHANGEME.db"}, "placeholder"),
        ({"data_folder": "<path>"}, "data_folder still holds a placeholder"),
        ({"epoch_secods": 5}, "There is no setting epoch_secods"),
        ({"workers": 2}, "workers is gone, take it out: a server is one process"),
    ],
)
def test_an_unsafe_or_placeholder_value_is_refused_in_words(line, change, words):
    with pytest.raises(SettingsError, match=words) as refused:
        load(**line.values(**change))
    assert "SEKRIT" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_missing_settings_are_all_named_with_what_they_are():
    with pytest.raises(SettingsError) as refused:
        load()
    said = str(refused.value)
    for name in ("LINE_ID", "DIRECTORY_FILE", "DATA_FOLDER"):
        assert f"QUIETLINE_{name} " in said
    assert "as in line.json" in said


def test_a_file_that_is_missing_or_no_toml_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="There is no settings file"):
        load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("line_id")
    with pytest.raises(SettingsError, match="is not TOML"):
        load(tmp_path / "bad.toml")


def test_a_password_in_the_database_url_does_not_print(line):
    settings = line.settings(database_url=f"sqlite:///{line.folder}/SEKRIT.db")
    assert "SEKRIT" not in repr(settings)
    assert settings.database.endswith("SEKRIT.db")


def test_a_setting_that_is_gone_is_told_of_in_the_environment_as_well(line, monkeypatch):
    monkeypatch.setenv("QUIETLINE_WORKERS", "2")
    with pytest.raises(SettingsError, match=r'for more see "Several servers" in docs/operating.md'):
        line.settings()
