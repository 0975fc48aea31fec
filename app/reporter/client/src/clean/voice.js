// A recorded voice made anew, not moved: what is said is taken from the recording, as little as words need; what a
// speaker sounds like on average is taken out of it; and a voice that is made here says it, with amounts drawn anew for
// every recording. Words, accent and manner stay: whoever knows the speaker may still know them (docs/adr/0084).
// Never here: the microphone, the page.

import { bandsOf } from './voice-bands.js';
import { writeAdpcm } from './voice-file.js';
import { evenOut, melodyOf } from './voice-normal.js';
import { trackPitch } from './voice-pitch.js';
import { shorten } from './voice-trim.js';
import { levelled, OUTPUT_RATE, speak } from './voice-vocoder.js';

/**
 * `middle` of the new pitch in Hertz, how far it goes up and down in half tones, `speed` of speaking as a factor, `warp`
 * from where in the recording (Hertz) a tone of the new voice takes its loudness, `tilt` how much louder each tone is
 * than in everybody's average (natural logarithm of power).
 * @typedef {{middle: number, spread: number, speed: number, warp: Curve, tilt: Curve}} Amounts
 */
/** @typedef {(hertz: number) => number} Curve */
/** @typedef {(fraction: number) => Promise<void>} Step tells how far it is, lets others have a turn, throws if stopped */
/** @typedef {(n: number) => Uint8Array} Rng n random bytes */

export const INPUT_RATE = 16_000; // samples a second that `disguise` is given

const MIDDLES = [95, 200]; // Hertz, wherever the old one lay
const SPREADS = [1.6, 2.4]; // half tones (standard deviation)
const SPEEDS = [1 / 1.15, 1.15];
const LEAST_WARP = 0.07; // natural logarithm of a factor
const MOST_WARP = 0.2;
const WAVE = 120; // Hertz by which single formants are moved besides
const WAVE_LENGTHS = [700, 1_600]; // Hertz
const TILT = 1.2; // 5 dB
const LOWEST_TILT = 100; // Hertz; its knots lie two octaves apart from here
// Of hearing. With more, words are clearer, and computers tell speakers apart better (docs/adr/0084).
export const BANDS = { voice: 16, whisper: 12 };
const TURN_MS = 40;
const NOISE = 65_536; // bytes of noise drawn at once: as many as browsers give

/**
 * @param {Rng} rng
 * @returns {number} from 0 to below 1
 */
function fraction(rng) {
  const [a, b, c, d] = rng(4);
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32;
}

/**
 * What is drawn for one recording. Nothing of it depends on who speaks, so it says nothing of them.
 * @param {Rng} rng
 * @returns {Amounts}
 */
export function draw(rng) {
  const between = (/** @type {number[]} */ [low, high]) => low * (high / low) ** fraction(rng);
  const aside = (/** @type {number} */ most) => most * (2 * fraction(rng) - 1);
  const larger = LEAST_WARP + (MOST_WARP - LEAST_WARP) * fraction(rng);
  const factor = Math.exp(fraction(rng) < 0.5 ? -larger : larger);
  const phase = 2 * Math.PI * fraction(rng);
  const length = between(WAVE_LENGTHS);
  const knots = [TILT, TILT, TILT, TILT].map(aside);
  return {
    middle: between(MIDDLES),
    spread: between(SPREADS),
    speed: between(SPEEDS),
    warp: (hertz) => hertz * factor + WAVE * Math.sin(hertz / length + phase) * Math.min(1, hertz / 500),
    tilt(hertz) {
      const place = Math.min(2.999, Math.log2(Math.max(hertz, LOWEST_TILT) / LOWEST_TILT) / 2);
      const knot = Math.floor(place);
      return knots[knot] + (knots[knot + 1] - knots[knot]) * (place - knot);
    },
  };
}

/**
 * @param {Rng} rng
 * @returns {() => number} from 0 to below 1, in steps of 1/65,536
 */
function noiseOf(rng) {
  /** @type {Uint8Array} */
  let drawn = new Uint8Array(0);
  let at = 0;
  return () => {
    if (at + 1 >= drawn.length) {
      drawn = rng(NOISE);
      at = 0;
    }
    at += 2;
    return (drawn[at - 2] * 256 + drawn[at - 1]) / 65_536;
  };
}

/**
 * @param {((fraction: number) => void) | undefined} onProgress
 * @param {AbortSignal | undefined} signal
 * @returns {(from: number, to: number) => Step} for a part of the work
 */
function pacing(onProgress, signal) {
  let last = performance.now();
  return (from, to) => async (done) => {
    if (performance.now() - last < TURN_MS) return;
    onProgress?.(from + (to - from) * done);
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) throw new DOMException('stopped', 'AbortError');
    last = performance.now();
  };
}

/**
 * A recording in another voice, with long silences shortened, as a WAV file (IMA ADPCM, 12,000 samples a second, one
 * channel: 6 kB a second), in which no time, place or program stands. The samples are overwritten. `isWhispered`: in
 * breath alone, so that nothing of how high somebody speaks is left.
 * @param {Float32Array} samples one channel, INPUT_RATE a second, from −1 to 1
 * @param {{rng: Rng, amounts?: Amounts, isWhispered?: boolean, onProgress?: (fraction: number) => void, signal?: AbortSignal}} o
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function disguise(samples, { rng, amounts = draw(rng), isWhispered = false, onProgress, signal }) {
  const part = pacing(onProgress, signal);
  const spoken = shorten(samples, INPUT_RATE);
  samples.fill(0);
  const track = await trackPitch(spoken, INPUT_RATE, part(0, 0.5));
  const count = isWhispered ? BANDS.whisper : BANDS.voice;
  const bands = await bandsOf(spoken, INPUT_RATE, track, count, part(0.5, 0.7));
  spoken.fill(0);
  evenOut(bands);
  const melody = melodyOf(track, bands.frames, { ...amounts, isWhispered });
  const changed = await speak(bands, melody, amounts, noiseOf(rng), part(0.7, 0.97));
  bands.levels.fill(0);
  const file = writeAdpcm(levelled(changed), OUTPUT_RATE);
  changed.fill(0);
  onProgress?.(1);
  return file;
}

export { readAdpcm } from './voice-file.js';
