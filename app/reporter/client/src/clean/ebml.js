// WebM and Matroska: elements within elements. What is not in the list becomes "Void" of the same length,
// so that nothing else moves; names of programs, and numbers that are drawn by lot, are overwritten.

import { bytesOf, reader, Unreadable } from './bytes.js';
import { quietAac } from './aac.js';
import { quietSets, quietUnits } from './nal.js';
import { quietComments } from './ogg.js';
import { Patched } from './patches.js';
import { quietObus } from './streams.js';

/** @import { Bytes, Cleaned, Quiet, Source, Revealed } from './bytes.js' */
/**
 * A film on its way: `steps` counts elements, `window` is what was read last, `kind` what it calls itself.
 * @typedef {{blob: Source, revealed: Revealed, patches: Patched, tracks: Map<number, {kind: number, quiet: Quiet | null}>,
 *   steps: number, window: {at: number, bytes: Bytes} | null, kind?: string}} Film
 */
/**
 * @typedef {{id: number, at: number, body: number, size: number | null}} Element null: until something else begins
 */
/** @typedef {Element & {size: number}} Whole one with an end */
/** @typedef {{in?: number[], is?: number[], blank?: number[]}} Inside */

const HEAD = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACK = 0xae;
const BLOCKS = new Set([0xa3, 0xa1]); // SimpleBlock, Block
const GROUP = 0xa0;
const VOID = 0xec;
// What plays, by where it stands: "in" has more inside, "is" is a number or a short text.
const KEPT = new Map(
  /** @type {[number, Inside][]} */ ([
    [0, { in: [HEAD, SEGMENT] }],
    [HEAD, { is: [0x4286, 0x42f7, 0x42f2, 0x42f3, 0x4282, 0x4287, 0x4285] }],
    [SEGMENT, { in: [0x114d9b74, 0x1549a966, 0x1654ae6b, 0x1c53bb6b, CLUSTER] }],
    [0x114d9b74, { in: [0x4dbb] }], // where other parts begin
    [0x4dbb, { is: [0x53ab, 0x53ac] }],
    [0x1549a966, { is: [0x2ad7b1, 0x4489], blank: [0x4d80, 0x5741] }], // Info: scale, duration; programs' names
    [0x1654ae6b, { in: [TRACK] }],
    [
      TRACK,
      {
        is: [
          0xd7, 0x73c5, 0x83, 0xb9, 0x88, 0x55aa, 0x9c, 0x6de7, 0x6df8, 0x23e383, 0x56aa, 0x56bb, 0x55ee, 0x86, 0x63a2,
        ],
        in: [0xe0, 0xe1],
      },
    ],
    [
      0xe0,
      {
        // pictures
        is: [0x9a, 0x9d, 0x53b8, 0x53c0, 0xb0, 0xba, 0x54b0, 0x54ba, 0x54b2, 0x54aa, 0x54bb, 0x54cc, 0x54dd],
        in: [0x55b0],
      },
    ],
    [0x55b0, { is: Array.from({ length: 13 }, (_, n) => 0x55b1 + n), in: [0x55d0] }],
    [0x55d0, { is: Array.from({ length: 10 }, (_, n) => 0x55d1 + n) }],
    [0xe1, { is: [0xb5, 0x78b5, 0x9f, 0x6264] }], // sound
    [CLUSTER, { is: [0xe7, 0xab, 0xa7, 0xa3], in: [GROUP] }],
    [GROUP, { is: [0xa1, 0x9b, 0xfb, 0x75a2] }],
    [0x1c53bb6b, { in: [0xbb] }], // where to look for a time
    [0xbb, { is: [0xb3], in: [0xb7] }],
    [0xb7, { is: [0xf7, 0xf1, 0xf0, 0xb2, 0x5378] }],
  ]),
);
const SMALL = 1024 * 1024; // bytes of what is no block
const BLOCK_MAX = 64 * 1024 * 1024;
const STEPS_MAX = 20_000_000;
const WINDOW = 4 * 1024 * 1024;
const NUMBER_MAX = 16; // bytes of what is a number
const WORDS = new Map([
  [0x4282, 32],
  [0x86, 32],
  [0x63a2, SMALL],
]);
const OTHERS = /^(V_VP8|V_VP9|A_OPUS|A_PCM\/(INT\/(LIT|BIG)|FLOAT\/IEEE)|A_MPEG\/L3|A_AC3|A_EAC3)$/;
const DATE = 0x4461;
const QUIET = new Set([0xbf, 0x22b59c, 0x22b59d]); // checksums, languages: gone without a word
const MILLENNIUM = 978_307_200_000; // ms from 1970 to 2001

