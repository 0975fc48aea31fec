// How a track's samples are packed ("stsd"): names of programs and makers are overwritten, and whoever
// can write into the samples gets somebody who looks into them. What is not in these lists is not cleaned.

import { reader, Unreadable } from './bytes.js';
import { boxesIn, hush } from './boxes.js';
import { quietAac } from './aac.js';
import { quietSets, quietUnits } from './nal.js';
import { quietObus, quietUserData } from './streams.js';

/**
 * @import { Bytes, Quiet, Reader, Revealed } from './bytes.js'
 * @import { Box } from './boxes.js'
 */
/**
 * How samples are packed: who looks into them, and the bytes of so many that are all of one size.
 * @typedef {{quiet: Quiet | null | undefined, bytesOf: (count: number, size: number) => number}} Entry
 */

/** @param {string} names */
const listed = (names) => new Set(names.split(' '));
const VIDEO = listed('avc1 avc3 hvc1 hev1 av01 vp08 vp09 mp4v s263 h263');
const SOUND = listed('mp4a alac samr sawb Opus fLaC ac-3 ec-3 ulaw alaw sowt twos lpcm in24 in32 fl32 fl64 ipcm fpcm');
/** @type {Record<string, string>} */
const NEEDED = { avc1: 'avcC', avc3: 'avcC', hvc1: 'hvcC', hev1: 'hvcC', mp4v: 'esds' };
// Boxes that may stay, and the most bytes that mean something in each.
const LEAVES = new Map(
  Object.entries({
    vpcC: 12,
    pasp: 8,
    clap: 32,
    btrt: 12,
    fiel: 2,
    gama: 4,
    clli: 4,
    mdcv: 24,
    SmDm: 28,
    CoLL: 8,
    amve: 8,
    cclv: 32,
    alac: 52,
    dac3: 3,
    dec3: 16,
    srat: 8,
    pcmC: 6,
    enda: 2,
    frma: 4,
    mp4a: 4,
    '\0\0\0\0': 0,
    colr: Infinity,
    d263: 7,
    damr: 9,
    chan: Infinity,
    dOps: Infinity,
    dfLa: Infinity,
  }),
);
/** @type {Record<number, number>} */
const DESCRIPTORS = { 3: 3, 4: 13, 5: Infinity, 6: 1 }; // MPEG-4's: bytes before those inside, or all
const ISO_MPEG4_VIDEO = 0x20;
const SOUND_MPEG = new Set([0x40, 0x66, 0x67, 0x68]);
const AAC = new Set([1, 2, 3, 4, 5, 29]); // kinds of it whose frames aac.js reads

/**
 * Clean "stsd" where it stands. [{quiet, bytesOf(count, size)}] in its order: `quiet` looks into samples,
 * `bytesOf` counts the bytes of samples that are all of one size. Throws Unreadable.
 * @param {Bytes} bytes
 * @param {Box} table
 * @param {string} handler
 * @param {Revealed} revealed
 * @returns {Entry[]}
 */
export function quietEntries(bytes, { at, size }, handler, revealed) {
  const version = reader(bytes).u8(at + 8);
  const entries = [];
  for (const entry of boxesIn(bytes, at + 16, at + size)) {
    const isVideo = handler === 'vide' && VIDEO.has(entry.type);
    if (!isVideo && !(handler === 'soun' && SOUND.has(entry.type))) throw new Unreadable(entry.type);
    entries.push(isVideo ? picture(bytes, entry, revealed) : sound(bytes, entry, version, revealed));
  }
  return entries;
}

/**
 * @param {Bytes} bytes
 * @param {Box} entry
 * @param {Revealed} revealed
 * @returns {Entry}
 */
function picture(bytes, { type, at, size }, revealed) {
  reader(bytes).part(at, 86);
  bytes.fill(0, at + 8, at + 14);
  bytes.fill(0, at + 16, at + 32); // version, who made it
  bytes.fill(0, at + 44, at + 48);
  bytes.fill(0, at + 50, at + 82); // the encoder's name
  const found = inside(bytes, at + 86, at + size, revealed);
  if (NEEDED[type] && !found.get(NEEDED[type])) throw new Unreadable('samples of an unknown kind');
  const quiet = type === 'av01' ? quietObus : found.get(NEEDED[type]);
  return { quiet, bytesOf: (count, each) => count * each };
}

/**
 * @param {Bytes} bytes
 * @param {Box} entry
 * @param {number} version
 * @param {Revealed} revealed
 * @returns {Entry}
 */
function sound(bytes, { type, at, size }, version, revealed) {
  const data = reader(bytes);
  const quick = version === 0 ? data.u16(at + 16) : 0;
  const more = { 0: 0, 1: 16, 2: 36 }[quick];
  if (more === undefined) throw new Unreadable('sound of an odd version');
  bytes.fill(0, at + 8, at + 14);
  bytes.fill(0, at + 18, at + 24); // revision, who made it
  const bytesOf = framesOf(data, at, quick);
  const quiet = inside(bytes, at + 36 + more, at + size, revealed).get('esds');
  return { quiet: quiet ?? null, bytesOf: type === 'mp4a' ? (count, each) => count * each : bytesOf };
}

