// A recorded voice made to sound like somebody else's: how high it is and how large the mouth seems are moved, each by
// an amount drawn anew for every recording. What is said, how it is pronounced and what is heard around it stay:
// whoever knows the speaker may still know them (docs/adr/0073). Never here: the microphone, the page.

import { writeAdpcm } from './voice-file.js';
import { medianOf, trackPitch } from './voice-pitch.js';
import { OUTPUT_RATE, shift } from './voice-shift.js';
import { shorten } from './voice-trim.js';

/** @typedef {{pitch: number, formants: number, liveliness: number}} Amounts factors; see draw() */
/** @typedef {(fraction: number) => Promise<void>} Step tells how far it is, lets others have a turn, throws if stopped */
/** @typedef {(n: number) => Uint8Array} Rng n random bytes */

export const INPUT_RATE = 16_000; // samples a second that `disguise` is given

// Hertz: where the middle of the new voice may lie, wherever the old one lay. Deep and high voices of grown people.
const LOWEST = 95;
const HIGHEST = 235;
const LEAST_PITCH = 2 ** (3 / 12); // nearer to the old one than three half tones is drawn again
const MOST_PITCH = 1.9; // beyond, words suffer
const LEAST_FORMANTS = 1.09;
const MOST_FORMANTS = 1.25;
const LIVELINESS = [0.65, 1.1]; // of the ups and downs of speaking
const TURN_MS = 40;

/**
 * @param {Rng} rng
 * @returns {number} from 0 to below 1
 */
function fraction(rng) {
  const [a, b, c, d] = rng(4);
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {Rng} rng
 * @returns {number} between them, each step by the same factor as likely
 */
const between = (low, high, rng) => low * (high / low) ** fraction(rng);

/**
 * By how much this recording is changed. Never nearly as it was, and neither tells anything about the other.
 * @param {number | null} middle Hertz, of the voice as it is; null where none was found (whispering)
 * @param {Rng} rng
 * @returns {Amounts}
 */
export function draw(middle, rng) {
  const larger = between(LEAST_FORMANTS, MOST_FORMANTS, rng);
  const formants = rng(1)[0] % 2 ? larger : 1 / larger;
  const liveliness = between(LIVELINESS[0], LIVELINESS[1], rng);
  let pitch = 1;
  for (;;) {
    // The new middle is drawn, not the distance: so it says nothing about the old one.
    if (middle) pitch = between(LOWEST, HIGHEST, rng) / middle;
    const distance = Math.max(pitch, 1 / pitch);
    if (!middle || (distance >= LEAST_PITCH && distance <= MOST_PITCH)) return { pitch, formants, liveliness };
    if (middle > HIGHEST * 1.5 || middle < LOWEST / 1.5) return { pitch: nearest(middle), formants, liveliness };
  }
}

/**
 * For a voice so far outside (a small child's) that few or none of the middles can be reached.
 * @param {number} middle
 */
const nearest = (middle) => (middle > HIGHEST ? 1 / MOST_PITCH ** 0.8 : MOST_PITCH ** 0.8);

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
 * channel: 6 kB a second), in which no time, place or program stands. The samples are overwritten.
 * @param {Float32Array} samples one channel, INPUT_RATE a second, from −1 to 1
 * @param {{rng: Rng, onProgress?: (fraction: number) => void, signal?: AbortSignal}} o
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function disguise(samples, { rng, onProgress, signal }) {
  const part = pacing(onProgress, signal);
  const spoken = shorten(samples, INPUT_RATE);
  samples.fill(0);
  const track = await trackPitch(spoken, INPUT_RATE, part(0, 0.4));
  const amounts = draw(medianOf(track), rng);
  const changed = await shift(spoken, INPUT_RATE, track, amounts, part(0.4, 0.95));
  spoken.fill(0);
  const file = writeAdpcm(changed, OUTPUT_RATE);
  changed.fill(0);
  onProgress?.(1);
  return file;
}

export { readAdpcm } from './voice-file.js';
