"""Podman with storage of the test's own, and what an operator types: ``podman-compose``."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

_HYBRID = Path("/sys/fs/cgroup/memory")
"""crun refuses a machine that has cgroups of both versions; runc does not."""
_PATIENCE = 600


class Engine:
    """An engine whose images, containers and volumes are in one folder."""

    def __init__(self, folder: Path, project: Path) -> None:
        self.storage, self.project = folder / "storage", project
        self.files: tuple[str, ...] = ()
        """Words before every command of Compose's: another file than compose.yaml."""
        folder.mkdir()
        (folder / "storage.conf").write_text(
            f'[storage]\ndriver = "overlay"\ngraphroot = "{self.storage}"\n'
            f'runroot = "{folder / "run"}"\n'
        )
        runtime = "runc" if _HYBRID.exists() else "crun"
        (folder / "containers.conf").write_text(
            f'[engine]\nruntime = "{runtime}"\nevents_logger = "file"\n'
            f'tmp_dir = "{folder / "tmp"}"\n[network]\nnetwork_config_dir = "{folder / "nets"}"\n'
        )
        self._environment = {
            **os.environ,
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
        }

    def podman(self, *words: str | Path) -> str:
        """Run podman; return what it printed. Raises AssertionError with what it said."""
        done = self.tried("podman", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def compose(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run podman-compose in the project's folder."""
        return self.tried("podman-compose", *self.files, *words)

    def tried(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command with this engine's settings."""
        return subprocess.run(
            [str(word) for word in command], cwd=self.project, env=self._environment,
            capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip

    def state(self, container: str) -> dict[str, Any]:
        """Return what the engine knows of a container."""
        (seen,) = json.loads(self.podman("inspect", container))
        return dict(seen)

    def end(self) -> None:
        """Remove every container, volume, network and image."""
        self.tried("podman", "rm", "--all", "--force", "--time", "1")
        self.tried("podman", "volume", "prune", "--force")
        self.tried("podman", "network", "prune", "--force")
        self.tried("podman", "rmi", "--all", "--force")
