"""A signed release is the package that a machine went through all stages with."""

import hashlib
from pathlib import Path

import pytest

from deploy.release.source import Failed
from deploy.release.tried import check


def _built(folder: Path, data: bytes) -> list[Path]:
    ours, other = folder / "quietline_0.2.0_amd64.deb", folder / "quietline-translation_0.2.0.deb"
    ours.write_bytes(data)
    other.write_bytes(b"")
    return [other, ours]


def test_the_package_that_was_tried_is_released(tmp_path: Path) -> None:
    note = tmp_path / "tried"
    note.write_text(f"{hashlib.sha256(b'a package').hexdigest()}  quietline_0.2.0_amd64.deb\n")
    check(_built(tmp_path, b"a package"), note)


@pytest.mark.parametrize("said", [None, "", f"{hashlib.sha256(b'before').hexdigest()}  old.deb\n"])
def test_another_one_is_not_and_it_says_what_to_do(tmp_path: Path, said: str | None) -> None:
    note = tmp_path / "tried"
    if said is not None:
        note.write_text(said)
    with pytest.raises(Failed, match="make deb test-vm"):
        check(_built(tmp_path, b"a package"), note)
