// The tables of a film: which bytes of the file are a track's pictures or sound. Everything that a
// table does not name is nobody's, and is emptied.

import { reader, Unreadable } from './bytes.js';

/**
 * @import { Bytes, Quiet, Reader } from './bytes.js'
 * @import { Box, TopBox } from './boxes.js'
 * @import { Entry } from './entries.js'
 */
/**
 * Samples in a row that are looked into.
 * @typedef {{at: number, count: number, sizeOf: (n: number) => number, quiet: Quiet}} Run
 */
/** @typedef {Map<string, Box>} Tables the boxes under "stbl", by type */

const STEPS_MAX = 20_000_000; // samples and chunks of all tracks together: ten hours have four million
const ONE_MAX = 64 * 1024 * 1024; // bytes of one picture

/** The samples of a film, as they are found: where each lies, and who looks into it. */
export class Samples {
  #steps = 0;
  /** @type {[number, number][]} */
  spans = []; // [from, to)
  /** @type {Run[]} */
  runs = []; // {at, count, sizeOf, quiet}: samples in a row that are looked into

  /**
   * `count` samples in a row; `sizeOf(n)` is the size of each. Returns where they end.
   * @param {number} at
   * @param {number} count
   * @param {(n: number) => number} sizeOf bytes
   * @param {Quiet | null | undefined} quiet
   */
  add(at, count, sizeOf, quiet) {
    let end = at;
    this.#take(count);
    for (let n = 0; n < count; n += 1) {
      const size = sizeOf(n);
      if (size > ONE_MAX) throw new Unreadable('a picture of an odd size');
      end += size;
    }
    if (quiet && end > at) this.runs.push({ at, count, sizeOf, quiet });
    return this.addBytes(at, end);
  }

  /**
   * @param {number} at
   * @param {number} end
   */
  addBytes(at, end) {
    this.#take(1);
    const last = this.spans.at(-1);
    if (last && last[1] === at) last[1] = end;
    else if (end > at) this.spans.push([at, end]);
    return end;
  }

  /** @param {number} steps */
  #take(steps) {
    this.#steps += steps;
    if (!(this.#steps <= STEPS_MAX)) throw new Unreadable('too many samples');
  }

  /**
   * Where nothing lies within the boxes that hold pictures and sound: [from, to). Throws Unreadable when
   * a sample lies elsewhere.
   * @param {TopBox[]} boxes
   */
  gaps(boxes) {
    const places = boxes.map(({ at, head, size }) => [at + head, at + size]);
    const spans = this.spans.sort((a, b) => a[0] - b[0]);
    const gaps = [];
    let n = 0;
    for (const [start, stop] of places) {
      let from = start;
      for (; n < spans.length && spans[n][0] < stop; n += 1) {
        const [at, end] = spans[n];
        if (at < start || end > stop) throw new Unreadable('a sample outside its box');
        if (at > from) gaps.push([from, at]);
        from = Math.max(from, end);
      }
      if (stop > from) gaps.push([from, stop]);
    }
    if (n < spans.length) throw new Unreadable('a sample outside its box');
    return gaps;
  }
}

/**
 * What a track's tables say, into `samples`. `tables` is a Map of the boxes under "stbl" by type;
 * `entries` are those of "stsd" (see entries.js).
 * @param {Bytes} bytes
 * @param {Tables} tables
 * @param {Entry[]} entries
 * @param {Samples} samples
 */
export function readTables(bytes, tables, entries, samples) {
  const data = reader(bytes);
  const sizes = sizesOf(data, tables);
  const { count: chunks, offset } = offsetsOf(data, tables);
  const runs = runsOf(data, tables.get('stsc'));
  let done = 0;
  let run = 0;
  for (let chunk = 1; chunk <= chunks && done < sizes.count; chunk += 1) {
    while (run + 1 < runs.length && runs.first(run + 1) <= chunk) run += 1;
    if (run >= runs.length || runs.first(run) > chunk) throw new Unreadable('a chunk of unknown size');
    const entry = entries[runs.entry(run) - 1];
    const count = runs.count(run);
    if (!entry || count > sizes.count - done) throw new Unreadable('more samples than there are');
    const at = offset(chunk - 1);
    const first = done;
    if (entry.quiet || !sizes.all) samples.add(at, count, (n) => sizes.of(first + n), entry.quiet);
    else samples.addBytes(at, at + entry.bytesOf(count, sizes.all));
    done += count;
  }
  if (done < sizes.count) throw new Unreadable('samples that lie nowhere');
}

/**
 * {count, all: size of each or 0, of(n)} from "stsz" or "stz2".
 * @param {Reader} data
 * @param {Tables} tables
 * @returns {{count: number, all: number, of: (n: number) => number}}
 */
function sizesOf(data, tables) {
  const { at, size } =
    tables.get('stsz') ?? tables.get('stz2') ?? /** @type {{at?: undefined, size?: undefined}} */ ({});
  if (!at) throw new Unreadable('no sizes');
  const all = tables.has('stsz') ? data.u32(at + 12) : 0;
  const count = data.u32(at + 16);
  const bits = tables.has('stsz') ? 32 : data.u8(at + 15);
  if (![4, 8, 16, 32].includes(bits)) throw new Unreadable('sizes of an odd size');
  if (!all && 20 + Math.ceil((count * bits) / 8) > size) throw new Unreadable('fewer sizes than samples');
  const of = /** @type {Record<number, (n: number) => number>} */ ({
    4: (n) => (data.u8(at + 20 + (n >> 1)) >> (n % 2 ? 0 : 4)) & 15,
    8: (n) => data.u8(at + 20 + n),
    16: (n) => data.u16(at + 20 + 2 * n),
    32: (n) => data.u32(at + 20 + 4 * n),
  })[bits];
  return { count, all, of: all ? () => all : of };
}

/**
 * @param {Reader} data
 * @param {Tables} tables
 * @returns {{count: number, offset: (n: number) => number}}
 */
function offsetsOf(data, tables) {
  const box = tables.get('stco') ?? tables.get('co64');
  if (!box || (tables.has('stco') && tables.has('co64'))) throw new Unreadable('no offsets');
  const long = box.type === 'co64';
  const count = data.u32(box.at + 12);
  if (16 + count * (long ? 8 : 4) > box.size) throw new Unreadable('fewer offsets than chunks');
  return { count, offset: (n) => (long ? data.u64(box.at + 16 + 8 * n) : data.u32(box.at + 16 + 4 * n)) };
}

/**
 * @param {Reader} data
 * @param {Box | undefined} box
 */
function runsOf(data, box) {
  if (!box) throw new Unreadable('no chunks');
  const count = data.u32(box.at + 12);
  if (16 + count * 12 > box.size) throw new Unreadable('fewer runs than told');
  const cell = (/** @type {number} */ column) => (/** @type {number} */ n) =>
    data.u32(box.at + 16 + 12 * n + 4 * column);
  return { length: count, first: cell(0), count: cell(1), entry: cell(2) };
}
