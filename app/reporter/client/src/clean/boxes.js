// MP4, MOV and HEIC are boxes within boxes. What tells is overwritten where it stands, so that nothing
// else moves.

import { bytesOf, reader, Unreadable } from './bytes.js';

/**
 * @import { Bytes, Source, Revealed } from './bytes.js'
 * @import { Patched } from './patches.js'
 */
/** @typedef {{type: string, at: number, size: number}} Box where one stands, its head included */
/** @typedef {Box & {head: number}} TopBox `head`: the bytes of it, 8 or 16 */
/** @typedef {{patches: Patched, revealed: Revealed}} Found */

/** Bytes that are read whole: what describes a film, or a photo. */
export const SMALL = 64 * 1024 * 1024;
const TOP_MAX = 50_000; // boxes at the top
const WINDOW = 1024 * 1024;
const BRANDS = new Set(
  (
    'isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 hvc1 av01 dash cmfc cmf2 msdh msix M4A M4V qt ' +
    '3gp4 3gp5 3gp6 3gp7 3g2a heic heix hevc heim heis mif1 mif2 miaf avif MA1A MA1B MiHB MiHA MiHE MiPr tmap'
  )
    .split(' ')
    .map((name) => name.padEnd(4)),
);

/**
 * Where the boxes at the top stand: [{type, at, head, size}].
 * @param {Source} blob
 * @returns {Promise<TopBox[]>}
 */
export async function top(blob) {
  const boxes = [];
  for (let at = 0; at < blob.size; ) {
    const data = reader(await bytesOf(blob, at, at + 16));
    const type = data.text(4, 4);
    let size = data.u32(0);
    const head = size === 1 ? 16 : 8;
    if (size === 1) size = data.u64(8);
    if (size === 0) size = blob.size - at;
    if (size < head || at + size > blob.size || boxes.length > TOP_MAX) throw new Unreadable(type);
    boxes.push({ type, at, head, size });
    at += size;
  }
  return boxes;
}

/**
 * The boxes between two places. What is left behind the last, too short for a box, is overwritten.
 * @param {Bytes} bytes
 * @param {number} from
 * @param {number} to
 * @returns {Generator<Box, void>}
 */
export function* boxesIn(bytes, from, to) {
  const data = reader(bytes);
  let at = from;
  while (at + 8 <= to) {
    const size = data.u32(at) || to - at;
    if (size < 8 || at + size > to) throw new Unreadable('a box is longer than its place');
    yield { type: data.text(at + 4, 4), at, size };
    at += size;
  }
  bytes.fill(0, at, to);
}

/**
 * Overwrite a box with emptiness of the same length.
 * @param {Uint8Array} bytes
 * @param {Pick<Box, 'at' | 'size'>} box
 */
export function hush(bytes, { at, size }) {
  bytes.set([0x66, 0x72, 0x65, 0x65], at + 4); // "free"
  bytes.fill(0, at + 8, at + size);
}

/**
 * The same, after a look at what it told.
 * @param {Uint8Array} bytes
 * @param {Box} box
 * @param {Revealed} revealed
 */
export function empty(bytes, box, revealed) {
  const inside = bytes.subarray(box.at + 8, box.at + box.size);
  if (inside.some((byte) => byte !== 0)) {
    const place = learnPlace(inside, revealed);
    const more = !place || box.type === 'meta'; // a phone's "meta" has its model beside the place
    if (more) revealed.other = true;
  }
  hush(bytes, box);
}

/**
 * @param {Uint8Array} bytes
 * @param {Revealed} revealed
 */
function learnPlace(bytes, revealed) {
  const words = new TextDecoder('latin1').decode(bytes);
  const place = /([+-]\d{2}\.\d+)([+-]\d{3}\.\d+)/.exec(words);
  if (place) revealed.place ??= [Number(place[1]), Number(place[2])];
  return place;
}

/**
 * Overwrite what lies in a file between two places, however much it is, after a look at it.
 * @param {Source} blob
 * @param {number} from
 * @param {number} to
 * @param {Found} found
 * @returns {Promise<void>}
 */
export async function vacate(blob, from, to, { patches, revealed }) {
  patches.zero(from, to - from);
  for (let at = from; at < to && !(revealed.other && revealed.place); at += WINDOW) {
    const bytes = await bytesOf(blob, at, Math.min(to, at + WINDOW));
    if (bytes.every((byte) => byte === 0)) continue;
    learnPlace(bytes, revealed);
    revealed.other = true;
  }
}

/**
 * The same of a box at the top.
 * @param {Source} blob
 * @param {TopBox} box
 * @param {Found} found
 * @returns {Promise<void>}
 */
export async function vacateBox(blob, { at, head, size }, found) {
  found.patches.put(at + 4, Uint8Array.of(0x66, 0x72, 0x65, 0x65)); // "free"
  await vacate(blob, at + head, at + size, found);
}

/**
 * "ftyp", "styp": marks of makers become the plain mark of the kind; who wrote it, zero.
 * @param {Source} blob
 * @param {TopBox} box
 * @param {string} plain four letters
 * @param {Patched} patches
 * @returns {Promise<void>}
 */
export async function plainBrands(blob, { at, head, size }, plain, patches) {
  if (size > WINDOW) throw new Unreadable('too many brands');
  const bytes = await bytesOf(blob, at + head, at + size);
  const data = reader(bytes);
  for (let n = 0; n + 4 <= bytes.length; n += 4) {
    if (n === 4) bytes.fill(0, 4, 8);
    else if (!BRANDS.has(data.text(n, 4)))
      bytes.set(
        [...plain].map((letter) => letter.charCodeAt(0)),
        n,
      );
  }
  bytes.fill(0, bytes.length - (bytes.length % 4));
  patches.put(at + head, bytes);
}
