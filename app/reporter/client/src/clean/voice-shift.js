// Pitch and formants moved apart from each other: short pieces of two periods, one at each beat of the voice, are played
// slower or faster (which moves the formants) and set closer together or further apart (which moves the pitch). That is
// pitch-synchronous overlap-add after Lent (1989) and Moulines and Charpentier (1990), whose patents are over.

/**
 * @import { Amounts, Step } from './voice.js'
 * @import { Track } from './voice-pitch.js'
 */

export const OUTPUT_RATE = 12_000; // samples a second: up to 6 kHz, which any change of formants can fill

const BREATH_S = 0.005; // the "period" of what has no pitch
const TAPS = 33;
const SEARCH = 0.2; // of a period, to each side of where the next beat should be
const SLICE = 40; // pieces between two turns
const FILTER_SLICE = 40_000;

/**
 * Without what would come to lie above the new sound's highest tone, so that its upper edge says nothing.
 * @param {Float32Array} samples
 * @param {number} cutoff of the rate
 * @param {Step} step
 */
async function lowPass(samples, cutoff, step) {
  const middle = (TAPS - 1) / 2;
  const taps = Float32Array.from({ length: TAPS }, (_, n) => {
    const x = n - middle;
    const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
    return sinc * (0.54 + 0.46 * Math.cos((Math.PI * x) / (middle + 1)));
  });
  const out = new Float32Array(samples.length);
  for (let n = 0; n < out.length; n += 1) {
    const first = Math.max(0, middle - n);
    const last = Math.min(TAPS, samples.length + middle - n);
    let sum = 0;
    for (let i = first; i < last; i += 1) sum += taps[i] * samples[n + i - middle];
    out[n] = sum;
    if (n % FILTER_SLICE === 0) await step((0.4 * n) / out.length);
  }
  return out;
}

/**
 * Where the voice beats, and where in between pieces are taken of what has no pitch.
 * @param {Float32Array} samples
 * @param {number} breath samples
 * @param {Track} track
 * @returns {{at: Int32Array, periods: Float32Array, voiced: Uint8Array}} rising places, in samples
 */
function beats(samples, breath, { hop, periods }) {
  const at = [];
  const lengths = [];
  const voiced = [];
  let inVoice = false;
  for (let here = 0; here < samples.length; ) {
    const period = periods[Math.min(Math.floor(here / hop), periods.length - 1)];
    let place = here;
    if (period > 0) {
      const reach = Math.round(period * (inVoice ? SEARCH : 0.5));
      const ahead = inVoice ? here : here + reach;
      place = strongest(samples, ahead - reach, ahead + reach);
    }
    if (at.length > 0 && place <= at[at.length - 1]) place = at[at.length - 1] + 1;
    inVoice = period > 0;
    at.push(place);
    lengths.push(period || breath);
    voiced.push(period > 0 ? 1 : 0);
    here = Math.round(place + (period || breath));
  }
  return { at: Int32Array.from(at), periods: Float32Array.from(lengths), voiced: Uint8Array.from(voiced) };
}

/**
 * @param {Float32Array} samples
 * @param {number} from
 * @param {number} to
 */
function strongest(samples, from, to) {
  const end = Math.min(to, samples.length - 1);
  let best = Math.max(0, Math.min(from, end));
  for (let n = best; n <= end; n += 1) if (samples[n] > samples[best]) best = n;
  return best;
}

/**
 * The same words, moved by `amounts`: factors of pitch, formants, and of how far pitch goes up and down.
 * @param {Float32Array} samples
 * @param {number} rate of them, a second
 * @param {Track} track of them
 * @param {Amounts} amounts
 * @param {Step} step
 * @returns {Promise<Float32Array>} OUTPUT_RATE a second
 */
export async function shift(samples, rate, track, amounts, step) {
  const { pitch, formants, liveliness } = amounts;
  const scale = rate / OUTPUT_RATE;
  const sound = await lowPass(samples, Math.min(0.48, OUTPUT_RATE / 2 / formants / rate), step);
  const { at, periods, voiced } = beats(sound, BREATH_S * rate, track);
  const middle = middleOf(periods, voiced);
  const out = new Float32Array(Math.floor(samples.length / scale));
  let beat = 0;
  for (let place = 0, n = 0; place < out.length; n += 1) {
    while (beat + 1 < at.length && at[beat + 1] - place * scale < place * scale - at[beat]) beat += 1;
    const period = periods[beat];
    let factor = 1;
    if (voiced[beat]) factor = pitch * (middle / period) ** (liveliness - 1);
    const distance = period / factor / scale;
    // Half a piece, in the new sound: a period as it will sound, but no gap within breath.
    const half = voiced[beat] ? period / formants / scale : distance;
    addPiece(out, place, half, sound, at[beat], formants * scale, Math.min(1, distance / half));
    place += distance;
    if (n % SLICE === 0) await step(0.4 + (0.6 * place) / out.length);
  }
  return levelled(out);
}

/**
 * @param {Float32Array} periods
 * @param {Uint8Array} voiced
 */
function middleOf(periods, voiced) {
  const own = periods.filter((_, n) => voiced[n]).sort();
  return own.length > 0 ? own[own.length >> 1] : 1;
}

/**
 * Add the sound around `centre`, under a Hann window, around `place`.
 * @param {Float32Array} out
 * @param {number} place
 * @param {number} half
 * @param {Float32Array} sound
 * @param {number} centre
 * @param {number} speed samples of `sound` for one of `out`
 * @param {number} gain
 */
function addPiece(out, place, half, sound, centre, speed, gain) {
  const end = Math.min(out.length - 1, Math.floor(place + half));
  for (let n = Math.max(0, Math.ceil(place - half)); n <= end; n += 1) {
    const from = centre + (n - place) * speed;
    const whole = Math.floor(from);
    if (whole < 0 || whole + 1 >= sound.length) continue;
    const value = sound[whole] + (sound[whole + 1] - sound[whole]) * (from - whole);
    out[n] += gain * value * (0.5 + 0.5 * Math.cos((Math.PI * (n - place)) / half));
  }
}

/**
 * As loud as it can be without being cut off: how near somebody was to the microphone is not told either.
 * @param {Float32Array} out
 */
function levelled(out) {
  const loudest = out.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  if (loudest === 0) return out;
  const gain = 0.9 / loudest;
  for (let n = 0; n < out.length; n += 1) out[n] *= gain;
  return out;
}
