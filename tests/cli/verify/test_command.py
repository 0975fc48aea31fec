"""``quietline verify`` at a terminal: how it is called, and what it remembers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from app.cli.entry import build
from app.protocol.encoding import b64u
from tests.cli.test_demo import Demo


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build("verify"), ["verify", *arguments])
    return done.exit_code, re.sub(r"\s+", " ", done.output)


def test_being_used_wrongly_is_said_in_a_sentence(tmp_path, line):
    identity = b64u(line.line_id)
    for arguments, said in (
        (["http://x"], "Give either --line"),
        (["ftp://x", "--line-id", identity], "must begin with http"),
        (["http://abc.onion", "--line-id", identity], "reached through Tor"),
        (["http://x", "--line-id", "short"], "base64url"),
        (["http://x", "--line", str(tmp_path / "none.json")], "No such file"),
    ):
        code, output = run(*arguments)
        assert code == 2, output
        assert said in output


def test_a_line_that_is_away_is_a_finding_for_scripts(line):
    code, output = run("http://127.0.0.1:9", "--line-id", b64u(line.line_id))
    assert code == 1
    assert "cannot be reached" in output


def test_the_demo_verifies_and_going_back_is_remembered(demo: Demo, tmp_path: Path) -> None:
    memory = tmp_path / "versions.json"
    command = [sys.executable, "-m", "app.cli.entry", "verify", demo.facts["server"], "--json"]
    command += ["--line", str(demo.data / "agency" / "line.json"), "--remember", str(memory)]
    command += ["--visitors", "2"]

    def verify() -> tuple[int, dict]:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)

    code, seen_first = verify()
    assert (code, seen_first["findings"]) == (0, [])
    assert seen_first["answers"] > 100
    assert (seen_first["directory"], seen_first["site"]) == (1, 1)
    versions = json.loads(memory.read_bytes())
    versions[seen_first["line_id"]]["site"] = 7
    memory.write_text(json.dumps(versions))
    code, again = verify()
    assert code == 1
    assert [one["where"] for one in again["findings"]] == ["/manifest.json"]
    assert "older than 7" in again["findings"][0]["sentence"]
