// The tables of films that may stay: how many of their bytes mean something. The rest is overwritten.

import { reader, Unreadable } from './bytes.js';

/**
 * @import { Bytes, Reader } from './bytes.js'
 * @import { Box } from './boxes.js'
 */

/** @type {Record<string, number>} */
const COUNTED = { stts: 8, ctts: 8, stss: 4, stps: 4, stsc: 12, stco: 4, co64: 8 }; // bytes of a row
const ROWS_AT = 16; // where they begin, behind their number
// Bytes of the two versions; and between which of them (in the first) nothing is said.
/** @type {Record<string, number[]>} */
const FIXED = {
  mvhd: [108, 120],
  tkhd: [92, 104],
  mdhd: [32, 44],
  vmhd: [20],
  smhd: [16],
  cslg: [32, 52],
  mehd: [16, 20],
  trex: [32],
  clef: [20],
  prof: [20],
  enof: [20],
  mfhd: [16],
  tfdt: [16, 20],
};
/** @type {Record<string, number[][]>} */
const UNSAID = {
  mvhd: [
    [34, 44],
    [80, 104],
  ],
  tkhd: [[32, 40]],
  mdhd: [[30, 32]],
  vmhd: [],
  smhd: [[14, 16]],
};

/**
 * Overwrite what means nothing in a box of numbers. Throws Unreadable where it is shorter than it says.
 * @param {Bytes} bytes
 * @param {Box} box
 */
export function quietTable(bytes, { type, at, size }) {
  const data = reader(bytes);
  const version = data.u8(at + 8);
  const end = at + endOf(data, { type, at, size }, version);
  if (end > at + size) throw new Unreadable('a table is shorter than it says');
  bytes.fill(0, end, at + size);
  const later = FIXED[type] ? FIXED[type][version] - FIXED[type][0] : 0;
  for (const [from, to] of UNSAID[type] ?? []) bytes.fill(0, at + from + later, at + to + later);
}

/**
 * @param {Reader} data
 * @param {Box} box
 * @param {number} version
 * @returns {number}
 */
function endOf(data, { type, at, size }, version) {
  if (FIXED[type]) {
    const fixed = FIXED[type][version];
    if (!fixed) throw new Unreadable('a table of an odd version');
    return fixed;
  }
  if (COUNTED[type]) return ROWS_AT + data.u32(at + 12) * COUNTED[type];
  if (type === 'elst') return ROWS_AT + data.u32(at + 12) * (version === 1 ? 20 : 12);
  if (type === 'stsz') return data.u32(at + 12) ? 20 : 20 + 4 * data.u32(at + 16);
  if (type === 'stz2') return 20 + Math.ceil((data.u32(at + 16) * data.u8(at + 15)) / 8);
  if (type === 'sdtp') return size; // a byte each, of as many as there are samples
  if (type === 'sidx') {
    const rows = version === 1 ? 40 : 32;
    return rows + 12 * data.u16(at + rows - 2);
  }
  throw new Unreadable(type);
}
