// A voice made anew from what is said: beats and breath that are the same for everybody, shaped by the bands of what was
// recorded (a channel vocoder, Dudley 1939, by the Fourier transform). Nothing of the recorded sound is in it.

import { layout, toMel } from './voice-bands.js';
import { makeFourier } from './voice-fft.js';

/**
 * @import { Amounts, Step } from './voice.js'
 * @import { Bands } from './voice-bands.js'
 */
/** @typedef {{pitch: Float32Array, voiced: Float32Array}} Melody one for each frame: Hertz, and 0 (breath) to 1 (voice) */

export const OUTPUT_RATE = 12_000; // samples a second
const SIZE = 512;
const WINDOW = 240;
const HOP = 60; // five thousandths of a second, as voice-bands.js has frames
const BREATHY = [2_200, 4_200]; // Hertz: from here on a voice's beat gives way to breath
const SLICE = 100;
const LOUDNESS = 0.12; // root of the mean square

/**
 * @param {Bands} bands whose levels are differences from their mean
 * @param {Melody} melody
 * @param {Amounts} amounts
 * @param {() => number} noise from 0 to 1
 * @param {Step} step
 * @returns {Promise<Float32Array>} OUTPUT_RATE a second
 */
export async function speak(bands, melody, amounts, noise, step) {
  const fourier = makeFourier(SIZE);
  const frames = Math.max(1, Math.floor(bands.frames / amounts.speed));
  const out = new Float32Array((frames - 1) * HOP + SIZE);
  const source = sourceOf(melody, amounts, noise);
  const window = Float32Array.from(
    { length: WINDOW },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / WINDOW),
  );
  const shape = shaping(bands, amounts);
  const [re, im] = [new Float32Array(SIZE), new Float32Array(SIZE)];
  const gain = new Float32Array(SIZE / 2 + 1);
  for (let n = 0; n < frames; n += 1) {
    const at = Math.min(n * amounts.speed, bands.frames - 1);
    re.fill(0);
    im.fill(0);
    source.advance();
    for (let i = 0; i < WINDOW; i += 1) {
      re[i] = source.beats[i] * window[i];
      im[i] = source.breath[i] * window[i];
    }
    fourier.forth(re, im);
    shape(at, gain);
    blend(re, im, gain, melody.voiced[Math.round(at)]);
    fourier.forth(im, re); // back
    for (let i = 0; i < SIZE; i += 1) out[n * HOP + i] += re[i] / SIZE;
    if (n % SLICE === 0) await step(n / frames);
  }
  return out;
}

/**
 * Beats and breath of the same loudness throughout, a window of them at a time: ten minutes of both would be 58 MB.
 * @param {Melody} melody
 * @param {Amounts} amounts
 * @param {() => number} noise
 */
function sourceOf({ pitch }, { speed }, noise) {
  const [beats, breath] = [new Float32Array(WINDOW), new Float32Array(WINDOW)];
  const kept = WINDOW - HOP;
  let end = 0; // of what was made, in samples from the beginning
  let next = 0; // where the next beat is, between two samples
  let carried = 0; // of a beat that falls across the end
  const advance = () => {
    beats.copyWithin(0, HOP);
    breath.copyWithin(0, HOP);
    beats.fill(0, kept);
    beats[kept] = carried;
    carried = 0;
    for (let n = kept; n < WINDOW; n += 1) breath[n] = (noise() - 0.5) * Math.sqrt(12);
    while (next < end + HOP) {
      const frame = Math.min(Math.floor((next / HOP) * speed), pitch.length - 1);
      const period = OUTPUT_RATE / pitch[frame];
      const whole = Math.floor(next);
      const later = Math.sqrt(period) * (next - whole);
      beats[kept + whole - end] += Math.sqrt(period) - later;
      if (whole + 1 < end + HOP) beats[kept + whole + 1 - end] += later;
      else carried = later;
      next += period;
    }
    end += HOP;
  };
  for (let made = HOP; made < WINDOW; made += HOP) advance();
  return { beats, breath, advance };
}

/**
 * @param {Bands} bands
 * @param {Amounts} amounts
 * @returns {(at: number, gain: Float32Array) => void} writes what each tone is multiplied with at a frame
 */
function shaping({ levels, count, frames }, { warp, tilt }) {
  const { lowest, width } = layout(count);
  const places = new Float32Array(SIZE / 2 + 1);
  const target = new Float32Array(SIZE / 2 + 1);
  for (let k = 0; k <= SIZE / 2; k += 1) {
    const hertz = (k * OUTPUT_RATE) / SIZE;
    places[k] = Math.max(0, Math.min(count - 1.001, (toMel(warp(hertz)) - lowest) / width));
    target[k] = average(hertz) + tilt(hertz);
  }
  const now = new Float32Array(count);
  return (at, gain) => {
    const whole = Math.floor(at);
    const next = Math.min(whole + 1, frames - 1);
    for (let band = 0; band < count; band += 1) {
      const level = levels[whole * count + band];
      now[band] = level + (levels[next * count + band] - level) * (at - whole);
    }
    for (let k = 0; k < gain.length; k += 1) {
      const band = Math.floor(places[k]);
      const level = now[band] + (now[band + 1] - now[band]) * (places[k] - band);
      gain[k] = Math.exp(0.5 * (target[k] + level));
    }
  };
}

/**
 * How loud each tone is on average in everybody's new voice: about as in Byrne and others (1994), a little brighter.
 * @param {number} hertz
 * @returns {number} natural logarithm of power
 */
function average(hertz) {
  if (hertz < 100) return -12;
  const octaves = Math.log2(Math.max(hertz, 500) / 500);
  return (-5.5 * octaves * Math.LN10) / 10 - Math.max(0, (hertz - 5_400) / 100);
}

/**
 * @param {Float32Array} re the beats' transform, in and out
 * @param {Float32Array} im the breath's
 * @param {Float32Array} gain
 * @param {number} voiced
 */
function blend(re, im, gain, voiced) {
  for (let k = 0; k <= SIZE / 2; k += 1) {
    const m = (SIZE - k) % SIZE;
    const hertz = (k * OUTPUT_RATE) / SIZE;
    const high = Math.max(0, Math.min(1, (hertz - BREATHY[0]) / (BREATHY[1] - BREATHY[0])));
    const a = Math.sqrt(voiced * (1 - high));
    const b = Math.sqrt(1 - voiced * (1 - high));
    // One transform holds both: what is even in it is the beats', what is odd the breath's.
    const beatsRe = (re[k] + re[m]) / 2;
    const beatsIm = (im[k] - im[m]) / 2;
    const breathRe = (im[k] + im[m]) / 2;
    const breathIm = (re[m] - re[k]) / 2;
    const real = gain[k] * (a * beatsRe + b * breathRe);
    const imaginary = gain[k] * (a * beatsIm + b * breathIm);
    re[k] = re[m] = real;
    im[k] = imaginary;
    im[m] = -imaginary;
  }
}

/**
 * As loud as everybody's, in place: how near somebody was to the microphone is not told either. Nothing is cut off.
 * @param {Float32Array} out
 */
export function levelled(out) {
  const squares = out.reduce((sum, each) => sum + each * each, 0);
  if (squares === 0) return out;
  const gain = LOUDNESS / Math.sqrt(squares / out.length);
  for (let n = 0; n < out.length; n += 1) out[n] = Math.tanh(out[n] * gain);
  return out;
}
