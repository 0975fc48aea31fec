// WAV: the sound and how it is stored. Everything else (who, when, with what, a whole studio's notes) is left out.

import { bytesOf, reader, Unreadable } from './bytes.js';

/** @import { Cleaned, Source } from './bytes.js' */

/** @type {Record<string, number>} */
const KEPT = { 'fmt ': 64, fact: 4, data: Infinity }; // the most bytes that each has
const CHUNKS_MAX = 10_000;

/**
 * WAV: {parts, revealed}. Throws Unreadable where the sound is not told how.
 * @param {Source} blob
 * @returns {Promise<Cleaned>}
 */
export async function wav(blob) {
  const revealed = { place: null, time: null, device: null, other: false };
  /** @type {(Blob | Uint8Array<ArrayBuffer>)[]} */
  const kept = [];
  const found = new Set();
  const end = Math.min(blob.size, reader(await bytesOf(blob, 0, 12)).u32(4, true) + 8);
  for (let at = 12, count = 0; at + 8 <= end; count += 1) {
    const data = reader(await bytesOf(blob, at, at + 8));
    const type = data.text(0, 4);
    const size = data.u32(4, true);
    if (at + 8 + size > end || count > CHUNKS_MAX) throw new Unreadable('a chunk is longer than its place');
    if (type in KEPT && !found.has(type) && size <= KEPT[type]) {
      found.add(type);
      kept.push(blob.slice(at, at + 8 + size), new Uint8Array(size % 2));
    } else revealed.other = true;
    at += 8 + size + (size % 2);
  }
  if (!found.has('fmt ') || !found.has('data')) throw new Unreadable('no sound');
  const size = kept.reduce((sum, part) => sum + (part instanceof Blob ? part.size : part.length), 4);
  const head = new Uint8Array(12);
  head.set([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x41, 0x56, 0x45]); // "RIFF", "WAVE"
  new DataView(head.buffer).setUint32(4, size, true);
  return { parts: [head, ...kept], revealed };
}
