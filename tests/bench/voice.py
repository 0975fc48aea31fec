"""A changed voice beside the voice as it was recorded: who is recognised, and what is understood.

Needs Node, ffmpeg, flite, espeak-ng, festival with its voices, and a Python with the two judges of
``voice_judge`` (VOICE_JUDGE names it): they are no dependency of this project.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.bench.voice_speakers import KNOWN, TOLD, Speaker, all_speakers
from tests.onion.process import needed

TITLE = "A changed voice, and who is recognised by it"
HERE = Path(__file__).parent
JUDGE = "VOICE_JUDGE"
_SENTENCES = 2
"""So many are told by each speaker, each changed by amounts of its own."""
_ALIKE = 2
"""How often the attacker changes what he has of each suspect, the same way."""
_PITCHES = [2 ** (half_tones / 12) for half_tones in range(-8, 9, 2)]
_FORMANTS = [0.80, 0.89, 1.0, 1.12, 1.25]
TRIES = list(product(_PITCHES, _FORMANTS))


class Change:
    """The page's own code, in Node."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self.seconds = self.cpu = 0.0

    def run(self, jobs: list[dict[str, Any]]) -> None:
        """Do them one after the other."""
        with subprocess.Popen(
            [needed("node"), str(HERE / "voice_change.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as node:
            assert node.stdin
            assert node.stdout
            for job in jobs:
                node.stdin.write(json.dumps(job) + "\n")
                node.stdin.flush()
                done = json.loads(node.stdout.readline())
                if "tries" not in job:
                    self.seconds += done["seconds"]
                    self.cpu += done["cpu"]
                self._bar.step()


@dataclass
class Said:
    """A sentence as it was said, and changed."""

    speaker: Speaker
    text: str
    original: Path
    changed: Path


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare. Takes ten minutes or more."""
    judge = os.environ.get(JUDGE)
    if not judge:
        raise SystemExit(
            f"Set {JUDGE} to a Python in which these are installed (pip install --no-deps "
            "numpy==2.4.6 Resemblyzer==0.1.4 pocketsphinx==5.1.1)."
        )
    speakers = all_speakers()
    sentences = size.of(_SENTENCES, 1)
    bar.begin(len(speakers) * (4 * _ALIKE + 2 * sentences) + 1)
    change = Change(bar)
    known: dict[str, list[str]] = {}
    alike: dict[str, list[str]] = {}
    said: list[Said] = []
    for one in speakers:
        for n, text in enumerate(KNOWN[one.lang]):
            path = _samples(one, text, folder / f"{one.name}-known-{n}")
            known.setdefault(one.name, []).append(str(path))
            for again in range(_ALIKE):
                alike.setdefault(one.name, []).append(f"{path}-alike-{again}.wav")
        for n, text in enumerate(TOLD[one.lang][:sentences]):
            path = _samples(one, text, folder / f"{one.name}-told-{n}")
            said.append(Said(one, text, path, Path(f"{path}-changed.wav")))
    changed = [{"from": a[: a.index(".f32") + 4], "to": a} for some in alike.values() for a in some]
    change.run(changed + [{"from": str(s.original), "to": str(s.changed)} for s in said])
    tries = [{"from": _decoded(s.changed), "to": f"{s.changed}-try", "tries": TRIES} for s in said]
    change.run(tries)
    english = [s for s in said if s.speaker.lang == "en" and s.speaker.person]
    job = {
        "known": known,
        "known_changed": {n: [_decoded(Path(p)) for p in some] for n, some in alike.items()},
        "trials": [
            {
                "speaker": s.speaker.name,
                "original": str(s.original),
                "changed": _decoded(s.changed),
                "tries": [f"{s.changed}-try-{n}.f32" for n in range(len(TRIES))],
            }
            for s in said
        ],
        "words": [{"original": str(s.original), "changed": _decoded(s.changed)} for s in english],
    }
    answer = json.loads(
        subprocess.run(
            [judge, str(HERE / "voice_judge.py")],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    bar.step()
    return _page(answer, [s.text for s in english], speakers, change, len(said))


def _page(
    answer: dict[str, Any], texts: list[str], speakers: list[Speaker], change: Change, trials: int
) -> Page:
    page = Page(TITLE, "changed", "as recorded")
    judged = Judged(**answer["speakers"])
    persons = {one.name for one in speakers if one.person}
    page.add("likeness to the speaker", "cosine", *judged.likeness(own=True))
    page.add("likeness to others", "cosine", *judged.likeness(own=False))
    base = judged.named("original")
    for way, words in (
        ("changed", "by their recordings"),
        ("tried", f"by one who tries {len(TRIES)} shifts back"),
        ("same way", "by one who changes theirs the same way"),
    ):
        row = f"named rightly of {len(speakers)} {words}"
        page.add(row, "%", max(0.01, judged.named(way)), base)
    only = judged.named("changed", persons), judged.named("original", persons)
    page.add(f"the same, {len(persons)} voices of persons alone", "%", max(0.01, only[0]), only[1])
    for way, words in (("changed", "their recordings"), ("tried", "shifts back")):
        row = f"right one among the likeliest three, by {words}"
        page.add(row, "%", max(0.01, judged.named(way, among=3)), judged.named("original", among=3))
    heard = {
        way: 100 * mean(_understood(t, w[way]) for t, w in zip(texts, answer["words"], strict=True))
        for way in ("original", "changed")
    }
    page.add("words that PocketSphinx understands", "%", heard["changed"], heard["original"])
    rate = 60 * change.cpu / change.seconds
    page.add("processor time for a minute of speech, in Node", "s", rate, 60)
    page.notes += [
        f"{len(speakers)} speakers: " + ", ".join(one.name for one in speakers) + ". flite's and "
        "festival's are cut from persons' recordings, espeak-ng's are made by rule. Four sentences "
        f"are known of each; {trials} other recordings were changed, each by "
        "newly drawn amounts. No recording of a person speaking freely was to be had: "
        "people on a phone in a room are less alike from one day to the next, and better judges "
        "than this one exist. So these numbers rank the attackers; they promise nobody anything.",
        "Who speaks is judged by Resemblyzer 0.1.4's network. Chance is "
        f"{100 / len(speakers):.0f} %. "
        "One who tries shifts back takes the most alike of all tries for each suspect; the amounts "
        "of intonation and the cut silences he does not undo. For those who change theirs the "
        f"same way, {4 * _ALIKE} changed recordings of each suspect stand for them.",
        "Words: PocketSphinx 5.1.1 with its US English model and the voices of persons that speak "
        "English, both sides through the same model.",
    ]
    return page


@dataclass
class Judged:
    """What the judge said of every trial, by suspect."""

    names: list[str]
    trials: list[dict[str, Any]]

    def likeness(self, *, own: bool) -> tuple[float, float]:
        """Return the mean cosine to the speaker's known voice, or to others': changed, before."""
        found = [
            mean(
                score
                for one in self.trials
                for name, score in zip(self.names, one[way], strict=True)
                if (name == one["speaker"]) is own
            )
            for way in ("changed", "original")
        ]
        return found[0], found[1]

    def named(self, way: str, among_names: Iterable[str] = (), among: int = 1) -> float:
        """Return in how many of a hundred trials the speaker is among the likeliest."""
        only = set(among_names or self.names)
        right = []
        for one in self.trials:
            if one["speaker"] not in only:
                continue
            scores = {n: s for n, s in zip(self.names, one[way], strict=True) if n in only}
            best = sorted(scores, key=scores.__getitem__, reverse=True)[:among]
            right.append(one["speaker"] in best)
        return 100 * mean(right)


def _samples(speaker: Speaker, text: str, path: Path) -> Path:
    made = path.with_suffix(".said.wav")
    speaker.say(text, made)
    return _raw(made, path.with_suffix(".f32"))


def _decoded(changed: Path) -> str:
    to = changed.with_suffix(".f32")
    return str(to if to.exists() else _raw(changed, to))


def _raw(file: Path, to: Path) -> Path:
    form = ("-ar", "16000", "-ac", "1", "-f", "f32le")
    command = [needed("ffmpeg"), "-loglevel", "error", "-y", "-i", str(file), *form, str(to)]
    subprocess.run(command, check=True)
    return to


def _understood(text: str, heard: str) -> float:
    """Return the share of words that were heard in their order (the longest common sequence)."""
    wanted, got = re.findall(r"[a-z']+", text.lower()), heard.lower().split()
    row = [0] * (len(got) + 1)
    for word in wanted:
        before = row[:]
        for n, other in enumerate(got):
            row[n + 1] = before[n] + 1 if word == other else max(before[n + 1], row[n])
    return row[-1] / len(wanted)
