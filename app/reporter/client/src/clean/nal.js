// H.264 and H.265: pictures are units, and some units are notes (SEI) in which encoders write their name
// and options, cameras the time of day, the place, a serial number. What may stay is what is drawn by. All
// else becomes filling of the same length: other bytes must not move.

import { reader, Unreadable } from './bytes.js';

/** @import { Bytes, Changed, Revealed } from './bytes.js' */
/** @typedef {'avc' | 'hevc'} Codec */
/** @typedef {{kind: Codec, lengthSize: number}} How the codec, and the bytes of a unit's length */

/**
 * @param {number} from
 * @param {number} to
 */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const KINDS = {
  avc: { head: 1, kept: new Set([1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 19, 20]), notes: [6], filler: 12 },
  hevc: {
    head: 2,
    notes: [39, 40],
    filler: 38,
    kept: new Set([...range(0, 9), ...range(16, 21), ...range(32, 37)]),
  },
};
// Notes that a picture is drawn by, with the most bytes that each has: recovery point, packed
// frames, the way up, active parameters, colours of the screen it was made on, light, transfer.
const NOTES = new Map([
  [6, 8],
  [45, 16],
  [47, 8],
  [129, 40],
  [137, 24],
  [144, 4],
  [147, 1],
]);
const FILLING = 3;
const SAYS = new Set([4, 5, 136]); // users' own data, the time of day: the page tells that there was something

/**
 * Cleans one sample, where it stands: units behind their length. `changed(from, to)` hears where.
 * @param {Bytes} sample
 * @param {How} how
 * @param {Revealed} revealed
 * @param {Changed} changed
 */
export function quietUnits(sample, { kind, lengthSize }, revealed, changed) {
  const data = reader(sample);
  for (let at = 0; at < sample.length; ) {
    let size = 0;
    for (let n = 0; n < lengthSize; n += 1) size = size * 256 + data.u8(at + n);
    at += lengthSize;
    if (size > 0 && quietUnit(data.part(at, size), kind, revealed)) changed(at, at + size);
    at += size;
  }
}

/**
 * Cleans one unit where it stands: whether anything was changed.
 * @param {Bytes} unit
 * @param {Codec} kind
 * @param {Revealed} revealed
 * @returns {boolean}
 */
export function quietUnit(unit, kind, revealed) {
  const { head, kept, notes } = KINDS[kind];
  if (unit.length <= head) return fill(unit, head, kind);
  const type = head === 1 ? unit[0] & 31 : (unit[0] >> 1) & 63;
  if (kept.has(type)) return false;
  if (notes.includes(type)) return quietNotes(unit, head, revealed);
  const changed = fill(unit, head, kind);
  if (changed) revealed.other = true;
  return changed;
}

/**
 * Filler data: all ones, and the bit that ends a unit.
 * @param {Bytes} unit
 * @param {number} head
 * @param {Codec} kind
 * @returns {boolean}
 */
function fill(unit, head, kind) {
  const before = unit.slice();
  if (head === 1) unit[0] = (unit[0] & 0x80) | KINDS[kind].filler;
  else {
    unit[0] = KINDS[kind].filler << 1;
    unit.fill(1, 1, 2);
  }
  if (unit.length > head) {
    unit.fill(0xff, head);
    unit[unit.length - 1] = 0x80;
  }
  return before.some((byte, n) => byte !== unit[n]);
}

/**
 * Leaves the notes that may stay, behind filling that takes the others' room.
 * @param {Bytes} unit
 * @param {number} head
 * @param {Revealed} revealed
 * @returns {boolean}
 */
function quietNotes(unit, head, revealed) {
  const plain = unescaped(unit.subarray(head));
  const kept = [];
  let dropped = false;
  for (let at = 0; ; ) {
    const start = at;
    if (plain.length - at <= 1 || (plain[at] === 0x80 && plain.subarray(at + 1).every((byte) => byte === 0))) break;
    let type = 0;
    let size = 0;
    for (; plain[at] === 0xff; at += 1) type += 255;
    type += plain[at++];
    for (; plain[at] === 0xff; at += 1) size += 255;
    size += plain[at++];
    if (!(at + size <= plain.length)) throw new Unreadable('a note is longer than its unit');
    const body = plain.subarray(at, at + size);
    at += size;
    if (type === FILLING && body.every((byte) => byte === 0xff)) continue;
    if (size <= /** @type {number} */ (NOTES.get(type))) kept.push(plain.subarray(start, at));
    else dropped = true;
    if (SAYS.has(type)) revealed.other = true;
  }
  if (!dropped) return false;
  const last = escaped(kept);
  const room = unit.length - head - last.length - 1;
  unit.set(filling(room), head);
  unit.set(last, head + room);
  unit[unit.length - 1] = 0x80;
  return true;
}

/**
 * Notes of nothing but filling, so many bytes of them with their heads.
 * @param {number} room
 * @returns {number[]}
 */
function filling(room) {
  if (room === 0) return [];
  if (room === 1) throw new Unreadable('no room for a note');
  const sized = room - 2 - Math.floor((room - 2) / 256);
  const size = [...Array(Math.floor(sized / 255)).fill(0xff), sized % 255];
  if (1 + size.length + sized !== room) return [FILLING, 0, ...filling(room - 2)];
  return [FILLING, ...size, ...Array(sized).fill(0xff)];
}

/**
 * Without the threes that keep zeros from looking like a start.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
function unescaped(bytes) {
  const plain = new Uint8Array(bytes.length);
  let length = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    plain[length++] = byte;
  }
  return plain.subarray(0, length);
}

/**
 * @param {Uint8Array[]} notes
 * @returns {number[]}
 */
function escaped(notes) {
  const bytes = [];
  let zeros = 0;
  for (const byte of notes.flatMap((note) => [...note])) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    bytes.push(byte);
  }
  return bytes;
}

/**
 * "avcC", "hvcC": parameter sets, among which encoders put notes too. Returns {kind, lengthSize}.
 * @param {Bytes} bytes
 * @param {string} type 'avcC' or 'hvcC'
 * @param {Revealed} revealed
 * @returns {How}
 */
export function quietSets(bytes, type, revealed) {
  const data = reader(bytes);
  const kind = type === 'avcC' ? 'avc' : 'hevc';
  let at = kind === 'avc' ? 5 : 22;
  const sets = (/** @type {number} */ count) => {
    for (let n = 0; n < count; n += 1) {
      const size = data.u16(at);
      quietUnit(data.part(at + 2, size), kind, revealed);
      at += 2 + size;
    }
  };
  const lengthSize = (data.u8(kind === 'avc' ? 4 : 21) & 3) + 1;
  if (kind === 'avc') {
    sets(data.u8(at++) & 31);
    sets(data.u8(at++));
    const more = ![66, 77, 88].includes(data.u8(1)) && at + 4 <= bytes.length;
    if (more) {
      at += 3;
      sets(data.u8(at++));
    }
  } else {
    for (let lists = data.u8(at++); lists > 0; lists -= 1) {
      at += 3;
      sets(data.u16(at - 2));
    }
  }
  bytes.fill(0, at);
  return { kind, lengthSize };
}
