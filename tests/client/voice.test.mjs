/** What a voice becomes: other amounts each time, never nearly the same, nothing in the file but sound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { disguise, draw, INPUT_RATE, readAdpcm } from '../../app/reporter/client/src/clean/voice.js';
import { writeAdpcm } from '../../app/reporter/client/src/clean/voice-file.js';
import { medianOf, trackPitch } from '../../app/reporter/client/src/clean/voice-pitch.js';
import { OUTPUT_RATE, shift } from '../../app/reporter/client/src/clean/voice-shift.js';
import { shorten } from '../../app/reporter/client/src/clean/voice-trim.js';
import { systemRng } from '../../app/reporter/client/src/protocol/random.js';

const step = async () => {};

/** So many seconds of a vowel: pulses of that pitch through three resonances, at hertz. */
function vowel(pitch, seconds, formants = [700, 1220, 2600], rate = INPUT_RATE) {
  const sound = new Float32Array(seconds * rate);
  for (let at = 0; at < sound.length; at += rate / pitch) sound[Math.floor(at)] = 1;
  for (const formant of formants) {
    const r = Math.exp((-Math.PI * 90) / rate);
    const a = 2 * r * Math.cos((2 * Math.PI * formant) / rate);
    for (let n = 2; n < sound.length; n += 1) sound[n] += a * sound[n - 1] - r * r * sound[n - 2];
  }
  const loudest = sound.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return sound.map((each) => (each / loudest) * 0.5);
}

/** How strong a sound is between two frequencies, for each band of 50 Hz (Goertzel). */
function strongest(sound, rate, low, high) {
  let best = { at: 0, power: 0 };
  for (let at = low; at <= high; at += 10) {
    const w = 2 * Math.cos((2 * Math.PI * at) / rate);
    let [a, b] = [0, 0];
    for (const each of sound) [a, b] = [each + w * a - b, a];
    const power = a * a + b * b - w * a * b;
    if (power > best.power) best = { at, power };
  }
  return best.at;
}

test('the pitch of a voice is found', async () => {
  for (const pitch of [90, 130, 210, 300]) {
    const found = medianOf(await trackPitch(vowel(pitch, 1), INPUT_RATE, step));
    assert.ok(Math.abs(found - pitch) / pitch < 0.03, `${pitch} was heard as ${found}`);
  }
  assert.equal(medianOf(await trackPitch(new Float32Array(16_000), INPUT_RATE, step)), null);
});

test('pitch and formants move by their own factors', async () => {
  const sound = vowel(120, 2);
  const track = await trackPitch(sound, INPUT_RATE, step);
  for (const [pitch, formants] of [
    [1.5, 0.85],
    [0.75, 1.2],
  ]) {
    const out = await shift(sound, INPUT_RATE, track, { pitch, formants, liveliness: 1 }, step);
    const found = medianOf(await trackPitch(resampled(out), INPUT_RATE, step));
    assert.ok(Math.abs(found / (120 * pitch) - 1) < 0.04, `pitch ${found}, not ${120 * pitch}`);
    const formant = strongest(out.subarray(6000, 12_000), OUTPUT_RATE, 450, 1000);
    assert.ok(Math.abs(formant / (700 * formants) - 1) < 0.16, `formant ${formant}, not ${700 * formants}`);
  }
});

/** From OUTPUT_RATE to INPUT_RATE. */
function resampled(sound) {
  const by = OUTPUT_RATE / INPUT_RATE;
  return Float32Array.from({ length: Math.floor(sound.length / by) - 1 }, (_, n) => {
    const at = Math.floor(n * by);
    return sound[at] + (sound[at + 1] - sound[at]) * (n * by - at);
  });
}

test('what is drawn is never near to what was, and says nothing of it', () => {
  const seen = new Set();
  for (const middle of [70, 95, 120, 180, 235, 310, 420, null]) {
    for (let n = 0; n < 300; n += 1) {
      const { pitch, formants, liveliness } = draw(middle, systemRng);
      const far = (factor) => Math.max(factor, 1 / factor);
      assert.ok(far(formants) >= 1.09 && far(formants) <= 1.25, `formants ${formants}`);
      if (middle) assert.ok(far(pitch) >= 1.18 && far(pitch) <= 1.91, `pitch ${pitch} of ${middle}`);
      assert.ok(liveliness >= 0.65 && liveliness <= 1.1);
      seen.add(formants);
    }
  }
  assert.ok(seen.size > 2300, 'another amount each time');
});

test('the two directions of each are as likely, and do not go together', () => {
  const counts = [0, 0, 0, 0];
  for (let n = 0; n < 4000; n += 1) {
    const { pitch, formants } = draw(150, systemRng);
    counts[(pitch > 1 ? 2 : 0) + (formants > 1 ? 1 : 0)] += 1;
  }
  const together = (counts[0] * counts[3]) / (counts[1] * counts[2]);
  assert.ok(together > 0.7 && together < 1.4, `${counts}`);
});

test('silences are shortened, words are not', () => {
  const word = vowel(140, 0.5);
  const sound = new Float32Array(16_000 * 6);
  sound.set(word, 16_000);
  sound.set(word, 16_000 * 4);
  const out = shorten(sound, 16_000);
  assert.ok(out.length > 16_000 && out.length < 16_000 * 1.7, `${out.length / 16_000} s`);
  const energy = (samples) => samples.reduce((sum, each) => sum + each * each, 0);
  assert.ok(energy(out) > 0.97 * energy(sound));
});

test('the file holds the sound and nothing else', () => {
  const sound = vowel(140, 1).map((each) => each * 1.8);
  const file = writeAdpcm(sound, OUTPUT_RATE);
  assert.deepEqual(file, writeAdpcm(sound, OUTPUT_RATE), 'the same sound gives the same bytes');
  assert.equal(
    String.fromCharCode(...file.subarray(0, 16)),
    `RIFF${String.fromCharCode(...file.subarray(4, 8))}WAVEfmt `,
  );
  const { samples, rate } = readAdpcm(file);
  assert.equal(rate, OUTPUT_RATE);
  assert.equal(samples.length, sound.length);
  const wrong = samples.reduce((sum, each, n) => sum + (each - sound[n]) ** 2, 0);
  const right = sound.reduce((sum, each) => sum + each * each, 0);
  assert.ok(wrong < right / 30, `noise is ${wrong / right} of it`);
});

test('a whole recording is changed, told how far it is, and overwritten', async () => {
  const samples = vowel(120, 20);
  const told = [];
  const file = await disguise(samples, { rng: systemRng, onProgress: (done) => told.push(done) });
  assert.ok(samples.every((each) => each === 0));
  assert.equal(told.at(-1), 1);
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  );
  const found = medianOf(await trackPitch(resampled(readAdpcm(file).samples), INPUT_RATE, step));
  assert.ok(found >= 93 && found <= 240 && Math.abs(Math.log2(found / 120)) > 0.2, `${found} Hz`);
});

test('it stops when it is told to', async () => {
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  const changing = disguise(vowel(120, 60), { rng: systemRng, onProgress, signal: stop.signal });
  await assert.rejects(changing, { name: 'AbortError' });
});

test('silence, noise and a click are changed without a word', async () => {
  const noise = Float32Array.from({ length: 16_000 }, (_, n) => Math.sin(n * n * 1.7) * 0.3);
  for (const sound of [
    new Float32Array(0),
    new Float32Array(50),
    new Float32Array(16_000),
    Float32Array.of(1),
    noise,
  ]) {
    const { samples } = readAdpcm(await disguise(sound, { rng: systemRng }));
    assert.ok(samples.every(Number.isFinite));
  }
});
