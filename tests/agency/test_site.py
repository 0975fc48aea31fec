"""The signed site: every file accounted for, and never half of one."""

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from app.agency import ceremonies, rootkey, site
from app.agency.errors import AgencyError, Suspicious, WrongPassphrase
from app.files import whole_folders
from app.protocol.encoding import unb64u, unhex
from app.protocol.line import Line
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_SITE, verify
from tests.agency.conftest import DAY, Agency

PAGES = {"index.html": b"<p>one</p>", "en/index.html": b"<p>two</p>", "assets/app.js": b"3"}


def pages(_line: Line, _content: Path, _today: dt.date) -> Mapping[str, bytes]:
    return PAGES


def write(agency: Agency, out: Path, render: site.Render = pages) -> site.WrittenSite:
    return site.write_site(
        agency.folder, out, passphrase=agency.passphrase, today=DAY, render=render
    )


def verified_files(out: Path, line_id: bytes) -> dict[str, str]:
    outer = json.loads((out / "manifest.json").read_bytes())
    signed = unb64u(outer["manifest"])
    root = unhex(outer["root"], 32)
    verify(TAG_SITE, root, signed, unhex(outer["signature"], 64))
    inner = json.loads(signed)
    assert unb64u(inner["line_id"]) == line_id
    return dict(inner["files"])


def found_files(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_the_manifest_names_every_file_and_verifies(agency: Agency, tmp_path: Path) -> None:
    out = tmp_path / "www" / "site"
    write(agency, out)
    assert found_files(out) == verified_files(out, agency.line.line_id)
    assert (out / "en" / "index.html").read_bytes() == b"<p>two</p>"


def test_the_real_site_is_signed_whole(agency: Agency, tmp_path: Path) -> None:
    out = tmp_path / "site"
    steps: list[tuple[int, int]] = []
    written = site.write_site(
        agency.folder,
        out,
        passphrase=agency.passphrase,
        today=DAY,
        progress=lambda _step, done, total: steps.append((done, total)),
    )
    listed = verified_files(out, agency.line.line_id)
    assert found_files(out) == listed
    assert "index.html" in listed
    assert steps[-1] == (written.files, written.files)


def test_every_signing_has_a_higher_version_even_after_rotation(
    agency: Agency, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    assert [write(agency, out).version for _ in range(2)] == [1, 2]
    ceremonies.rotate_root(
        agency.folder,
        passphrase=agency.passphrase,
        new_passphrase=agency.passphrase,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    assert write(agency, out).version == 3


def test_a_manifest_that_does_not_verify_stops_the_next(agency: Agency, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write(agency, out)
    (agency.folder / "manifest.json").write_text("{}")
    with pytest.raises(Suspicious, match="your site publishes"):
        write(agency, out)


def test_files_that_went_away_are_gone(agency: Agency, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write(agency, out)
    write(agency, out, lambda _line, _content, _today: {"index.html": b"new"})
    assert set(found_files(out)) == {"index.html"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["agency", "site"]


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_full_disk_anywhere_leaves_a_complete_site(
    agency: Agency, tmp_path: Path, fails_at: Callable[[object, str, int], None], nth: int
) -> None:
    out = tmp_path / "site"
    write(agency, out)
    before = found_files(out)
    fails_at(os, "fsync", nth)
    try:
        write(agency, out, lambda _line, _content, _today: {**PAGES, "index.html": b"changed"})
    except OSError:
        assert found_files(out) == before
    assert found_files(out) == verified_files(out, agency.line.line_id)


def test_removing_the_old_site_never_leaves_none(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    write(agency, out)
    remove = shutil.rmtree
    complete: list[bool] = []

    def watched(path: Path, ignore_errors: bool = False) -> None:
        remove(path, ignore_errors=ignore_errors)
        complete.append((out / "manifest.json").is_file())

    monkeypatch.setattr(shutil, "rmtree", watched)
    write(agency, out, lambda _line, _content, _today: {"index.html": b"new"})
    assert complete
    assert all(complete)
    assert set(found_files(out)) == {"index.html"}


def test_what_a_killed_run_left_beside_is_cleared_by_the_next(
    agency: Agency, tmp_path: Path
) -> None:
    (tmp_path / ".site.new-killed").mkdir()
    (tmp_path / ".site.new-killed" / "index.html").write_bytes(b"half")
    write(agency, tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["agency", "site"]


def test_it_works_where_two_folders_cannot_change_places_in_one_step(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_one: Path, _other: Path) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(whole_folders, "_exchange", cannot)
    out = tmp_path / "site"
    write(agency, out)
    write(agency, out, lambda _line, _content, _today: {"index.html": b"new"})
    assert set(found_files(out)) == {"index.html"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["agency", "site"]


def test_a_folder_with_something_else_in_it_is_never_replaced(
    agency: Agency, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("mine")
    with pytest.raises(AgencyError, match="would be removed"):
        write(agency, home)
    assert (home / "letter.txt").read_text() == "mine"


def test_a_wrong_passphrase_writes_nothing(agency: Agency, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        site.write_site(
            agency.folder, tmp_path / "site", passphrase=Secret(b"no"), today=DAY, render=pages
        )
    assert not (tmp_path / "site").exists()
