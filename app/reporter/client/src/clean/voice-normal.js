// What is a speaker's own on average, taken out: how loud each band is, how far it goes up and down, how high they speak
// and how lively. What is left differs from word to word, not from person to person.

import { HOP_S } from './voice-bands.js';
import { HOP_S as TRACK_HOP_S } from './voice-pitch.js';

/**
 * @import { Bands } from './voice-bands.js'
 * @import { Track } from './voice-pitch.js'
 * @import { Melody } from './voice-vocoder.js'
 */

const SPREAD = 2.1; // natural logarithm of power: of a band in running speech, about
const MOST_SPREAD = 1.35; // a whisper or a noisy room is not made into shouting
const LOUDEST = 3.2; // above the mean, natural logarithm of power (14 dB): a knock on the telephone is no word
const EMPTY = 9; // below the loudest band: 39 dB. What a telephone did not record is not made up
const FADE = 0.5; // between voice and breath

/**
 * Every band with the same mean and the same spread, over what is speech; in place.
 * @param {Bands} bands
 */
export function evenOut({ levels, count, frames, isSpeech }) {
  const speech = isSpeech.reduce((sum, each) => sum + each, 0);
  if (speech === 0) return;
  const [means, spreads] = [new Float32Array(count), new Float32Array(count)];
  for (let band = 0; band < count; band += 1) {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < frames; n += 1) {
      const level = isSpeech[n] ? levels[n * count + band] : 0;
      sum += level;
      squares += level * level;
    }
    means[band] = sum / speech;
    spreads[band] = Math.sqrt(Math.max(0.01, squares / speech - means[band] ** 2));
  }
  const least = Math.max(...means) - EMPTY;
  for (let at = 0; at < levels.length; at += 1) {
    const band = at % count;
    const factor = Math.max(1 / MOST_SPREAD, Math.min(MOST_SPREAD, SPREAD / spreads[band]));
    levels[at] = Math.min(LOUDEST, (levels[at] - Math.max(least, means[band])) * factor);
  }
}

/**
 * The ups and downs of what was said around a new middle, as wide as `spread` says.
 * @param {Track} track
 * @param {number} frames
 * @param {{middle: number, spread: number, isWhispered: boolean}} o Hertz; half tones (standard deviation)
 * @returns {Melody}
 */
export function melodyOf({ periods }, frames, { middle, spread, isWhispered }) {
  const voiced = new Float32Array(frames);
  const pitch = new Float32Array(frames).fill(middle);
  const own = periods.filter((each) => each > 0).map((each) => -12 * Math.log2(each));
  if (own.length === 0 || isWhispered) return { pitch, voiced };
  const mean = own.reduce((sum, each) => sum + each, 0) / own.length;
  const wide = Math.sqrt(own.reduce((sum, each) => sum + (each - mean) ** 2, 0) / own.length);
  const factor = spread / Math.max(wide, 1.5);
  let last = 0;
  for (let n = 0; n < frames; n += 1) {
    const period = periods[Math.min(Math.floor((n * HOP_S) / TRACK_HOP_S), periods.length - 1)];
    voiced[n] = period > 0 ? 1 : 0;
    const wanted = period > 0 ? (-12 * Math.log2(period) - mean) * factor : 0;
    last += 0.25 * (Math.max(-2.5 * spread, Math.min(2.5 * spread, wanted)) - last);
    pitch[n] = middle * 2 ** (last / 12);
  }
  return { pitch, voiced: voiced.map((each, n) => (n > 0 && each !== voiced[n - 1] ? FADE : each)) };
}
