// JPEG, PNG and WebP without what they tell: the picture's own bytes stay as they are, everything
// that is not needed to draw it is left out. What is kept is a list; what nobody knows goes.

import { concat } from '../protocol/encoding.js';
import { reader, Unreadable } from './bytes.js';
import { exifOf, readExif } from './exif.js';

/**
 * @import { Bytes, Cleaned, Reader } from './bytes.js'
 * @import { Exif } from './exif.js'
 */
/** @typedef {Exif & {other: boolean}} Revealed */
/** @typedef {Cleaned & {parts: Bytes[], revealed: Revealed}} Picture */

const PARTS_MAX = 200_000; // segments, chunks: a picture has some thousands
const ADOBE = 16; // bytes of its segment
/** @returns {Revealed} */
const nothing = () => ({ place: null, time: null, device: null, orientation: 1, other: false });
/** @param {string} text */
const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
/**
 * @param {number} value
 * @param {boolean} little
 */
const number = (value, little) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return bytes;
};

/**
 * Remember what a block told; what stands first counts.
 * @param {Revealed} revealed
 * @param {Bytes} block
 */
function learn(revealed, block) {
  const more = readExif(block);
  revealed.place ??= more.place;
  revealed.time ??= more.time;
  revealed.device ??= more.device;
  if (revealed.orientation === 1) revealed.orientation = more.orientation;
}

// Segments that the picture is drawn by. Frames are not those of JPEG-LS, nor of JPEGs within JPEGs.
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb]);
const TABLES = new Set([0xc4, 0xcc, 0xdb, 0xdc, 0xdd]);
const SCAN = 0xda;
/** @param {number} marker */
const hasNoLength = (marker) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/**
 * JPEG: {parts, revealed}. Kept: JFIF, the colour profile, Adobe's colour mark, tables, the picture.
 * @param {Bytes} bytes
 * @returns {Picture}
 */
export function jpeg(bytes) {
  const data = reader(bytes);
  const revealed = nothing();
  const parts = [bytes.subarray(0, 2)];
  let drawn = false;
  let at = 2;
  for (let count = 0; ; count += 1) {
    if (count > PARTS_MAX) throw new Unreadable('too many segments');
    while (data.u8(at) === 0xff && data.u8(at + 1) === 0xff) at += 1; // filling
    if (data.u8(at) !== 0xff) throw new Unreadable('no marker');
    const marker = data.u8(at + 1);
    if (marker === 0xd9) break; // what follows the picture's end is not the picture
    if (hasNoLength(marker)) {
      at += 2;
      continue;
    }
    const size = data.u16(at + 2) + 2;
    const segment = data.part(at, size);
    const name = data.text(at + 4, Math.min(12, Math.max(0, size - 4)));
    const kept = keptOf(segment, marker, name);
    if (kept) parts.push(kept);
    drawn ||= FRAMES.has(marker);
    if (marker === 0xe1 && name.startsWith('Exif\0\0')) learn(revealed, segment.subarray(10));
    else if (!kept || (kept.length < size && marker !== 0xe0)) revealed.other = true;
    at += size;
    if (marker === SCAN) {
      const end = endOfScan(bytes, at);
      parts.push(bytes.subarray(at, end));
      at = end;
    }
  }
  if (!drawn) throw new Unreadable('a picture of another kind');
  parts.push(Uint8Array.of(0xff, 0xd9));
  if (revealed.orientation !== 1) {
    const block = exifOf(revealed.orientation);
    const head = [0xff, 0xe1, 0, block.length + 8, ...latin('Exif\0\0')];
    parts.splice(1, 0, Uint8Array.from([...head, ...block]));
  }
  return { parts, revealed };
}

/**
 * What stays of a segment, or null.
 * @param {Bytes} segment
 * @param {number} marker
 * @param {string} name
 * @returns {Bytes | null}
 */
function keptOf(segment, marker, name) {
  if (FRAMES.has(marker) || TABLES.has(marker) || marker === SCAN) {
    if (lengthOf(segment, marker) !== segment.length) throw new Unreadable('more than the picture needs');
    return segment;
  }
  if (marker === 0xe0 && name.startsWith('JFIF\0') && segment.length >= 18) return withoutThumbnail(segment);
  if (marker === 0xe2 && name === 'ICC_PROFILE\0') return segment;
  if (marker !== 0xee || !name.startsWith('Adobe') || !(segment[ADOBE - 1] <= 2)) return null;
  return Uint8Array.from([0xff, 0xee, 0, ADOBE - 2, ...latin('Adobe'), 0, 100, 0, 0, 0, 0, segment[ADOBE - 1]]);
}

/**
 * How long a segment is by what it says within.
 * @param {Bytes} segment
 * @param {number} marker
 * @returns {number}
 */
function lengthOf(segment, marker) {
  const data = reader(segment);
  if (marker === SCAN) return 8 + 2 * data.u8(4);
  if (FRAMES.has(marker)) return 10 + 3 * data.u8(9);
  if (marker === 0xdc || marker === 0xdd) return 6;
  if (marker === 0xcc) return segment.length - (segment.length % 2);
  let at = 4;
  while (at < segment.length) {
    if (marker === 0xdb) at += data.u8(at) > 15 ? 129 : 65;
    else at += 17 + data.part(at + 1, 16).reduce((sum, count) => sum + count, 0);
  }
  return at;
}

/**
 * How wide, how high and how it is drawn: no picture in the picture.
 * @param {Bytes} segment
 */
function withoutThumbnail(segment) {
  const kept = segment.slice(0, 18);
  kept[2] = 0;
  kept[3] = 16;
  kept[16] = 0;
  kept[17] = 0;
  return kept;
}

