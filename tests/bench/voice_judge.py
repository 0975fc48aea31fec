"""Who speaks, and what is said: run by a Python of its own, which has numpy and the two judges.

Speakers by Resemblyzer's network (a GE2E encoder: three LSTM layers of 256, Wan and others, 2018),
from its published weights and without PyTorch; words by PocketSphinx with its US English model.
A job as JSON comes in, the answer goes out.
"""

from __future__ import annotations

import importlib.util
import json
import pickle
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

RATE, WINDOW, HOP, MELS = 16_000, 400, 160, 40
FRAMES, EVERY = 160, 120
CHANGED_RATE = 12_000


class Weights(pickle.Unpickler):
    """Reads PyTorch's old form of a file of tensors, and nothing else that a pickle could do."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.storages: dict[str, np.ndarray] = {}
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
    def _tensor(storage: np.ndarray, offset: int, size: Any, stride: Any, *_: Any) -> np.ndarray:
        steps = [each * 4 for each in stride]
        return np.lib.stride_tricks.as_strided(storage[offset:], size, steps)


def weights() -> dict[str, np.ndarray]:
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


def mel_filters() -> np.ndarray:
    """Return Slaney's filters, MELS × bins (as librosa 0.6 and later makes them)."""
    corner, step = 1_000.0, 200 / 3

    def to_mel(hertz: np.ndarray) -> np.ndarray:
        above = corner / step + np.log(np.maximum(hertz, 1e-9) / corner) / (np.log(6.4) / 27)
        return np.where(hertz < corner, hertz / step, above)

    def to_hertz(mel: np.ndarray) -> np.ndarray:
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

    def of(self, sounds: list[np.ndarray]) -> np.ndarray:
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

    def _mel(self, sound: np.ndarray) -> np.ndarray:
        sound = sound * (10 ** (-30 / 20) / max(1e-6, float(np.sqrt(np.mean(sound**2)))))
        padded = np.pad(sound, WINDOW // 2, mode="reflect")
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
        frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
        power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
        return (power @ self._filters.T).astype(np.float32)

    def _network(self, batch: np.ndarray) -> np.ndarray:
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


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def read(path: str) -> np.ndarray:
    """Return samples at RATE of raw floats: at RATE, or as a try at undoing has them."""
    sound = np.fromfile(path, "<f4")
    if "-try-" not in path:
        return sound
    spectrum = np.fft.rfft(sound)
    count = len(sound) * RATE // CHANGED_RATE
    return (np.fft.irfft(spectrum, count) * (count / len(sound))).astype(np.float32)


def speakers(job: dict[str, Any]) -> dict[str, Any]:
    """Return how like each trial is to each suspect: as it was, changed, and after every try."""
    encoder = Encoder()
    names = sorted(job["known"])

    def known(paths: dict[str, list[str]]) -> np.ndarray:
        rows = np.stack([encoder.of([read(p) for p in paths[n]]).mean(0) for n in names])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    plain, alike = known(job["known"]), known(job["known_changed"])
    trials = []
    for one in job["trials"]:
        original, changed = encoder.of([read(one["original"]), read(one["changed"])])
        tried = encoder.of([read(path) for path in one["tries"]])
        trials.append(
            {
                "speaker": one["speaker"],
                "original": (plain @ original).tolist(),
                "changed": (plain @ changed).tolist(),
                "same way": (alike @ changed).tolist(),
                "tried": (tried @ plain.T).max(0).tolist(),
            }
        )
    return {"names": names, "trials": trials}


def words(job: dict[str, Any]) -> list[dict[str, str]]:
    """Return what PocketSphinx hears."""
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, loglevel="FATAL")
    found = []
    for one in job["words"]:
        heard = {}
        for way in ("original", "changed"):
            pcm = (np.clip(read(one[way]), -1, 1) * 32_767).astype("<i2").tobytes()
            decoder.start_utt()
            decoder.process_raw(pcm, full_utt=True)
            decoder.end_utt()
            heard[way] = decoder.hyp().hypstr if decoder.hyp() else ""
        found.append(heard)
    return found


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump({"speakers": speakers(asked), "words": words(asked)}, sys.stdout)
