"""A bucket is named in the settings, and the package that talks to one is not installed."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.parametrize("words", ["run", "doctor", "stats", "backup"])
def test_each_command_says_what_is_missing_and_what_to_do(
    line, command, words, tmp_path, monkeypatch
):
    assert command("migrate")[0] == 0
    monkeypatch.delitem(sys.modules, "app.server.chunks.s3", raising=False)
    parts = [name for name in sys.modules if name.startswith("obstore.")]
    for name in ("obstore", *parts):
        monkeypatch.setitem(sys.modules, name, None)
    given = [words, str(tmp_path / "backup")] if words == "backup" else [words]
    code, said = command(*given, blob_url="s3://bucket/attachments")
    assert code == 1
    assert "obstore, which talks to it, is not installed" in " ".join(said.split())