/**
 * WebM, Matroska: {copy, revealed, ending, type}. Throws Unreadable for tracks packed in unknown ways.
 * @param {Source} blob
 * @returns {Promise<Cleaned>}
 */
export async function webm(blob) {
  const revealed = { place: null, time: null, device: null, other: false };
  /** @type {Film} */
  const film = { blob, revealed, patches: new Patched(blob), tracks: new Map(), steps: 0, window: null };
  await inside(film, 0, 0, blob.size, false);
  if (film.tracks.size === 0) throw new Unreadable('nothing that plays');
  const matroska = film.kind !== 'webm';
  const seen = [...film.tracks.values()].some(({ kind }) => kind === 1);
  const ending = matroska ? 'mkv' : 'webm';
  const type = `${seen ? 'video' : 'audio'}/${matroska ? 'x-matroska' : 'webm'}`;
  return { copy: film.patches.finish(), revealed, ending, type };
}

/**
 * So many bytes of the file; read in windows, for most are looked at in a row.
 * @param {Film} film
 * @param {number} at
 * @param {number} size
 * @returns {Promise<Bytes>}
 */
async function bytesAt(film, at, size) {
  const { window } = film;
  if (!window || at < window.at || at + size > window.at + window.bytes.length) {
    const end = Math.min(film.blob.size, at + Math.max(size, WINDOW));
    film.window = { at, bytes: await bytesOf(film.blob, at, end) };
  }
  const { at: start, bytes } = /** @type {{at: number, bytes: Bytes}} */ (film.window);
  return bytes.subarray(at - start, at - start + size);
}

/**
 * What stands at `at`: {id, body, size or null for "until something else begins"}.
 * @param {Film} film
 * @param {number} at
 * @returns {Promise<Element>}
 */
async function elementAt(film, at) {
  if ((film.steps += 1) > STEPS_MAX) throw new Unreadable('too many elements');
  const data = reader(await bytesAt(film, at, 12));
  const idSize = Math.clz32(data.u8(0)) - 23;
  const sizeSize = Math.clz32(data.u8(Math.min(idSize, 4))) - 23;
  if (idSize > 4 || sizeSize > 8) throw new Unreadable('no element');
  let id = 0;
  for (let n = 0; n < idSize; n += 1) id = id * 256 + data.u8(n);
  let size = data.u8(idSize) & (0xff >> sizeSize);
  let open = size === 0xff >> sizeSize;
  for (let n = 1; n < sizeSize; n += 1) {
    size = size * 256 + data.u8(idSize + n);
    open &&= data.u8(idSize + n) === 0xff;
  }
  return { id, at, body: at + idSize + sizeSize, size: open ? null : size };
}

/**
 * Everything between two places; where an open element ends.
 * @param {Film} film
 * @param {number} parent
 * @param {number} from
 * @param {number} to
 * @param {boolean} open
 * @returns {Promise<number>}
 */
