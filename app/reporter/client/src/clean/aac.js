// AAC: encoders write their name before the first sound, as filling. What stands before a frame's sound
// and is no sound becomes zeros. (Behind it nothing can be found without decoding it.)

/** @import { Bytes, Changed, Revealed } from './bytes.js' */

const FILLING = 6;
const DATA = 4;
const SOUND = new Set([11, 13, 14]); // filling that is heard: louder and softer, the higher half
const COMMON = 1; // filling of a pattern that is always the same

/**
 * Cleans one frame where it stands. `changed(from, to)` hears where.
 * @param {Bytes} frame
 * @param {Revealed} revealed
 * @param {Changed} changed
 */
export function quietAac(frame, revealed, changed) {
  let at = 0; // bits
  const take = (/** @type {number} */ bits) => {
    let value = 0;
    for (let n = 0; n < bits; n += 1, at += 1) value = value * 2 + ((frame[at >> 3] >> (7 - (at & 7))) & 1);
    return value;
  };
  const long = (/** @type {number} */ bits, /** @type {number} */ offset) => {
    const first = take(bits);
    return first === 2 ** bits - 1 ? first + take(8) + offset : first;
  };
  let dirty = false;
  for (;;) {
    const kind = take(3);
    let size = 0;
    let common = false;
    if (kind === FILLING) {
      size = long(4, -1) * 8;
      const what = take(4);
      at -= 4;
      if (SOUND.has(what)) break;
      common = what === COMMON;
    } else if (kind === DATA) {
      at += 4;
      const aligned = take(1);
      size = long(8, 0) * 8;
      if (aligned) at = Math.ceil(at / 8) * 8;
    } else break;
    if (at + size > frame.length * 8) break; // no AAC, or broken
    for (const end = at + size; at < end; at += 1) {
      const mask = 0x80 >> (at & 7);
      if (common || !(frame[at >> 3] & mask)) continue;
      frame[at >> 3] &= ~mask;
      dirty = true;
    }
  }
  if (!dirty) return;
  revealed.other = true;
  changed(0, Math.ceil(at / 8));
}
