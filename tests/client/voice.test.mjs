/** What a voice becomes: made anew, with other amounts each time; nothing in the file but sound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BANDS, disguise, draw, INPUT_RATE, readAdpcm } from '../../app/reporter/client/src/clean/voice.js';
import { bandsOf } from '../../app/reporter/client/src/clean/voice-bands.js';
import { makeFourier } from '../../app/reporter/client/src/clean/voice-fft.js';
import { writeAdpcm } from '../../app/reporter/client/src/clean/voice-file.js';
import { medianOf, trackPitch } from '../../app/reporter/client/src/clean/voice-pitch.js';
import { evenOut, melodyOf } from '../../app/reporter/client/src/clean/voice-normal.js';
import { shorten } from '../../app/reporter/client/src/clean/voice-trim.js';
import { levelled, OUTPUT_RATE, speak } from '../../app/reporter/client/src/clean/voice-vocoder.js';
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

test('a transform finds the tone, and back again the sound', () => {
  const { forth } = makeFourier(64);
  const sound = Float32Array.from({ length: 64 }, (_, n) => Math.cos((2 * Math.PI * 5 * n) / 64));
  const [re, im] = [sound.slice(), new Float32Array(64)];
  forth(re, im);
  assert.ok(Math.abs(re[5] - 32) < 1e-3 && Math.abs(re[6]) < 1e-3 && Math.abs(im[5]) < 1e-3);
  forth(im, re);
  assert.ok(re.every((each, n) => Math.abs(each / 64 - sound[n]) < 1e-5));
});

const PLAIN = { middle: 140, spread: 2, speed: 1, warp: (hertz) => hertz, tilt: () => 0 };
const VOWELS = [
  [700, 1220, 2600],
  [300, 2300, 3000],
  [320, 800, 2250],
];

/** Some vowels one after the other, of a mouth of that size. */
function vowels(pitch, size = 1) {
  const sound = new Float32Array(INPUT_RATE * 3);
  for (let n = 0; n < 6; n += 1) {
    const formants = VOWELS[n % 3].map((each) => each / size);
    sound.set(vowel(pitch * (n % 2 ? 1.06 : 0.94), 0.5, formants), (n * INPUT_RATE) / 2);
  }
  return sound;
}

async function said(sound, amounts = PLAIN) {
  const track = await trackPitch(sound, INPUT_RATE, step);
  const bands = await bandsOf(sound, INPUT_RATE, track, BANDS.voice, step);
  evenOut(bands);
  const melody = melodyOf(track, bands.frames, { isWhispered: false, ...amounts });
  let seed = 1;
  const noise = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return levelled(await speak(bands, melody, amounts, noise, step));
}

test('the new voice says the same vowels, as high as was drawn and no matter how high they were', async () => {
  for (const pitch of [95, 150, 240]) {
    const out = await said(vowels(pitch));
    const found = medianOf(await trackPitch(resampled(out), INPUT_RATE, step));
    assert.ok(Math.abs(found / 140 - 1) < 0.12, `${found} Hz of ${pitch}`);
    const second = (n) => strongest(out.subarray(n * 6000 + 1500, n * 6000 + 4500), OUTPUT_RATE, 900, 2700);
    assert.ok(second(0) < 1500 && second(1) > 1900, `"a" at ${second(0)} Hz, "i" at ${second(1)} Hz`);
  }
});

test('the average sound of a mouth and a telephone is taken out', async () => {
  const average = async (sound) => {
    const track = await trackPitch(sound, INPUT_RATE, step);
    const { levels, count, frames } = await bandsOf(sound, INPUT_RATE, track, BANDS.voice, step);
    return Array.from({ length: count }, (_, band) => {
      let sum = 0;
      for (let n = 20; n < frames - 20; n += 1) sum += levels[n * count + band];
      return sum / (frames - 40);
    });
  };
  const far = (a, b) => {
    const difference = a.map((each, n) => each - b[n]);
    const mean = difference.reduce((sum, each) => sum + each, 0) / difference.length;
    return Math.sqrt(difference.reduce((sum, each) => sum + (each - mean) ** 2, 0) / difference.length);
  };
  const one = vowels(110);
  const other = vowels(220, 0.85);
  for (let n = other.length - 1; n > 0; n -= 1) other[n] -= 0.7 * other[n - 1]; // a shrill telephone
  const before = far(await average(one), await average(other));
  const after = far(await average(resampled(await said(one))), await average(resampled(await said(other))));
  assert.ok(after < 0.5 * before, `${before} became ${after}`);
});

test('voice stays voice and breath breath', async () => {
  const sound = new Float32Array(INPUT_RATE * 2);
  sound.set(vowel(150, 1));
  for (let n = INPUT_RATE; n < sound.length; n += 1) sound[n] = 0.2 * (((n * 7919 * (n % 977)) % 1013) / 1013 - 0.5);
  const track = await trackPitch(sound, INPUT_RATE, step);
  const { voiced } = melodyOf(track, 400, PLAIN);
  assert.ok(voiced.subarray(20, 180).every((each) => each === 1));
  assert.ok(voiced.subarray(230).every((each) => each === 0));
});

test('a whisper has no pitch', async () => {
  const file = await disguise(vowels(150), { rng: systemRng, isWhispered: true });
  const { periods } = await trackPitch(resampled(readAdpcm(file).samples), INPUT_RATE, step);
  const voiced = periods.filter((each) => each > 0).length;
  assert.ok(voiced < periods.length / 4, `${voiced} of ${periods.length}`);
});

test('quiet or cut off, a recording becomes as loud as any', async () => {
  const loudness = (sound) => Math.sqrt(sound.reduce((sum, each) => sum + each * each, 0) / sound.length);
  for (const factor of [0.02, 1, 20]) {
    const sound = vowels(150).map((each) => Math.max(-1, Math.min(1, each * factor)));
    const { samples } = readAdpcm(await disguise(sound, { rng: systemRng }));
    assert.ok(loudness(samples) > 0.07 && loudness(samples) < 0.2, `${loudness(samples)} of ${factor}`);
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

test('what is drawn is another each time, in its bounds, and keeps the order of tones', () => {
  const seen = new Set();
  let larger = 0;
  for (let n = 0; n < 1000; n += 1) {
    const { middle, spread, speed, warp, tilt } = draw(systemRng);
    assert.ok(middle >= 95 && middle <= 200 && spread >= 1.6 && spread <= 2.4 && speed > 0.86 && speed < 1.16);
    for (let hertz = 100; hertz < 6000; hertz += 50) {
      assert.ok(warp(hertz + 50) > warp(hertz));
      assert.ok(Math.abs(tilt(hertz)) <= 1.2);
    }
    const moved = warp(5000) / 5000;
    assert.ok(moved > 0.78 && moved < 1.26, `${moved}`);
    larger += moved > 1 ? 1 : 0;
    seen.add(`${middle} ${speed} ${moved}`);
  }
  assert.equal(seen.size, 1000);
  assert.ok(larger > 400 && larger < 600, `${larger}`);
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
  assert.ok(found >= 85 && found <= 215, `${found} Hz`);
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
