// Ogg, as messengers and browsers write voices: Opus or Vorbis in pages. Notes of the second packet are
// overwritten, and so are the streams' numbers: programs make them of the second in which they began.

import { concat } from '../protocol/encoding.js';
import { reader, Unreadable } from './bytes.js';

/** @import { Bytes, Cleaned, Revealed } from './bytes.js' */
/** @typedef {{name: string, end: number[]}} Comments how a packet of notes begins, and what ends it */
/** @typedef {Comments & {number: number, packets: number, notes: Bytes[] | null, pages: Bytes[]}} Stream */

const HEAD = 27; // bytes of a page before its table
const PAGES_MAX = 1_000_000;
const FIRST = 2; // flag: a stream begins
/** @type {Record<string, Comments>} */
const STREAMS = { OpusHead: { name: 'OpusTags', end: [] }, '\x01vorbis': { name: '\x03vorbis', end: [1] } };
const POLYNOMIAL = 0x04c11db7;
const SPACE = 0x20;

/**
 * Ogg with Opus or Vorbis: {parts, revealed}. Throws Unreadable for other streams.
 * @param {Bytes} bytes
 * @returns {Cleaned}
 */
export function ogg(bytes) {
  const revealed = { place: null, time: null, device: null, other: false };
  const data = reader(bytes);
  /** @type {Map<number, Stream>} */
  const streams = new Map();
  const table = checksums();
  let pages = 0;
  for (let at = 0; at < bytes.length; pages += 1) {
    if (data.text(at, 5) !== 'OggS\0' || pages > PAGES_MAX) throw new Unreadable('no page');
    const count = data.u8(at + 26);
    const sizes = data.part(at + HEAD, count);
    const size = HEAD + count + sizes.reduce((sum, each) => sum + each, 0);
    const page = data.part(at, size);
    const serial = data.u32(at + 14);
    if (page[5] & FIRST) begin(streams, serial, page.subarray(HEAD + count));
    const stream = streams.get(serial);
    if (!stream) throw new Unreadable('a page of nothing');
    collect(stream, sizes, page.subarray(HEAD + count), revealed);
    new DataView(page.buffer, page.byteOffset).setUint32(14, stream.number);
    at += size;
    stream.pages.push(page);
  }
  for (const { pages: mine, notes } of streams.values()) {
    if (notes) throw new Unreadable('notes without an end');
    mine.forEach((page) => sign(page, table));
  }
  return { parts: [bytes], revealed };
}

/**
 * @param {Map<number, Stream>} streams
 * @param {number} serial
 * @param {Uint8Array} body
 */
function begin(streams, serial, body) {
  const first = String.fromCharCode(...body.subarray(0, 8));
  const name = Object.keys(STREAMS).find((each) => first.startsWith(each));
  if (!name || streams.has(serial)) throw new Unreadable('a stream of an unknown kind');
  streams.set(serial, { ...STREAMS[name], number: streams.size + 1, packets: 0, notes: [], pages: [] });
}

/**
 * The second packet of a stream, which may go over many pages.
 * @param {Stream} stream
 * @param {Uint8Array} sizes
 * @param {Bytes} body
 * @param {Revealed} revealed
 */
function collect(stream, sizes, body, revealed) {
  let at = 0;
  for (const size of sizes) {
    if (!stream.notes) return;
    const part = body.subarray(at, at + size);
    at += size;
    if (stream.packets === 1) stream.notes.push(part);
    if (size === 255) continue;
    stream.packets += 1;
    if (stream.packets < 2) continue;
    const whole = concat(...stream.notes);
    quietComments(whole, stream, revealed);
    let from = 0;
    for (const each of stream.notes) {
      each.set(whole.subarray(from, from + each.length));
      from += each.length;
    }
    stream.notes = null;
  }
}

/**
 * Leaves of a packet of notes a program's name of nothing but spaces, as long as all notes were.
 * @param {Bytes} packet
 * @param {Comments} comments
 * @param {Revealed} revealed
 */
export function quietComments(packet, { name, end }, revealed) {
  const data = reader(packet);
  const room = packet.length - name.length - 8 - end.length;
  if (data.text(0, name.length) !== name || room < 0) throw new Unreadable('no notes');
  const from = name.length + 4;
  if (data.u32(from + data.u32(name.length, true), true) > 0) revealed.other = true;
  new DataView(packet.buffer, packet.byteOffset).setUint32(name.length, room, true);
  packet.fill(SPACE, from, from + room);
  packet.fill(0, from + room);
  packet.set(end, packet.length - end.length);
}

function checksums() {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n << 24;
    for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? POLYNOMIAL : 0);
    return value;
  });
}

/**
 * @param {Uint8Array} page
 * @param {Uint32Array} table
 */
function sign(page, table) {
  page.fill(0, 22, 26);
  let sum = 0;
  for (const byte of page) sum = (sum << 8) ^ table[(sum >>> 24) ^ byte];
  new DataView(page.buffer, page.byteOffset).setUint32(22, sum >>> 0, true);
}
