"""A line in containers: deploy/ as an operator has it, and what the agency gives them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.cli.demo import world as worlds
from tests.small_sets import LANGUAGES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
ARCHIVES = ROOT / "build" / "images"
COMPOSE_FILES = ("compose.yaml", "compose.scale.yaml")
SERVER, TOR = "quietline_server_1", "quietline_tor_1"


@dataclass
class Line:
    """A copy of deploy/ with settings and what is published."""

    world: worlds.World
    deploy: Path

    @property
    def settings(self) -> Path:
        """Return the server's settings, which are in a folder that compose.yaml names."""
        return self.deploy / "settings" / "server.toml"

    def change(self, file: str, there: str, here: str) -> None:
        """Change a file of this copy, which must have what is replaced."""
        text = (self.deploy / file).read_text()
        assert there in text, (file, there)
        (self.deploy / file).write_text(text.replace(there, here))

    def publish(self, world: worlds.World) -> None:
        """Put a world's settings, directory and site where the containers have them."""
        self.world, published = world, self.deploy / "published"
        shutil.rmtree(published, ignore_errors=True)
        published.mkdir()
        shutil.copy(world.data / "directory.json", published)
        shutil.copytree(world.data / "site", published / "site")
        for path in published.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.settings.parent.mkdir(exist_ok=True)
        self.settings.write_text(
            f'line_id = "{world.settings().line_id}"\n'
            'directory_file = "/srv/quietline/directory.json"\n'
            'site_folder = "/srv/quietline/site"\ndata_folder = "/var/lib/quietline"\n'
            f"slots_initial = {worlds.SLOTS}\n"
            f"epoch_seconds = {world.epoch_seconds}\nwork_steps = {world.work_steps}\n"
        )


def made(folder: Path) -> Line:
    """Make a line in an empty folder."""
    os.umask(0o022)
    today = dt.datetime.now(dt.UTC).date()
    url = "https://tips.example.org"
    world = worlds.make(folder / "world", url, 10, today, os.urandom, languages=LANGUAGES)
    deploy = folder / "deploy"
    shutil.copytree(DEPLOY, deploy, ignore=shutil.ignore_patterns("__pycache__"))
    line = Line(world, deploy)
    line.publish(world)
    return line