async function inside(film, parent, from, to, open) {
  const { in: more = [], is = [], blank = [] } = /** @type {Inside} */ (KEPT.get(parent));
  let at = from;
  while (at < to) {
    const element = await elementAt(film, at);
    const { id, body, size } = element;
    const known = more.includes(id) || is.includes(id) || blank.includes(id);
    if (open && !known && /** @type {Required<Inside>} */ (KEPT.get(SEGMENT)).in.includes(id)) return at;
    if (size === null && id !== SEGMENT && id !== CLUSTER) throw new Unreadable('an element without an end');
    const end = size === null ? to : body + size;
    if (end > to) throw new Unreadable('an element is longer than its place');
    at = end;
    if (!known) await drop(film, element, end);
    else if (id === TRACK) await track(film, /** @type {Whole} */ (element), end);
    else if (BLOCKS.has(id)) await block(film, /** @type {Whole} */ (element), end);
    else if (more.includes(id)) at = await inside(film, id, body, end, size === null);
    else await leaf(film, /** @type {Whole} */ (element), blank.includes(id));
  }
  return at;
}

/**
 * "Void", as long as it was.
 * @param {Film} film
 * @param {Element} element
 * @param {number} end
 */
async function drop(film, { id, at, body }, end) {
  const { revealed, patches } = film;
  const size = end - at;
  const short = size - 2 < 127;
  for (let from = body; from < end && id !== VOID && !revealed.other; from += WINDOW) {
    const bytes = await bytesAt(film, from, Math.min(WINDOW, end - from));
    if (id === DATE) revealed.time ??= dateOf(bytes);
    else if (!QUIET.has(id)) revealed.other = bytes.some((byte) => byte !== 0);
  }
  const head = [VOID];
  const left = short ? size - 2 : size - 9;
  if (short) head.push(0x80 | left);
  else head.push(1, ...Array.from({ length: 7 }, (_, n) => Math.floor(left / 256 ** (6 - n)) % 256));
  patches.put(at, Uint8Array.from(head));
  patches.zero(at + head.length, left);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string | null}
 */
function dateOf(bytes) {
  const ns = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length !== 8) return null;
  const ms = MILLENNIUM + (ns.getInt32(0) * 2 ** 32 + ns.getUint32(4)) / 1e6;
  return Math.abs(ms) < 8e15 ? new Date(ms).toISOString().slice(0, 16) : null;
}

/**
 * @param {Film} film
 * @param {Whole} element
 * @param {boolean} isBlank
 */
async function leaf(film, { id, body, size }, isBlank) {
  if (size > (isBlank ? SMALL : (WORDS.get(id) ?? NUMBER_MAX))) throw new Unreadable('a number of an odd size');
  const bytes = await bytesAt(film, body, size);
  if (id === 0x4282) film.kind = String.fromCharCode(...bytes).replace(/\0+$/, '');
  if (id === 0x4282 && !/^(webm|matroska)$/.test(/** @type {string} */ (film.kind)))
    throw new Unreadable('neither WebM nor Matroska');
  if (!isBlank) return;
  if (bytes.some((byte) => byte !== 0)) film.revealed.other = true;
  film.patches.zero(body, size);
}

/**
 * A track: pictures or sound of a known kind stay, all others go with their blocks.
 * @param {Film} film
 * @param {Whole} element
 * @param {number} end
 * @returns {Promise<void>}
 */
