// What is said, as little as words need: how loud each of some bands of hearing is, two hundred times a second. How the
// voice itself beats is not in it: each spectrum is smoothed over the distance of the voice's own tones first.

import { makeFourier } from './voice-fft.js';

/** @import { Step } from './voice.js' */
/** @import { Track } from './voice-pitch.js' */
/**
 * `levels` in natural logarithms of power, `count` a frame, from low to high; `isSpeech` 1 where a frame is loud enough.
 * @typedef {{levels: Float32Array, count: number, frames: number, isSpeech: Uint8Array}} Bands
 */

export const HOP_S = 0.005;
const WINDOW_S = 0.025;
const SIZE = 512;
const LOWEST = 120; // Hertz
const HIGHEST = 5_600;
const NARROWEST = 120; // Hertz over which a spectrum is smoothed at least
const QUIETER = 5.5; // natural logarithm of power below the loud frames: 24 dB
const SLICE = 100;
const NOTHING = 1e-9;

/** Mel, after O'Shaughnessy (1987). */
export const toMel = (/** @type {number} */ hertz) => 1127 * Math.log(1 + hertz / 700);
const toHertz = (/** @type {number} */ mel) => 700 * (Math.exp(mel / 1127) - 1);

/**
 * @param {number} count
 * @returns {{lowest: number, width: number}} in mel: where the first band has its middle, and the next one from there
 */
export function layout(count) {
  const lowest = toMel(LOWEST);
  return { lowest, width: (toMel(HIGHEST) - lowest) / (count - 1) };
}

/**
 * @param {Float32Array} samples
 * @param {number} rate of them, a second
 * @param {Track} track of them
 * @param {number} count of bands
 * @param {Step} step
 * @returns {Promise<Bands>}
 */
export async function bandsOf(samples, rate, track, count, step) {
  const fourier = makeFourier(SIZE);
  const hop = Math.round(HOP_S * rate);
  const length = Math.round(WINDOW_S * rate);
  const window = Float32Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
  const { lowest, width } = layout(count);
  const edges = Array.from({ length: count + 2 }, (_, n) => (toHertz(lowest + (n - 1) * width) * SIZE) / rate);
  const frames = Math.max(1, Math.ceil(samples.length / hop));
  const levels = new Float32Array(frames * count);
  const [re, im] = [new Float32Array(SIZE), new Float32Array(SIZE)];
  const sums = new Float32Array(SIZE / 2 + 2);
  for (let n = 0; n < frames; n += 1) {
    re.fill(0);
    im.fill(0);
    const from = n * hop - (length >> 1);
    for (let i = Math.max(0, -from); i < length && from + i < samples.length; i += 1)
      re[i] = samples[from + i] * window[i];
    fourier.forth(re, im);
    sums[0] = 0;
    for (let k = 0; k <= SIZE / 2; k += 1) sums[k + 1] = sums[k] + re[k] * re[k] + im[k] * im[k];
    const period = track.periods[Math.min(Math.floor((n * hop) / track.hop), track.periods.length - 1)] || 0;
    const smooth = Math.max(NARROWEST, period > 0 ? rate / period : 0) * (SIZE / rate);
    for (let band = 0; band < count; band += 1) {
      levels[n * count + band] = Math.log(NOTHING + power(sums, edges[band], edges[band + 2], smooth));
    }
    if (n % SLICE === 0) await step(n / frames);
  }
  return { levels, count, frames, isSpeech: loudOnes(levels, count, frames) };
}

/**
 * The mean power from `low` to `high` (in bins), at least `smooth` wide.
 * @param {Float32Array} sums up to each bin
 * @param {number} low
 * @param {number} high
 * @param {number} smooth
 */
function power(sums, low, high, smooth) {
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 4, smooth / 2);
  const [from, to] = [upTo(sums, middle - half), upTo(sums, middle + half)];
  return (to - from) / (2 * half);
}

/**
 * @param {Float32Array} sums
 * @param {number} place in bins; each covers half a bin to each side
 */
function upTo(sums, place) {
  const at = Math.max(0, Math.min(sums.length - 1.001, place + 0.5));
  const whole = Math.floor(at);
  return sums[whole] + (sums[whole + 1] - sums[whole]) * (at - whole);
}

/**
 * @param {Float32Array} levels
 * @param {number} count
 * @param {number} frames
 */
function loudOnes(levels, count, frames) {
  const loud = Float32Array.from({ length: frames }, (_, n) => {
    let sum = 0;
    for (let band = 0; band < count; band += 1) sum += Math.exp(levels[n * count + band]);
    return Math.log(sum);
  });
  const top = loud.slice().sort()[Math.floor(frames * 0.9)];
  return Uint8Array.from(loud, (each) => (each > top - QUIETER ? 1 : 0));
}
