"""``quietline server doctor``: words, JSON, exit codes; and it changes nothing."""

from __future__ import annotations

import json

from app.server.operations.doctor import machine as machines
from tests.server.admission.test_shared import SECRET, Store, store  # noqa: F401


def doctored(command, installation, monkeypatch, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(machines, "Machine", lambda now: installation.machine)
    return command("doctor", *words, blob_quota_bytes=2**30, **installation.changes)


def test_the_command_says_it_in_words_and_json_and_by_its_exit_code(
    installation, command, monkeypatch
):
    code, said = doctored(command, installation, monkeypatch)
    assert (code, "Nothing wrong was found" in said) == (0, True)
    assert "Could not be checked" in said
    installation.line.data.chmod(0o755)
    code, said = doctored(command, installation, monkeypatch)
    assert (code, "1 thing is not as it should be" in said) == (1, True)
    assert "chmod -R go-rwx" in " ".join(said.split())
    code, said = doctored(command, installation, monkeypatch, "--json")
    told = json.loads(said)
    assert code == 1
    assert [one["about"] for one in told["findings"]] == ["readable"]
    assert told["findings"][0]["sentence"].startswith("Others can read")
    assert set(told) == {"findings", "unchecked", "versions"}


def test_settings_that_stop_a_start_are_findings_and_wrong_words_are_misuse(line, command):
    code, said = command("doctor", "--json", shared_secret="change-me" * 5)
    assert code == 1
    assert "placeholder" in json.loads(said)["findings"][0]["sentence"]
    assert command("doctor", "--config", str(line.folder / "none.toml"))[0] == 2
    assert command("doctor", "--connect")[0] == 2
    assert command("doctor", "--nonsense")[0] == 2


def test_looking_changes_nothing(installation):
    def state() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mode, path.read_bytes())
            for path in sorted(installation.line.folder.rglob("*"))
            if path.is_file()
        }

    before = state()
    installation.examined()
    assert state() == before