/**
 * QuickTime counts plain sound in frames "of one byte": how long they are stands here.
 * @param {Reader} data
 * @param {number} at
 * @param {number} version
 * @returns {Entry['bytesOf']}
 */
function framesOf(data, at, version) {
  let frames = 1;
  let bytes = (data.u16(at + 24) * data.u16(at + 26)) / 8;
  if (version === 1) [frames, bytes] = [data.u32(at + 36), data.u32(at + 44)];
  if (version === 2) [frames, bytes] = [data.u32(at + 68), data.u32(at + 64)];
  return (count, size) => {
    if (size !== 1 || !(frames > 0) || !(bytes > 0)) return count * size;
    return Math.ceil(count / frames) * bytes;
  };
}

/**
 * The boxes within an entry: a Map from type to what looks into samples.
 * @param {Bytes} bytes
 * @param {number} from
 * @param {number} to
 * @param {Revealed} revealed
 * @returns {Map<string, Quiet | null>}
 */
function inside(bytes, from, to, revealed) {
  /** @type {Map<string, Quiet | null>} */
  const found = new Map();
  for (const box of boxesIn(bytes, from, to)) {
    const { type, at, size } = box;
    const body = bytes.subarray(at + 8, at + size);
    if (type === 'wave') inside(bytes, at + 8, at + size, revealed).forEach((quiet, kind) => found.set(kind, quiet));
    else if (type === 'avcC' || type === 'hvcC') {
      const how = quietSets(body, type, revealed);
      found.set(type, (sample, heard, changed) => quietUnits(sample, how, heard, changed));
    } else if (type === 'av1C') quietObus(body.subarray(4), revealed, () => {});
    else if (type === 'esds') found.set(type, descriptors(body, revealed));
    else if (LEAVES.has(type)) leaf(body, type);
    else {
      if (body.some((byte) => byte !== 0) && type !== 'free') revealed.other = true;
      hush(bytes, box);
    }
  }
  return found;
}

/**
 * @param {Bytes} body
 * @param {string} type
 */
function leaf(body, type) {
  const data = reader(body);
  let length = /** @type {number} */ (LEAVES.get(type));
  if (type === 'd263' || type === 'damr') body.fill(0, 0, 5); // who made it
  if (type === 'chan') length = 12 + 20 * data.u32(12);
  if (type === 'dOps') length = data.u8(10) === 0 ? 11 : 13 + data.u8(1);
  if (type === 'colr') length = colour(data);
  if (type === 'dfLa') length = 4 + 4 + 34; // flac's own description of the stream comes first
  if (type === 'dfLa' && body.length > length) body[4] = 0x80; // and is the last
  body.fill(0, Math.min(length, body.length));
}

/**
 * "colr": numbers, or a profile. Bytes that it has. Throws Unreadable for other kinds.
 * @param {Reader} data
 * @returns {number}
 */
export function colour(data) {
  const kind = data.text(0, 4);
  const length = { nclx: 11, nclc: 10, prof: data.length, rICC: data.length }[kind];
  if (length === undefined) throw new Unreadable('colours of an unknown kind');
  return length;
}

/**
 * "esds": what an MPEG-4 decoder needs, nothing else. Returns what looks into the samples.
 * @param {Bytes} body
 * @param {Revealed} revealed
 * @returns {Quiet | null}
 */
function descriptors(body, revealed) {
  const data = reader(body);
  /** @type {Quiet | null} */
  let quiet = null;
  let kind = 0;
  const walk = (/** @type {number} */ from, /** @type {number} */ to) => {
    let at = from;
    while (at < to) {
      const tag = data.u8(at++);
      let size = 0;
      let byte = 128;
      for (let n = 0; byte & 128; n += 1) {
        byte = data.u8(at++);
        size = size * 128 + (byte & 127);
        if (n > 3) throw new Unreadable('a length of an odd size');
      }
      const head = DESCRIPTORS[tag];
      if (head === undefined || at + size > to) throw new Unreadable('an unknown descriptor');
      if (tag === 3 && data.u8(at + 2) & 0xe0) throw new Unreadable('sound that is elsewhere');
      if (tag === 4) kind = data.u8(at);
      if (kind === ISO_MPEG4_VIDEO) quiet = quietUserData;
      const plain = tag === 5 && AAC.has(data.u8(at) >> 3);
      if (tag === 5 && quiet) quiet(data.part(at, size), revealed, () => {});
      else if (tag === 5 && SOUND_MPEG.has(kind) && plain) quiet = quietAac;
      if (tag === 6) body.fill(0, at + 1, at + size);
      if (tag === 3 || tag === 4) walk(at + head, at + size);
      at += size;
    }
  };
  walk(4, body.length);
  return quiet;
}
