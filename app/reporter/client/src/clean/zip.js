// Zip files as office programs write them: whole, without encryption, below 4 GB. What is written
// carries no time. Whatever is not as it should be throws Unreadable.

import { reader, Unreadable } from './bytes.js';

/** @import { Bytes } from './bytes.js' */
/** @typedef {Map<string, Bytes>} Parts by name */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const UTF8_NAME = 0x0800;
const DAY_ONE = 0x0021; // 1 January 1980, the first day a zip can name
const ENTRIES_MAX = 5000;
const INFLATED_MAX = 200 * 1024 * 1024;

/**
 * Through a CompressionStream or its opposite, at most `most` bytes.
 * @param {ReadableWritablePair<Bytes, BufferSource>} stream
 * @param {Bytes} bytes
 * @param {number} most
 * @returns {Promise<Bytes>}
 */
async function through(stream, bytes, most) {
  /** @type {Bytes[]} */
  const parts = [];
  let size = 0;
  try {
    const out = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    for (;;) {
      const { done, value } = await out.read();
      if (done) break;
      size += value.length;
      if (size > most) {
        await out.cancel();
        throw new Unreadable('too large inside');
      }
      parts.push(value);
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('not deflated');
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * The parts of a zip, in its order: a Map from name to bytes.
 * @param {Bytes} bytes
 * @returns {Promise<Parts>}
 */
export async function readZip(bytes) {
  if (typeof DecompressionStream !== 'function') throw new Unreadable('this browser cannot inflate');
  const data = reader(bytes);
  let end = bytes.length - 22;
  while (end >= Math.max(0, bytes.length - 65_557) && data.u32(end, true) !== END) end -= 1;
  if (end < 0 || data.u32(end, true) !== END) throw new Unreadable('no end');
  const count = data.u16(end + 10, true);
  if (count > ENTRIES_MAX) throw new Unreadable('too many parts');
  /** @type {Parts} */
  const parts = new Map();
  let left = INFLATED_MAX;
  let at = data.u32(end + 16, true);
  for (let n = 0; n < count; n += 1) {
    if (data.u32(at, true) !== ENTRY) throw new Unreadable('no entry');
    const flags = data.u16(at + 8, true);
    const method = data.u16(at + 10, true);
    const packed = data.u32(at + 20, true);
    const nameSize = data.u16(at + 28, true);
    const name = data.text(at + 46, nameSize);
    const local = data.u32(at + 42, true);
    if (flags & 1 || data.u32(local, true) !== LOCAL || parts.has(name)) throw new Unreadable('an odd entry');
    const from = local + 30 + data.u16(local + 26, true) + data.u16(local + 28, true);
    const part = data.part(from, packed);
    if (method !== STORED && method !== DEFLATED) throw new Unreadable('packed in another way');
    const whole = method === STORED ? part.slice() : await through(new DecompressionStream('deflate-raw'), part, left);
    left -= whole.length;
    if (left < 0) throw new Unreadable('too large inside');
    parts.set(name, whole);
    at += 46 + nameSize + data.u16(at + 30, true) + data.u16(at + 32, true);
  }
  return parts;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Little-endian numbers, each [value, bytes].
 * @param {...number[]} pairs
 */
function numbers(...pairs) {
  /** @type {number[]} */
  const out = [];
  for (const [value, size] of pairs) for (let n = 0; n < size; n += 1) out.push(Math.floor(value / 2 ** (8 * n)) & 255);
  return Uint8Array.from(out);
}

/**
 * A zip of parts: what a Blob is made of.
 * @param {Parts} parts
 * @returns {Promise<Bytes[]>}
 */
export async function writeZip(parts) {
  /** @type {Bytes[]} */
  const out = [];
  /** @type {Bytes[]} */
  const folder = [];
  let at = 0;
  const push = (/** @type {Bytes[]} */ list, /** @type {Bytes[]} */ ...pieces) => {
    list.push(...pieces);
    return pieces.reduce((sum, piece) => sum + piece.length, 0);
  };
  for (const [name, whole] of parts) {
    const label = Uint8Array.from(name, (letter) => letter.charCodeAt(0));
    const packed = await through(new CompressionStream('deflate-raw'), whole, Infinity);
    const common = [
      [20, 2],
      [UTF8_NAME, 2],
      [DEFLATED, 2],
      [0, 2],
      [DAY_ONE, 2],
      [crc32(whole), 4],
      [packed.length, 4],
      [whole.length, 4],
      [label.length, 2],
      [0, 2],
    ];
    const rest = [
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [at, 4],
    ];
    push(folder, numbers([ENTRY, 4], [20, 2], ...common, ...rest), label);
    at += push(out, numbers([LOCAL, 4], ...common), label, packed);
  }
  const size = folder.reduce((sum, piece) => sum + piece.length, 0);
  const end = numbers([END, 4], [0, 4], [parts.size, 2], [parts.size, 2], [size, 4], [at, 4], [0, 2]);
  return [...out, ...folder, end];
}