/**
 * Where the next marker stands that is neither a stuffed byte nor a restart.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @returns {number}
 */
function endOfScan(bytes, from) {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new Unreadable('the picture has no end');
}

const PNG_END = Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82); // with its checksum
// Chunks that draw the picture, and the most bytes that each has.
const PNG_KEPT = new Map(
  Object.entries({
    IHDR: 13,
    PLTE: 768,
    IDAT: Infinity,
    tRNS: 256,
    gAMA: 4,
    cHRM: 32,
    sRGB: 1,
    iCCP: Infinity,
    cICP: 4,
    sBIT: 4,
    bKGD: 6,
    pHYs: 9,
    acTL: 8,
    fcTL: 26,
    fdAT: Infinity,
    mDCV: 24,
    cLLI: 8,
  }),
);

/**
 * PNG: {parts, revealed}. Kept: what draws the picture.
 * @param {Bytes} bytes
 * @returns {Picture}
 */
export function png(bytes) {
  const data = reader(bytes);
  const revealed = nothing();
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8, count = 0; ; count += 1) {
    if (count > PARTS_MAX) throw new Unreadable('too many chunks');
    const size = data.u32(at) + 12;
    const type = data.text(at + 4, 4);
    const chunk = data.part(at, size);
    at += size;
    if (type === 'IEND') {
      if (size > PNG_END.length) revealed.other = true;
      return { parts: [...parts, PNG_END], revealed };
    }
    if (size - 12 > /** @type {number} */ (PNG_KEPT.get(type))) throw new Unreadable(`a ${type} of an odd size`);
    if (PNG_KEPT.has(type)) parts.push(chunk);
    else if (type === 'eXIf') learn(revealed, chunk.subarray(8, size - 4));
    else revealed.other = true;
  }
}

// Chunks that draw the picture, and the most bytes that each has.
const WEBP_KEPT = new Map(
  Object.entries({
    'VP8 ': Infinity,
    VP8L: Infinity,
    VP8X: 10,
    ANIM: 6,
    ANMF: Infinity,
    ALPH: Infinity,
    ICCP: Infinity,
  }),
);
const WEBP_FRAME = 16; // bytes of an ANMF before the chunks within
const WEBP_DRAWN = new Set(['VP8 ', 'VP8L', 'ALPH']);
const WEBP_FLAGS = 0x20 | 0x10 | 0x02; // has a colour profile, transparency, moves

/**
 * WebP: {parts, revealed}. Kept: what draws the picture.
 * @param {Bytes} bytes
 * @returns {Picture}
 */
export function webp(bytes) {
  const data = reader(bytes);
  const revealed = nothing();
  const kept = [];
  const end = Math.min(data.length, data.u32(4, true) + 8);
  for (const { type, body } of chunksIn(data, 12, end)) {
    if (body.length > /** @type {number} */ (WEBP_KEPT.get(type))) throw new Unreadable(`a ${type} of an odd size`);
    if (type === 'ANMF') kept.push(frame(body, revealed));
    else if (type === 'VP8X') kept.push(chunk(type, Uint8Array.of(body[0] & WEBP_FLAGS, 0, 0, 0, ...body.subarray(4))));
    else if (WEBP_KEPT.has(type)) kept.push(chunk(type, body));
    else if (type === 'EXIF') learn(revealed, exifInside(body));
    else revealed.other = true;
  }
  const head = kept.find((each) => reader(each).text(0, 4) === 'VP8X');
  if (revealed.orientation !== 1 && head) {
    head[8] |= 0x08;
    kept.push(chunk('EXIF', exifOf(revealed.orientation)));
  }
  const size = kept.reduce((sum, each) => sum + each.length, 4);
  return { parts: [latin('RIFF'), number(size, true), latin('WEBP'), ...kept], revealed };
}

/**
 * {type, body} of each chunk; the last filling may lack.
 * @param {Reader} data
 * @param {number} from
 * @param {number} to
 * @returns {Generator<{type: string, body: Bytes}, void>}
 */
function* chunksIn(data, from, to) {
  for (let at = from, count = 0; at + 8 <= to; count += 1) {
    const size = data.u32(at + 4, true);
    if (count > PARTS_MAX) throw new Unreadable('too many chunks');
    if (at + 8 + size > to) throw new Unreadable('a chunk is longer than its place');
    yield { type: data.text(at, 4), body: data.part(at + 8, size) };
    at += 8 + size + (size % 2);
  }
}

/**
 * @param {string} type
 * @param {Uint8Array} body
 */
function chunk(type, body) {
  const bytes = new Uint8Array(8 + body.length + (body.length % 2));
  bytes.set(latin(type));
  bytes.set(number(body.length, true), 4);
  bytes.set(body, 8);
  return bytes;
}

/**
 * One picture of those that move.
 * @param {Bytes} body
 * @param {Revealed} revealed
 */
function frame(body, revealed) {
  const data = reader(body);
  const parts = [data.part(0, WEBP_FRAME)];
  for (const { type, body: inside } of chunksIn(data, WEBP_FRAME, body.length)) {
    if (WEBP_DRAWN.has(type)) parts.push(chunk(type, inside));
    else revealed.other = true;
  }
  return chunk('ANMF', concat(...parts));
}

/**
 * Some programs put JPEG's "Exif\0\0" before the block.
 * @param {Bytes} block
 */
function exifInside(block) {
  return String.fromCharCode(...block.subarray(0, 4)) === 'Exif' ? block.subarray(6) : block;
}
