"""A healthy installation, copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from tests.server.conftest import Line
from tests.server.operations.doctor.installation import Installation


@pytest.fixture(scope="module")
def healthy(tmp_path_factory) -> Installation:
    """One that is copied for each test."""
    folder = tmp_path_factory.mktemp("healthy")
    line = Line(folder / "line")
    line.folder.mkdir()
    line.publish()
    made = Installation(line, folder / "root")
    made.prepare()
    return made


@pytest.fixture
def installation(healthy, tmp_path) -> Installation:
    shutil.copytree(healthy.line.folder, tmp_path / "line")
    shutil.copytree(healthy.root, tmp_path / "root")
    line = replace(healthy.line, folder=tmp_path / "line", statuses=[*healthy.line.statuses])
    site = line.folder / "site"
    made = Installation(line, tmp_path / "root", healthy.changes | {"site_folder": site})
    made.secure()
    return made


@pytest.fixture
def line(installation) -> Line:
    return installation.line
