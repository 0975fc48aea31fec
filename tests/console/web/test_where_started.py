"""Where a console is started decides nothing: no file that lies there is run."""

from __future__ import annotations

from pathlib import Path

from tests.console.real_console import running
from tests.console.running_line import PASSPHRASE, Line

OURS = ("typer", "json", "uvicorn", "app", "sitecustomize")
"""Modules that a command of ours imports."""


def test_a_file_beside_it_is_not_run_when_practice_is_started_or_it_locks(
    still: Line, tmp_path: Path
) -> None:
    """As when somebody works in the folder where a browser saves what strangers send."""
    downloads, ran, secret = tmp_path / "Downloads", tmp_path / "ran", tmp_path / "secret"
    downloads.mkdir()
    secret.write_bytes(PASSPHRASE.reveal())
    for name in OURS:
        text = f"import os\nos.mkdir({str(ran)!r})\n"
        (downloads / f"{name}.py").write_text(text)
    # As the installed command, which looks for modules beside itself alone.
    with running(still.folder_of("ana"), secret, cwd=downloads, python=("-P",)) as console:
        console.sign_in()
        said = console.post("/practise").text
        assert "Practice did not start" not in said
        console.lock()
        console.unlock(PASSPHRASE.reveal().decode())
        assert not ran.exists()
