"""Recordings as samples: decoded within the walls, some minutes at a time, in one form only."""

from __future__ import annotations

import array
import io
import itertools
import subprocess
import wave
from pathlib import Path

import pytest

from app.console.errors import FileProblem
from app.console.viewer import preview
from app.console.viewer.host import Machine
from app.console.viewer.previewable import Kind
from app.console.viewer.process import Running
from tests.console import samples
from tests.console.drawn import BARE, NOWHERE
from tests.onion.process import needed


def heard(machine: Machine, data: bytes, part: int = 0) -> preview.Heard:
    return preview.heard(machine, Kind.SOUND, part, [data], Running(), NOWHERE)


def recorded(*arguments: str) -> bytes:
    """Return what ffmpeg makes of it, on its standard output."""
    return subprocess.run(
        [needed("ffmpeg"), "-loglevel", "error", *arguments, "-"], capture_output=True, check=True
    ).stdout


@pytest.fixture
def player(machine: Machine) -> Machine:
    return Machine(machine.bwrap, machine.seccomp, converters={Kind.SOUND: needed("ffmpeg")})


def test_a_recording_becomes_a_wav_of_plain_samples(player: Machine) -> None:
    one = heard(player, samples.sound(3))
    assert (round(one.whole), one.more) == (3, False)
    with wave.open(io.BytesIO(one.wav())) as file:
        assert file.getparams()[:4] == (1, 2, preview.PLAY_RATE, 3 * preview.PLAY_RATE)
        found = array.array("h", file.readframes(file.getnframes()))
    assert max(found) > 5_000


@pytest.mark.parametrize(
    ("form", "codec"), [("webm", "libopus"), ("ogg", "libopus"), ("wav", "adpcm_ima_wav")]
)
def test_what_the_reporters_page_records_can_be_heard(
    player: Machine, form: str, codec: str
) -> None:
    tone = "sine=frequency=440:duration=2:sample_rate=48000"
    data = recorded("-f", "lavfi", "-i", tone, "-c:a", codec, "-f", form)
    pcm = array.array("h", heard(player, data).pcm)
    assert abs(len(pcm) / preview.PLAY_RATE - 2) < 0.1
    crossings = sum(a < 0 <= b for a, b in itertools.pairwise(pcm))
    assert abs(crossings / 2 - 440) < 15


def test_a_long_recording_comes_in_parts_of_bounded_size(player: Machine) -> None:
    silence = "anullsrc=r=8000:cl=mono"
    data = recorded("-f", "lavfi", "-i", silence, "-t", "250", "-f", "wav")
    first, second = heard(player, data), heard(player, data, 1)
    assert (first.more, second.more) == (True, False)
    assert len(first.pcm) == 2 * preview.PLAY_RATE * preview.PLAY_SECONDS
    assert len(first.wav()) < 8 * 1024**2, "more is no longer kept in memory alone by Firefox"
    assert abs(len(second.pcm) / 2 / preview.PLAY_RATE - 10) < 0.1
    for beyond in (2, 89, 90, 2**31):
        with pytest.raises(FileProblem):
            heard(player, data, beyond)


def test_what_is_no_recording_is_said_so(player: Machine) -> None:
    with pytest.raises(FileProblem, match="not what its name says"):
        heard(player, samples.picture("PNG"))


def test_without_the_walls_nothing_is_played() -> None:
    with pytest.raises(FileProblem, match="says what is missing"):
        heard(BARE, samples.sound())


IMPOSTORS = {
    "says nothing": "b''",
    "pixels": "b'QLPX' + bytes(40)",
    "another rate": "b'QLPM' + struct.pack('>4I', 8000, 0, 0, 2) + bytes(2)",
    "half a sample": "b'QLPM' + struct.pack('>4I', 16000, 0, 0, 3) + bytes(3)",
    "less than it says": "b'QLPM' + struct.pack('>4I', 16000, 0, 0, 8) + bytes(4)",
    "more than it says": "b'QLPM' + struct.pack('>4I', 16000, 0, 0, 2) + bytes(4)",
    "another flag": "b'QLPM' + struct.pack('>4I', 16000, 0, 7, 2) + bytes(2)",
    "endless": "b'QLPM' + struct.pack('>4I', 16000, 0, 0, 9000000) + bytes(9000000)",
}


@pytest.mark.parametrize("said", IMPOSTORS.values(), ids=IMPOSTORS.keys())
def test_a_decoder_that_was_taken_over_gets_no_other_form_through(
    player: Machine, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    code = f"import sys, struct; sys.stdout.buffer.write({said})"
    monkeypatch.setattr(preview, "CHILD", ("-c", code))
    with pytest.raises(FileProblem, match="Do not open it elsewhere"):
        heard(player, samples.sound())


def test_a_recording_of_addresses_opens_none(player: Machine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(samples.sound())
    with pytest.raises(FileProblem):
        heard(player, f"#EXTM3U\n#EXTINF:2,\nfile://{secret}\n".encode())


def filmed(*arguments: str) -> bytes:
    """Return two seconds of film, with what else is asked for."""
    picture = ("-f", "lavfi", "-i", "testsrc=size=160x120:rate=5:duration=2")
    return recorded(*picture, *arguments, "-f", "matroska")


def heard_of_film(machine: Machine, data: bytes) -> preview.Heard:
    return preview.heard(machine, Kind.FILM, 0, [data], Running(), NOWHERE)


def test_what_is_said_in_a_film_is_heard_and_silence_is_told_from_damage(
    machine: Machine,
) -> None:
    ready = Machine(machine.bwrap, machine.seccomp, converters={Kind.FILM: needed("ffmpeg")})
    tone = ("-f", "lavfi", "-i", "sine=frequency=440:duration=2:sample_rate=48000")
    one = heard_of_film(ready, filmed(*tone, "-c:v", "mpeg4", "-c:a", "libopus"))
    pcm = array.array("h", one.pcm)
    crossings = sum(a < 0 <= b for a, b in itertools.pairwise(pcm))
    assert abs(len(pcm) / preview.PLAY_RATE - 2) < 0.1
    assert abs(crossings / 2 - 440) < 15
    with pytest.raises(FileProblem, match="This film has no sound"):
        heard_of_film(ready, filmed("-c:v", "mpeg4"))
    with pytest.raises(FileProblem, match="not what its name says"):
        heard_of_film(ready, b"no film at all")
    with pytest.raises(FileProblem, match="says what is missing"):
        heard_of_film(BARE, filmed("-c:v", "mpeg4"))
