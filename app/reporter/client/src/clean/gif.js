// GIF: pictures, how long each is shown, and how often all. Comments, texts and other programs' blocks are left out.

import { concat } from '../protocol/encoding.js';
import { reader, Unreadable } from './bytes.js';

/** @import { Bytes, Cleaned } from './bytes.js' */

const BLOCKS_MAX = 200_000;
const FRAME = 0x2c;
const MORE = 0x21;
const END = 0x3b;
const TIMING = 0xf9;
const PROGRAM = 0xff;
const AGAIN = '\x0bNETSCAPE2.0\x03\x01'; // how often all is shown

/**
 * GIF: {parts, revealed}.
 * @param {Bytes} bytes
 * @returns {Cleaned}
 */
export function gif(bytes) {
  const data = reader(bytes);
  const revealed = { place: null, time: null, device: null, other: false };
  let at = 13 + colours(data.u8(10));
  const parts = [data.part(0, at)];
  for (let count = 0; ; count += 1) {
    if (count > BLOCKS_MAX) throw new Unreadable('too many pictures');
    const kind = data.u8(at);
    if (kind === END) return { parts: [...parts, Uint8Array.of(END)], revealed };
    const from = at;
    if (kind === FRAME) at += 11 + colours(data.u8(at + 9));
    else if (kind === MORE) at += 2;
    else throw new Unreadable('no block');
    const head = data.part(from, at - from);
    const inside = at;
    while (data.u8(at) !== 0) at += 1 + data.u8(at);
    at += 1;
    if (kind === FRAME) parts.push(head, data.part(inside, at - inside));
    else if (data.u8(from + 1) === TIMING && at - inside === 6) parts.push(data.part(from, 8));
    else if (data.u8(from + 1) === PROGRAM && at - inside > 16 && data.text(inside, 14) === AGAIN) {
      parts.push(concat(data.part(from, 18), [0]));
    } else revealed.other = true;
  }
}

/**
 * Bytes of a table of colours, by the flags before it.
 * @param {number} flags
 */
const colours = (flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
