"""A signed release names an address that somebody reads, a key that is one, and a maintainer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deploy.release import __main__ as program
from deploy.release import contact
from deploy.release.source import Failed

# From age's own test vectors (C2SP/CCTV): its identity is public, so it serves tests alone.
AGE = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
FINGERPRINT = "openpgp4fpr:" + "0123456789ABCDEF0123456789ABCDEF01234567"


def tree(folder: Path, address: str, key: str, maintainer: str = "Q <q@quietline.org>") -> Path:
    """Write a source tree's SECURITY.md, and its package's control file."""
    (folder / "SECURITY.md").write_text(f"# Security\n\nContact: {address}\nEncryption: {key}\n")
    control = folder / "deploy" / "debian" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(f"Source: quietline\nMaintainer: {maintainer}\nSection: net\n")
    return folder


@pytest.mark.parametrize("address", ["mailto:security@quietline.org", "https://quietline.org/hole"])
def test_an_address_and_an_age_recipient_will_do(tmp_path: Path, address: str) -> None:
    contact.check(tree(tmp_path, address, AGE))


def test_an_openpgp_key_lies_beside_it(tmp_path: Path) -> None:
    source = tree(tmp_path, "mailto:security@quietline.org", FINGERPRINT)
    with pytest.raises(Failed, match=r"into SECURITY\.asc"):
        contact.check(source)
    (source / "SECURITY.asc").write_text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")
    contact.check(source)


@pytest.mark.parametrize(
    "address",
    [
        "mailto:security@quietline.invalid",
        "mailto:security@example.org",
        "https://line.example/",
        "security@quietline.org",
        "mailto:security",
    ],
)
def test_an_address_that_nobody_reads_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(Failed, match="which nobody reads"):
        contact.check(tree(tmp_path, address, AGE))


@pytest.mark.parametrize(
    "key",
    ["age1-placeholder", AGE[:-1], AGE[:-1] + "q", AGE.upper(), "openpgp4fpr:1234", "0x01234567"],
)
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(Failed, match="is none"):
        contact.check(tree(tmp_path, "mailto:security@quietline.org", key))


@pytest.mark.parametrize("text", ["# Security\n", "Contact: mailto:a@b.org\n"])
def test_a_security_file_without_both_lines_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "SECURITY.md").write_text(text)
    with pytest.raises(Failed, match="needs one line"):
        contact.check(tmp_path)


def test_a_release_with_a_key_is_refused_while_the_contact_is_a_placeholder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, committed = tmp_path / "out", tmp_path / "committed"
    committed.mkdir()
    tree(committed, "mailto:security@quietline.invalid", "age1-placeholder")
    monkeypatch.setattr(program, "unpack", lambda into: committed)
    monkeypatch.setattr(sys, "argv", ["release", str(out), "--key", str(tmp_path / "key")])
    assert program.main() == 1
    assert "Not released. SECURITY.md sends people to" in " ".join(capsys.readouterr().out.split())
    assert not out.exists()


@pytest.mark.parametrize(
    "maintainer",
    [
        "Quietline <maintainers@example.org>",
        "Quietline <q@quietline.invalid>",
        "q@quietline.org",
        "Q",
    ],
)
@pytest.mark.parametrize("signed_with", ["--key", "--apt-key"])
def test_what_is_signed_has_a_maintainer_whom_somebody_reaches(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    maintainer: str,
    signed_with: str,
) -> None:
    committed = tmp_path / "committed"
    committed.mkdir()
    tree(committed, "mailto:security@quietline.org", AGE, maintainer)
    monkeypatch.setattr(program, "unpack", lambda into: committed)
    monkeypatch.setattr(sys, "argv", ["release", str(tmp_path / "out"), signed_with, "key"])
    assert program.main() == 1
    said = " ".join(capsys.readouterr().out.split())
    assert f"The package's maintainer is {maintainer}, whom nobody reaches" in said


def test_a_maintainer_with_an_address_will_do(tmp_path: Path) -> None:
    contact.check_maintainer(tree(tmp_path, "mailto:security@quietline.org", AGE))


def test_the_packages_changelog_is_by_the_one_who_stands_in_control(tmp_path: Path) -> None:
    source = tree(tmp_path, "mailto:security@quietline.org", AGE, "Ana B. <ana@quietline.org>")
    assert contact.maintainer(source) == "Ana B. <ana@quietline.org>"
