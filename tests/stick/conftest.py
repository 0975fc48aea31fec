"""The image, written to sticks; ``make test-stick`` names its stages, ``make test`` has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.stick import written
from tests.stick.later import Release, a_stick, module
from tests.stick.pc import EMULATED, KVM, Pc
from tests.vm.image import Image
from tests.vm.machine import ways

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "stick"

Take = Callable[..., Pc]


@pytest.fixture(scope="session")
def image() -> Path:
    """Return the image that IMAGE names, else the newest that was built."""
    named = os.environ.get("IMAGE")
    found = (
        [Path(named)] if named else sorted(BUILT.glob("*.iso"), key=lambda one: one.stat().st_mtime)
    )
    assert found, "there is no image: make stick, or name one with IMAGE=….iso"
    return found[-1]


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """Return a folder of this run, which RUN may name; pictures stay until the next."""
    folder = BUILT / "run" / os.environ.get("RUN", "all")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def how(image: Path, run_folder: Path) -> tuple[str, ...]:
    """By KVM where it starts the image's kernel, else emulated, which takes ten times as long."""
    kernel = run_folder / "vmlinuz"
    written.take_out(image, "/live/vmlinuz", kernel)
    name, _ = next(ways(Image(kernel, kernel, kernel)))
    return KVM if name == "kvm" else EMULATED


@pytest.fixture
def pc(
    image: Path, run_folder: Path, how: tuple[str, ...], request: pytest.FixtureRequest
) -> Iterator[Take]:
    """Return what gives a PC that is off, with a freshly written stick in it."""
    taken: list[Pc] = []

    def take(
        *,
        uefi: bool = True,
        secure_boot: bool = True,
        mode: str = "",
        signers: Path | None = None,
    ) -> Pc:
        folder = run_folder / f"{request.node.name}-{len(taken)}"
        one = Pc(folder, folder / "stick", uefi=uefi, secure_boot=secure_boot, how=how)
        one.build()
        taken.append(one)
        written.write(image, one.stick)
        if mode:
            written.give_a_hand(one.stick, folder / "hand-files", mode, signers)
        return one

    yield take
    for one in taken:
        one.end()
        one.stick.unlink(missing_ok=True)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Return a key that signs."""
    return Release(tmp_path)


@pytest.fixture
def updates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, release: Release) -> ModuleType:
    """Return the stick's own module, in a stick that knows the release's key."""
    made = module("updates", monkeypatch)
    signers = tmp_path / "allowed_signers"
    release.signers(signers)
    run = tmp_path / "run"
    (run / "medium/live").mkdir(parents=True)
    (run / "medium/live/version").write_text("1.0\n")
    (run / "mode").write_text("investigator\n")
    monkeypatch.setattr(made, "SIGNERS", signers)
    monkeypatch.setattr(made, "MEDIA", tmp_path / "media")
    monkeypatch.setattr(made, "RUN", run)
    slots = made.Slots(a_stick(tmp_path), 1)
    monkeypatch.setattr(made.Slots, "this", lambda: slots)
    monkeypatch.setattr(made.Slots, "make_room", lambda _: None)
    return made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Return another stick that is in."""
    return tmp_path / "media/sdb1"
