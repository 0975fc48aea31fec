// Sound in frames that follow one another: MP3, AAC, AMR. Tags before, between and behind are no
// frames, and are left out.

import { quietAac } from './aac.js';
import { reader, Unreadable } from './bytes.js';

/** @import { Bytes, Cleaned, Revealed } from './bytes.js' */

/** @type {Record<number, number[]>} */
const RATES = { 3: [44_100, 48_000, 32_000], 2: [22_050, 24_000, 16_000], 0: [11_025, 12_000, 8_000] };
const KBITS = {
  long: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  short: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
/** @type {Record<string, number[]>} */
const AMR = { '#!AMR\n': [12, 13, 15, 17, 19, 20, 26, 31, 5], '#!AMR-WB\n': [17, 23, 32, 36, 40, 46, 50, 58, 60, 5] };
const AMR_NOTHING = 15; // a frame without sound
/** What may follow a sound: only behind these it is sure that the last frame is whole. One that was cut off, as a
 * recorder's are when it runs out of power, would end within the tag, and take a piece of it along. */
const TAG = /^(TAG|APETAGEX|ID3|LYRICSBEGIN)/;
const STRANGE_MAX = 32 * 1024 * 1024;
const MADE_BY = 120; // bytes from "Xing" on that are of the sound: how many frames, where, how good

/**
 * MP3, and AAC behind a tag like an MP3's: {parts, revealed}. Throws Unreadable for layers 1 and 2, and where no
 * frames are.
 * @param {Bytes} bytes
 * @returns {Cleaned}
 */
export function mp3(bytes) {
  if (sizeOfAac(bytes, tagged(bytes))) return { ...aac(bytes), ending: 'aac', type: 'audio/aac' };
  return framesOf(bytes, sizeOfMp3, ([first], revealed) => quietFirst(first, revealed));
}

/**
 * AAC in ADTS: {parts, revealed}.
 * @param {Bytes} bytes
 * @returns {Cleaned}
 */
export function aac(bytes) {
  return framesOf(bytes, sizeOfAac, (parts, revealed) => parts.forEach((part) => quietAll(part, revealed)));
}

/**
 * Bytes of the frame at `at`, or 0.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {number}
 */
function sizeOfMp3(bytes, at) {
  const [first, second, third] = bytes.subarray(at, at + 3);
  if (first !== 0xff || (second & 0xe6) !== 0xe2) return 0;
  const version = (second >> 3) & 3;
  const rate = RATES[version]?.[(third >> 2) & 3];
  const kbits = KBITS[version === 3 ? 'long' : 'short'][(third >> 4) - 1];
  if (!rate || !kbits) return 0;
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbits) / rate) + ((third >> 1) & 1);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {number}
 */
function sizeOfAac(bytes, at) {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xf6) !== 0xf0) return 0;
  const size = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
  return size > 7 ? size : 0;
}

/**
 * What frames of one kind there are: a first that another follows, and those behind it.
 * @param {Bytes} bytes
 * @param {(bytes: Uint8Array, at: number) => number} sizeOf
 * @param {(parts: Bytes[], revealed: Revealed) => void} quiet
 * @returns {{parts: Bytes[], revealed: Revealed}}
 */
function framesOf(bytes, sizeOf, quiet) {
  const revealed = { place: null, time: null, device: null, other: false };
  /** @type {Bytes[]} */
  const parts = [];
  /** @type {number | null} */
  let begun = null;
  let last = 0; // where the latest frame begins
  let strange = 0; // bytes of no frame
  const fits = (/** @type {number} */ at) => {
    const size = sizeOf(bytes, at);
    return size > 0 && at + size <= bytes.length ? size : 0;
  };
  const two = (/** @type {number} */ at) => fits(at) && (at + fits(at) === bytes.length || fits(at + fits(at)));
  for (let at = tagged(bytes); at < bytes.length; ) {
    const size = begun === null && !two(at) ? 0 : fits(at);
    if (size > 0) [begun, last] = [begun ?? at, at];
    else {
      if (begun !== null) parts.push(bytes.slice(begun, TAG.test(latin(bytes, at)) ? at : last));
      begun = null;
      revealed.other ||= bytes[at] !== 0;
      strange += 1;
      if (strange > STRANGE_MAX) throw new Unreadable('more that is no sound than sound needs');
    }
    at += size || 1;
    if (at === bytes.length && begun !== null) parts.push(bytes.slice(begun));
  }
  if (parts.length === 0) throw new Unreadable('no frames');
  if (tagged(bytes) > 0) revealed.other = true;
  quiet(parts, revealed);
  return { parts, revealed };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
const latin = (bytes, at) => String.fromCharCode(...bytes.subarray(at, at + 11));

/**
 * Bytes of the tag before everything else.
 * @param {Uint8Array} bytes
 * @returns {number}
 */
function tagged(bytes) {
  if (String.fromCharCode(...bytes.subarray(0, 3)) !== 'ID3') return 0;
  return 10 + bytes.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 127), 0);
}

/**
 * The first frame of many MP3s is silent, and says how long all is, and what made it.
 * @param {Bytes} frames
 * @param {Revealed} revealed
 */
function quietFirst(frames, revealed) {
  const frame = frames.subarray(0, sizeOfMp3(frames, 0));
  const words = String.fromCharCode(...frame.subarray(0, 64));
  const at = Math.max(words.indexOf('Xing'), words.indexOf('Info'));
  if (at === -1) return;
  const made = frame.subarray(at + MADE_BY);
  if (made.some((byte) => byte !== 0)) revealed.other = true;
  made.fill(0);
}

/**
 * Every frame of ADTS: its head has 7 bytes, or 9 with a checksum.
 * @param {Bytes} frames
 * @param {Revealed} revealed
 */
function quietAll(frames, revealed) {
  for (let at = 0; at < frames.length; at += sizeOfAac(frames, at)) {
    const head = frames[at + 1] & 1 ? 7 : 9;
    quietAac(frames.subarray(at + head, at + sizeOfAac(frames, at)), revealed, () => {});
  }
}

/**
 * AMR: {parts, revealed}. Throws Unreadable where anything else follows.
 * @param {Bytes} bytes
 * @returns {Cleaned}
 */
export function amr(bytes) {
  const data = reader(bytes);
  const mark = Object.keys(AMR).find((each) => data.text(0, Math.min(each.length, bytes.length)) === each);
  if (!mark) throw new Unreadable('several at once');
  for (let at = mark.length; at < bytes.length; ) {
    const mode = (data.u8(at) >> 3) & 15;
    const size = AMR[mark][mode] + 1 || (mode === AMR_NOTHING ? 1 : NaN);
    if (!(size > 0)) throw new Unreadable('no frame');
    at += data.part(at, size).length;
  }
  return { parts: [bytes], revealed: { place: null, time: null, device: null, other: false } };
}