async function track(film, element, end) {
  /** @type {Map<number, Whole>} */
  const found = new Map();
  for (let at = element.body; at < end; ) {
    const each = await elementAt(film, at);
    if (each.size === null || each.body + each.size > end) throw new Unreadable('an odd track');
    if (found.has(each.id) && /** @type {Required<Inside>} */ (KEPT.get(TRACK)).is.includes(each.id))
      throw new Unreadable('an odd track');
    found.set(each.id, /** @type {Whole} */ (each));
    at = each.body + each.size;
  }
  const number = async (/** @type {number} */ id) => {
    const { body, size } = found.get(id) ?? /** @type {Whole} */ ({});
    if (!(size <= 6)) throw new Unreadable('an odd track');
    return (await bytesAt(film, body, size)).reduce((sum, byte) => sum * 256 + byte, 0);
  };
  const kind = await number(0x83);
  if (kind !== 1 && kind !== 2) {
    film.revealed.other = true;
    return drop(film, element, end);
  }
  const name = found.get(0x86);
  if (found.has(0x6d80) || !name || !(name.size <= 32)) throw new Unreadable('a track that is packed or locked');
  const codec = String.fromCharCode(...(await bytesAt(film, name.body, name.size))).replace(/\0+$/, '');
  const mine = await number(0xd7);
  film.tracks.set(mine, { kind, quiet: await packing(film, codec, found.get(0x63a2)) });
  const uid = found.get(0x73c5);
  if (uid) {
    const bytes = new Uint8Array(uid.size);
    bytes[uid.size - 1] = mine;
    film.patches.put(uid.body, bytes);
  }
  await inside(film, TRACK, element.body, end, false);
}

/**
 * What looks into the blocks of a track, or null. What a decoder is told is cleaned too.
 * @param {Film} film
 * @param {string} codec
 * @param {Whole | undefined} setup what a decoder is told
 * @returns {Promise<Quiet | null>}
 */
async function packing(film, codec, setup) {
  if (setup && setup.size > SMALL) throw new Unreadable('an odd track');
  const own = setup ? (await bytesAt(film, setup.body, setup.size)).slice() : new Uint8Array(0);
  /** @type {Quiet | null} */
  let quiet = null;
  if (codec === 'V_MPEG4/ISO/AVC' || codec === 'V_MPEGH/ISO/HEVC') {
    const how = quietSets(own, codec === 'V_MPEG4/ISO/AVC' ? 'avcC' : 'hvcC', film.revealed);
    quiet = (sample, heard, changed) => quietUnits(sample, how, heard, changed);
  } else if (codec === 'V_AV1') {
    quietObus(own.subarray(4), film.revealed, () => {});
    quiet = quietObus;
  } else if (codec === 'A_AAC') quiet = quietAac;
  else if (codec === 'A_VORBIS') quietVorbis(own, film.revealed);
  else if (!OTHERS.test(codec)) throw new Unreadable(codec);
  if (setup) film.patches.put(setup.body, own);
  return quiet;
}

/**
 * Three packets behind their lengths, of which the second holds the notes.
 * @param {Bytes} own
 * @param {Revealed} revealed
 */
function quietVorbis(own, revealed) {
  const data = reader(own);
  let at = 1;
  const size = () => {
    let sum = 0;
    while (data.u8(at) === 255) [sum, at] = [sum + 255, at + 1];
    return sum + data.u8(at++);
  };
  const [first, second] = [size(), size()];
  quietComments(data.part(at + first, second), { name: '\x03vorbis', end: [1] }, revealed);
}

/**
 * A block's own samples, behind the number of its track.
 * @param {Film} film
 * @param {Whole} element
 * @param {number} end
 */
async function block(film, element, end) {
  const { body, size } = element;
  if (size > BLOCK_MAX || size < 4) throw new Unreadable('a block of an odd size');
  const first = (await bytesAt(film, body, 1))[0];
  if (first < 0x80) throw new Unreadable('a track of an odd number');
  const found = film.tracks.get(first & 127);
  if (!found) {
    film.revealed.other = true;
    await drop(film, element, end);
  } else if (found.quiet) {
    const sample = await bytesAt(film, body, size);
    const laced = sample[3] & 6; // sound only: names of its programs stay
    if (laced && found.kind === 1) throw new Unreadable('pictures that are laced');
    const changed = (/** @type {number} */ a, /** @type {number} */ b) =>
      film.patches.put(body + 4 + a, sample.slice(4 + a, 4 + b));
    if (!laced) found.quiet(sample.subarray(4), film.revealed, changed);
  }
}
