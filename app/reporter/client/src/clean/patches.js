// A copy of a large file that differs in a few places: what is changed lies in memory, everything
// else stays where the file is, so that a film of gigabytes is copied with kilobytes. No Blob of all the
// parts: a film can have a note at each of its pictures, and browsers need minutes for as many parts.

import { Unreadable } from './bytes.js';

/** @import { Bytes, Source } from './bytes.js' */
/** @typedef {{at: number, end: number, bytes: Bytes | null}} Patch null for zeros */

const PATCHES_MAX = 1_000_000;
const BYTES_MAX = 128 * 1024 * 1024; // of what is changed, without zeros

/** New bytes for parts of a file, all of the same length as before. What can be asked of a Blob for a part of
 * it can be asked of this: `size`, `type`, `slice(from, to)`. */
export class Patched {
  /** @type {Source} */
  #file;
  /** @type {Patch[]} */
  #list = [];
  #bytes = 0;
  type = '';

  /**
   * `file`: a Blob, or another of these.
   * @param {Source} file
   */
  constructor(file) {
    this.#file = file;
    /** @type {number} */
    this.size = file.size;
  }

  /**
   * Throws Unreadable where there are too many: such a copy would not fit in memory.
   * @param {number} at
   * @param {Bytes} bytes
   */
  put(at, bytes) {
    this.#bytes += bytes.length;
    if (this.#bytes > BYTES_MAX) throw new Unreadable('too many changes');
    this.#add(at, bytes.length, bytes);
  }

  /**
   * @param {number} at
   * @param {number} size
   */
  zero(at, size) {
    this.#add(at, size, null);
  }

  /**
   * @param {number} at
   * @param {number} size
   * @param {Bytes | null} bytes
   */
  #add(at, size, bytes) {
    if (this.#list.length >= PATCHES_MAX) throw new Unreadable('too many changes');
    if (size > 0) this.#list.push({ at, end: at + size, bytes });
  }

  /** Put the changes in order, once all are there. Throws Unreadable where two meet. */
  finish() {
    this.#list.sort((a, b) => a.at - b.at);
    this.#list.forEach(({ end }, n) => {
      if (end > (this.#list[n + 1]?.at ?? this.size)) throw new Unreadable('one place is two things');
    });
    return this;
  }

  /**
   * What is changed between two places: [from, to, bytes] of each.
   * @param {number} from
   * @param {number} to
   * @returns {Generator<[number, number, Bytes], void>}
   */
  *#between(from, to) {
    let [low, high] = [0, this.#list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#list[middle].end <= from) low = middle + 1;
      else high = middle;
    }
    for (let n = low; n < this.#list.length && this.#list[n].at < to; n += 1) {
      const { at, end, bytes } = this.#list[n];
      const [start, stop] = [Math.max(from, at), Math.min(to, end)];
      yield [start, stop, bytes ? bytes.subarray(start - at, stop - at) : new Uint8Array(stop - start)];
    }
  }

  /**
   * A part of it, as a Blob.
   * @param {number} from
   * @param {number} [to]
   * @returns {Blob}
   */
  slice(from, to = this.size) {
    /** @type {BlobPart[]} */
    const parts = [];
    const last = Math.min(to, this.size);
    let at = from;
    for (const [start, stop, bytes] of this.#between(from, last)) {
      parts.push(this.#file.slice(at, start), bytes);
      at = stop;
    }
    return new Blob([...parts, this.#file.slice(at, last)]);
  }

  /**
   * A part of it, as bytes: at once, however much is changed there.
   * @param {number} from
   * @param {number} to
   * @returns {Promise<Bytes>}
   */
  async read(from, to) {
    const last = Math.min(to, this.size);
    const whole = new Uint8Array(await this.#file.slice(from, last).arrayBuffer());
    for (const [start, , bytes] of this.#between(from, last)) whole.set(bytes, start - from);
    return whole;
  }
}
