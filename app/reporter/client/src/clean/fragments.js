// Films in fragments ("moof"), as they are streamed, and recorded by browsers: each brings its own tables.

import { reader, Unreadable } from './bytes.js';
import { boxesIn, empty, hush } from './boxes.js';
import { quietTable } from './leaves.js';

/**
 * @import { Bytes, Revealed } from './bytes.js'
 * @import { Box } from './boxes.js'
 * @import { Entry } from './entries.js'
 * @import { Track, Usual } from './film.js'
 * @import { Samples } from './tables.js'
 */
/**
 * What it takes to read a track of a fragment; `end`: of the track before, null where that goes.
 * @typedef {{start: number, end: number | null, tracks: Map<number, Track>, samples: Samples, revealed: Revealed}} Around
 */
/** @typedef {{base: number | null, fromHere: boolean, entry: number | undefined, size: number | undefined}} Head */

const KEPT = new Set(['tfhd', 'tfdt', 'trun']);
const COMMON = new Set(['sbgp', 'sgpd', 'sdtp']);
const BASE = 0x1;
const ENTRY = 0x2;
const DURATION = 0x8;
const SIZE = 0x10;
const FLAGS = 0x20;
const FROM_HERE = 0x20000;
const RUN = { OFFSET: 0x1, FIRST: 0x4, DURATION: 0x100, SIZE: 0x200, FLAGS: 0x400, LATER: 0x800 };

/**
 * Clean one where it stands, and add its samples. `tracks` are those that are kept, by their number.
 * @param {Bytes} bytes
 * @param {number} start
 * @param {Map<number, Track>} tracks
 * @param {Samples} samples
 * @param {Revealed} revealed
 */
export function quietFragment(bytes, start, tracks, samples, revealed) {
  /** @type {number | null} */
  let end = start; // of the track before
  for (const box of boxesIn(bytes, 8, bytes.length)) {
    if (box.type === 'mfhd') quietTable(bytes, box);
    else if (box.type === 'traf') end = track(bytes, box, { start, end, tracks, samples, revealed });
    else if (COMMON.has(box.type)) hush(bytes, box);
    else empty(bytes, box, revealed);
  }
}

/**
 * @param {Bytes} bytes
 * @param {Box} box
 * @param {Around} around
 * @returns {number | null}
 */
function track(bytes, box, { start, end, tracks, samples, revealed }) {
  const data = reader(bytes);
  const inside = [...boxesIn(bytes, box.at + 8, box.at + box.size)];
  const [head, more] = inside.filter(({ type }) => type === 'tfhd');
  if (!head || more) throw new Unreadable('a fragment of nothing');
  const known = tracks.get(data.u32(head.at + 12));
  if (!known) {
    empty(bytes, box, revealed);
    revealed.other = true;
    return null;
  }
  const usual = headOf(bytes, head, known.usual);
  const entry = known.entries[/** @type {number} */ (usual.entry) - 1];
  if (!entry) throw new Unreadable('samples of an unknown kind');
  let base = usual.fromHere ? start : end;
  if (usual.base !== null) base = usual.base;
  if (base === null) throw new Unreadable('a fragment behind one that goes');
  let next = base;
  for (const each of inside) {
    if (each.type === 'trun') next = run(bytes, each, { base, next, usual, entry, samples });
    else if (each.type === 'tfdt') quietTable(bytes, each);
    else if (COMMON.has(each.type)) hush(bytes, each);
    else if (!KEPT.has(each.type)) empty(bytes, each, revealed);
  }
  return next;
}

/**
 * "tfhd": {base, fromHere, entry, size}.
 * @param {Bytes} bytes
 * @param {Box} head
 * @param {Usual | null | undefined} usual
 * @returns {Head}
 */
function headOf(bytes, { at, size }, usual) {
  const data = reader(bytes);
  const flags = data.u32(at + 8) & 0xffffff;
  let next = at + 16;
  /**
   * @template T
   * @param {number} flag
   * @param {number} length bytes
   * @param {T} [other]
   * @returns {T | number}
   */
  const take = (flag, length, other) => {
    if (!(flags & flag)) return /** @type {T} */ (other);
    const value = length === 8 ? data.u64(next) : data.u32(next);
    next += length;
    return value;
  };
  const base = take(BASE, 8, /** @type {number | null} */ (null));
  const entry = take(ENTRY, 4, usual?.entry);
  take(DURATION, 4);
  const each = take(SIZE, 4, usual?.size);
  take(FLAGS, 4);
  if (next > at + size) throw new Unreadable('a fragment is shorter than it says');
  bytes.fill(0, next, at + size);
  return { base, fromHere: Boolean(flags & FROM_HERE), entry, size: each };
}

/**
 * "trun": adds its samples; returns where they end.
 * @param {Bytes} bytes
 * @param {Box} box
 * @param {{base: number, next: number, usual: Head, entry: Entry, samples: Samples}} place
 * @returns {number}
 */
function run(bytes, { at, size }, { base, next, usual, entry, samples }) {
  const data = reader(bytes);
  const flags = data.u32(at + 8) & 0xffffff;
  const count = data.u32(at + 12);
  const rows = at + 16 + (flags & RUN.OFFSET ? 4 : 0) + (flags & RUN.FIRST ? 4 : 0);
  const columns = [RUN.DURATION, RUN.SIZE, RUN.FLAGS, RUN.LATER].filter((flag) => flags & flag);
  const end = rows + 4 * columns.length * count;
  if (end > at + size) throw new Unreadable('a run is shorter than it says');
  bytes.fill(0, end, at + size);
  const offset = flags & RUN.OFFSET ? new DataView(bytes.buffer, bytes.byteOffset).getInt32(at + 16) : null;
  const from = offset === null ? next : base + offset;
  const column = columns.indexOf(RUN.SIZE);
  const each = /** @type {number} */ (usual.size);
  if (column === -1 && !(each >= 0)) throw new Unreadable('samples of unknown size');
  const sizeOf = (/** @type {number} */ n) =>
    column === -1 ? each : data.u32(rows + 4 * (columns.length * n + column));
  return samples.add(from, count, sizeOf, entry.quiet);
}
