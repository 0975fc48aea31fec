// AV1 and MPEG-4: what is no picture in their streams becomes filling of the same length.

import { reader, Unreadable } from './bytes.js';

/** @import { Bytes, Changed, Reader, Revealed } from './bytes.js' */

const DRAWN = new Set([1, 2, 3, 4, 6, 7, 8]);
const NOTES = 5;
const PADDING = 15;
const LIGHT = new Map([
  [1, 6],
  [2, 26],
]); // colours of the screen it was made on, light: bytes at most
const USER_DATA = 0xb2;

/**
 * Cleans AV1's units where they stand. `changed(from, to)` hears where.
 * @param {Bytes} sample
 * @param {Revealed} revealed
 * @param {Changed} changed
 */
export function quietObus(sample, revealed, changed) {
  const data = reader(sample);
  for (let at = 0; at < sample.length; ) {
    const start = at;
    const head = data.u8(at);
    const type = (head >> 3) & 15;
    at += head & 4 ? 2 : 1;
    let size = sample.length - at;
    if (head & 2) [size, at] = leb128(data, at);
    const body = data.part(at, size);
    at += size;
    if (DRAWN.has(type) || (type === NOTES && size <= /** @type {number} */ (LIGHT.get(body[0])))) continue;
    const last = size - 1;
    if (type === PADDING && body.every((byte, n) => byte === (n === last ? 0x80 : 0))) continue;
    if (type === NOTES) revealed.other = true;
    sample[start] = (head & 0x87) | (PADDING << 3);
    body.fill(0);
    if (size > 0) body[last] = 0x80;
    changed(start, at);
  }
}

/**
 * @param {Reader} data
 * @param {number} at
 * @returns {number[]}
 */
function leb128(data, at) {
  let value = 0;
  for (let n = 0; n < 4; n += 1) {
    const byte = data.u8(at + n);
    value += (byte & 127) * 128 ** n;
    if (byte < 128) return [value, at + n + 1];
  }
  throw new Unreadable('a length of an odd size');
}

/**
 * Cleans MPEG-4's user data where it stands: the encoder's name, and whatever a camera adds.
 * @param {Bytes} sample
 * @param {Revealed} revealed
 * @param {Changed} changed
 */
export function quietUserData(sample, revealed, changed) {
  for (let at = startCode(sample, 0); at < sample.length; ) {
    const next = startCode(sample, at + 4);
    if (sample[at + 3] === USER_DATA && sample.subarray(at + 4, next).some((byte) => byte !== 0xff)) {
      sample.fill(0xff, at + 4, next);
      revealed.other = true;
      changed(at + 4, next);
    }
    at = next;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @returns {number}
 */
function startCode(bytes, from) {
  for (let at = bytes.indexOf(1, from + 2); at !== -1; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] === 0 && bytes[at - 2] === 0) return at - 2;
  }
  return bytes.length;
}
