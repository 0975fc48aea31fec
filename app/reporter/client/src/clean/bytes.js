// Reading numbers and names out of bytes, with the ends minded: files come from anywhere, broken
// ones among them. Whatever is not as it should be throws Unreadable.

/** @import { Patched } from './patches.js' */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes what a Blob is made of: never memory that threads share */
/** @typedef {Blob | Patched} Source a file, or a copy of one */
/**
 * What a file tells; `place` is latitude and longitude in degrees, `orientation` Exif's 1 to 8.
 * @typedef {{place?: number[] | null, time?: string | null, device?: string | null, author?: string | null,
 *   orientation?: number, other: boolean}} Revealed
 */
/**
 * A cleaned file: what a Blob is made of, or a copy (see patches.js); its kind where the reader alone knows.
 * @typedef {{parts?: BlobPart[], copy?: Patched, revealed: Revealed, ending?: string, type?: string}} Cleaned
 */
/** @typedef {(from: number, to: number) => void} Changed hears which bytes of a sample were changed */
/** @typedef {(sample: Bytes, revealed: Revealed, changed: Changed) => void} Quiet cleans a sample where it stands */
/** @typedef {ReturnType<typeof reader>} Reader */

/** Known by its mark, not by its class: dist/clean.js, dist/pdf.js and dist/office.js have one each. */
export class Unreadable extends Error {
  unreadable = true;
}

/**
 * A view of `bytes` that throws Unreadable outside its ends.
 * @param {Bytes} bytes
 */
export function reader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (/** @type {number} */ at, /** @type {number} */ size) => {
    if (at < 0 || at + size > bytes.length) throw new Unreadable('past the end');
  };
  return {
    length: bytes.length,
    u8: (/** @type {number} */ at) => (within(at, 1), bytes[at]),
    u16: (/** @type {number} */ at, little = false) => (within(at, 2), view.getUint16(at, little)),
    u32: (/** @type {number} */ at, little = false) => (within(at, 4), view.getUint32(at, little)),
    u64: (/** @type {number} */ at) => (within(at, 8), view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4)),
    text: (/** @type {number} */ at, /** @type {number} */ size) => (
      within(at, size), String.fromCharCode(...bytes.subarray(at, at + size))
    ),
    part: (/** @type {number} */ at, /** @type {number} */ size) => (within(at, size), bytes.subarray(at, at + size)),
  };
}

/**
 * The bytes of a Blob, or of a copy of one (see patches.js), from `from` to `to`.
 * @param {Source} blob
 * @param {number} [from]
 * @param {number} [to]
 * @returns {Promise<Bytes>}
 */
export async function bytesOf(blob, from = 0, to = blob.size) {
  if (/** @type {Partial<Patched>} */ (blob).read) return /** @type {Patched} */ (blob).read(from, to);
  return new Uint8Array(await blob.slice(from, to).arrayBuffer());
}
