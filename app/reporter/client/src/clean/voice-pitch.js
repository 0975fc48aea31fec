// How high a voice is, every hundredth of a second: by how well the sound repeats itself (normalised
// cross-correlation, as in Talkin's RAPT, 1995, without its dynamic programming).

/** @import { Step } from './voice.js' */
/** @typedef {{hop: number, periods: Float32Array}} Track `periods` in samples, one per `hop` samples; 0: no pitch */

export const HOP_S = 0.01;
const COARSE = 4; // it is looked for in a quarter of the samples
const LOWEST = 60; // Hertz
const HIGHEST = 420;
const REPEATS = 0.55; // of 1: less is breath and noise
const AS_GOOD = 0.85; // of the best: then the shorter period is the true one
const QUIET = 0.004; // root of the mean square: no voice at all
const SLICE = 50; // frames between two turns

/**
 * @param {Float32Array} samples
 * @returns {Float32Array} a quarter of them, each the mean of the eight around: what is above 2 kHz repeats less exactly
 */
function coarse(samples) {
  const out = new Float32Array(Math.max(0, Math.floor(samples.length / COARSE) - 1));
  for (let n = 0; n < out.length; n += 1) {
    let sum = 0;
    for (let i = 0; i < 2 * COARSE; i += 1) sum += samples[n * COARSE + i];
    out[n] = sum / (2 * COARSE);
  }
  return out;
}

/**
 * The period at one place, in samples of `sound`, between two of them if need be; 0 for none.
 * @param {Float32Array} sound
 * @param {number} from
 * @param {{least: number, most: number, scores: Float32Array}} range
 * @returns {number}
 */
function periodAt(sound, from, { least, most, scores }) {
  const width = most;
  let own = 1e-9;
  for (let i = 0; i < width; i += 1) own += sound[from + i] * sound[from + i];
  if (Math.sqrt(own / width) < QUIET) return 0;
  let best = 0;
  for (let lag = least - 1; lag <= most + 1; lag += 1) {
    let product = 0;
    let other = 1e-9;
    for (let i = 0; i < width; i += 1) {
      const later = sound[from + lag + i];
      product += sound[from + i] * later;
      other += later * later;
    }
    const score = product / Math.sqrt(own * other);
    scores[lag] = score;
    if (lag >= least && lag <= most && score > best) best = score;
  }
  if (best < REPEATS) return 0;
  for (let lag = least; lag <= most; lag += 1) {
    const [before, here, after] = [scores[lag - 1], scores[lag], scores[lag + 1]];
    if (here < before || here < after) continue;
    const bend = before - 2 * here + after;
    const aside = bend < 0 ? (0.5 * (before - after)) / bend : 0;
    // The top lies between two samples: of a high voice, well above both.
    if (here - 0.25 * (before - after) * aside >= best * AS_GOOD) return lag + aside;
  }
  return 0;
}

/**
 * @param {Float32Array} samples
 * @param {number} rate samples a second
 * @param {Step} step
 * @returns {Promise<Track>}
 */
export async function trackPitch(samples, rate, step) {
  const sound = coarse(samples);
  const hop = Math.round(HOP_S * rate);
  const least = Math.floor(rate / COARSE / HIGHEST);
  const most = Math.ceil(rate / COARSE / LOWEST);
  const range = { least, most, scores: new Float32Array(most + 2) };
  const periods = new Float32Array(Math.floor(samples.length / hop));
  for (let n = 0; n < periods.length; n += 1) {
    // What is compared lies around the place: half before it, half after.
    const from = Math.max(0, Math.round((n * hop) / COARSE) - most);
    if (from + 2 * most + 1 < sound.length) periods[n] = COARSE * periodAt(sound, from, range);
    if (n % SLICE === 0) await step(n / periods.length);
  }
  return { hop, periods: smooth(periods) };
}

/**
 * Each the middle of five: a single frame of a wrong octave is heard as a crack.
 * @param {Float32Array} periods
 */
function smooth(periods) {
  return periods.map((_, n) => {
    const around = periods.slice(Math.max(0, n - 2), n + 3).sort();
    return around[around.length >> 1];
  });
}

/**
 * Samples in the middle one of all periods.
 * @param {Track} track
 * @returns {number | null} Hertz at 16,000 samples a second; null where there is no pitch
 */
export function medianOf({ hop, periods }) {
  const voiced = periods.filter((each) => each > 0).sort();
  return voiced.length > 0 ? hop / HOP_S / voiced[voiced.length >> 1] : null;
}
