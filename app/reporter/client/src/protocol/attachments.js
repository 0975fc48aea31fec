/**
 * Files in equal chunks (QL1, "Attachments").
 *
 * Lives here: padding, chunk ids, sealing and opening chunks, the tree hash. Memory stays flat: a
 * chunk is read, sealed and given away; the whole file is never held, and each byte of it is read
 * once, to be sealed and to be hashed. AES-GCM and SHA-256 are WebCrypto's where the page has it
 * (`subtle`), noble's otherwise: the bytes are the same.
 * Never here: uploading, downloading, what a file shows of its maker.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { concat, equal, integer, readInteger, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';
import { CHUNK_BYTES, PIECE_BYTES } from './wire.js';

/** @typedef {Uint8Array<ArrayBuffer>} Bytes what WebCrypto and Blob take: never memory that threads share */

/**
 * What is read of a file: a Blob, or a copy of one.
 * @typedef {{slice: (from: number, to: number) => Blob, size: number}} Source
 */
/** @typedef {(iv: Bytes, bytes: Bytes) => Promise<Bytes>} Cipher `iv` has 12 bytes */

/** @typedef {{seal: Cipher, open: Cipher, digest: (bytes: Bytes) => Promise<Bytes>}} Engine AES-256-GCM and SHA-256 */

export { CHUNK_BYTES, PIECE_BYTES };
export const FILE_KEY_BYTES = 32;
/** The largest file that is sent or read (QL1, "Attachments"). */
export const FILE_BYTES_MAX = 2 ** 31;
/** Without WebCrypto a larger file would take minutes (QL1, "Traps"). */
export const NOBLE_FILE_MAX = 20 * 1024 * 1024;

const NAME = utf8('quietline-attachment-v1');
const LENGTH_BYTES = 8;
const LEAF_BYTES = 32;
const SIGNIFICANT_BITS = 4;

/**
 * @param {number} n chunks needed, at least 1
 * @returns {number} n rounded up to four significant bits: at most 12.5 % more
 */
export function paddedChunks(n) {
  let step = 1;
  while (n / step >= 2 ** SIGNIFICANT_BITS) step *= 2;
  return Math.ceil(n / step) * step;
}

/**
 * @param {number} size the file's bytes
 * @returns {number} chunks it becomes, padding included
 */
export function chunkCount(size) {
  return paddedChunks(Math.ceil((LENGTH_BYTES + size) / PIECE_BYTES));
}

/**
 * @param {Uint8Array} key the file's key, 32 bytes
 * @param {number} i from 0
 * @returns {Uint8Array} 16 bytes: where the server keeps chunk i
 */
export function chunkId(key, i) {
  return hkdf(sha256, key, NAME, concat(utf8('chunk-id'), integer(i, 8)), 16);
}

/**
 * @param {number} size the file's bytes
 * @returns {Uint8Array} room for its leaves: 32 bytes for each piece of the file
 */
export function roomForLeaves(size) {
  return new Uint8Array(LEAF_BYTES * Math.ceil(size / PIECE_BYTES));
}

/**
 * Put the leaf that came with chunk i where it belongs; the last chunks have none.
 * @param {Uint8Array} leaves from roomForLeaves
 * @param {number} i a chunk
 * @param {Uint8Array | null} leaf 32 bytes
 */
export function keepLeaf(leaves, i, leaf) {
  if (leaf) leaves.set(leaf, LEAF_BYTES * i);
}

/**
 * @param {Uint8Array} leaves SHA-256 of each 262,128-byte piece of the file, in order
 * @returns {Uint8Array} 32 bytes: the file's tree hash
 */
export function treeOf(leaves) {
  return sha256(leaves);
}

const slow = () => import('./slow.js');

/**
 * 11-byte i ‖ last-flag: a chunk cannot be moved, nor the end cut off.
 * @param {number} i
 * @param {number} total chunks
 * @returns {Uint8Array<ArrayBuffer>} 12 bytes
 */
function nonce(i, total) {
  return concat(new Uint8Array(3), integer(i, 8), Uint8Array.of(i === total - 1 ? 1 : 0));
}

/**
 * AES-256-GCM and SHA-256 by WebCrypto or by noble, behind the same two calls each.
 * @param {Bytes} key 32 bytes
 * @param {SubtleCrypto | null} subtle
 * @returns {Engine}
 */
function engine(key, subtle) {
  if (!subtle) {
    return {
      seal: async (iv, bytes) => (await slow()).gcm(key, iv, NAME).encrypt(bytes),
      open: async (iv, bytes) => (await slow()).gcm(key, iv, NAME).decrypt(bytes),
      digest: async (bytes) => sha256(bytes),
    };
  }
  const imported = subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const params = (/** @type {Bytes} */ iv) => ({ name: 'AES-GCM', iv, additionalData: NAME });
  return {
    seal: async (iv, bytes) => new Uint8Array(await subtle.encrypt(params(iv), await imported, bytes)),
    open: async (iv, bytes) => new Uint8Array(await subtle.decrypt(params(iv), await imported, bytes)),
    digest: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes)),
  };
}

/** @param {Uint8Array} key */
function checkKey(key) {
  if (key.length !== FILE_KEY_BYTES) throw new ProtocolError('wrong-length', 'a file’s key has 32 bytes');
}

/**
 * @param {Source} blob
 * @param {number} i a chunk
 * @returns {{part: Blob, at: number}} the bytes that sealing the chunk reads, and where they begin
 */
export function partFor(blob, i) {
  const at = Math.max(0, Math.min(i * PIECE_BYTES - LENGTH_BYTES, blob.size));
  return { part: blob.slice(at, Math.min((i + 1) * PIECE_BYTES, blob.size)), at };
}

/** Turns one file into sealed chunks, in any order, as often as a resumed upload needs. */
export class FileSealer {
  /**
   * @param {object} o
   * @param {Pick<Source, 'slice'>} o.blob
   * @param {Bytes} o.key 32 random bytes, for this file only
   * @param {number} o.size the file's bytes
   * @param {SubtleCrypto|null} o.subtle crypto.subtle, or null where the page has none
   */
  constructor({ blob, key, size, subtle }) {
    checkKey(key);
    this.blob = blob;
    this.key = key;
    this.size = size;
    /** Chunks in all, padding included. */
    this.total = chunkCount(size);
    this.engine = engine(key, subtle);
  }

  /**
   * @param {number} i 0 … total − 1
   * @returns {Uint8Array} 16 bytes
   */
  chunkId(i) {
    return chunkId(this.key, i);
  }

  /**
   * @param {number} i 0 … total − 1
   * @returns {Promise<{chunk: Bytes, leaf: Bytes | null}>} 262,144 bytes; the SHA-256 of the
   *   file's piece i, null where the file has ended before it
   * @throws {RangeError} outside; NotReadableError from the browser if the file has changed
   */
  async chunk(i) {
    if (!Number.isInteger(i) || i < 0 || i >= this.total) throw new RangeError(`there is no chunk ${i}`);
    const from = i * PIECE_BYTES; // piece i of the file; the stream's begins 8 bytes before it
    const length = Math.min(PIECE_BYTES, this.size - from);
    /**
     * @param {number} from a place in the file
     * @param {number} i a chunk
     * @returns {Promise<Bytes>} 262,136 bytes
     */
    const both = await this.both(from, i);
    const [chunk, leaf] = await Promise.all([
      this.engine.seal(nonce(i, this.total), both.subarray(0, PIECE_BYTES)),
      length > 0 ? this.engine.digest(both.subarray(LENGTH_BYTES, LENGTH_BYTES + length)) : null,
    ]);
    both.fill(0);
    return { chunk, leaf };
  }

  /**
   * Piece i of the stream and of the file: the file's length before its first bytes, zeros after its last.
   * @param {number} from a place in the file
   * @param {number} i a chunk
   * @returns {Promise<Bytes>} 262,136 bytes
   */
  async both(from, i) {
    const bytes = await this.read(Math.max(0, from - LENGTH_BYTES), from + PIECE_BYTES);
    if (bytes.length === LENGTH_BYTES + PIECE_BYTES) return bytes;
    const whole = new Uint8Array(LENGTH_BYTES + PIECE_BYTES);
    if (i === 0) whole.set(integer(this.size, LENGTH_BYTES));
    whole.set(bytes, i === 0 ? LENGTH_BYTES : 0);
    bytes.fill(0);
    return whole;
  }

  /**
   * Bytes of the file, cut at its end. A file that changed meanwhile must not pass unnoticed.
   * @param {number} from
   * @param {number} to
   * @returns {Promise<Bytes>}
   */
  async read(from, to) {
    const end = Math.min(to, this.size);
    if (from >= end) return new Uint8Array(0);
    const bytes = new Uint8Array(await this.blob.slice(from, end).arrayBuffer());
    if (bytes.length !== end - from) throw new ProtocolError('wrong-length', 'the file changed while it was read');
    return bytes;
  }
}

/**
 * @param {object} o
 * @param {Bytes} o.key 32 bytes
 * @param {number} o.index from 0
 * @param {number} o.total chunks in all
 * @param {Bytes} o.chunk 262,144 bytes
 * @param {SubtleCrypto|null} o.subtle
 * @returns {Promise<Uint8Array>} its piece of the stream, 262,128 bytes
 * @throws {ProtocolError} wrong-length, cannot-open
 */
export async function openChunk({ key, index, total, chunk, subtle }) {
  checkKey(key);
  return openWith(engine(key, subtle), index, total, chunk);
}

/**
 * @param {Engine} crypto
 * @param {number} index
 * @param {number} total
 * @param {Bytes} chunk 262,144 bytes
 * @returns {Promise<Bytes>} 262,128 bytes
 */
async function openWith(crypto, index, total, chunk) {
  if (chunk.length !== CHUNK_BYTES) throw new ProtocolError('wrong-length', `a chunk has ${CHUNK_BYTES} bytes`);
  try {
    return await crypto.open(nonce(index, total), chunk);
  } catch {
    throw new ProtocolError('cannot-open', 'a chunk is not of this file, or was changed', { index });
  }
}

/**
 * Opens a whole file, a chunk at a time, and checks everything the sender said of it.
 * @param {object} o
 * @param {{key: Bytes, chunks: number, size: number, tree: Uint8Array, type?: string}} o.file
 *   from the message's body, decoded: 32 bytes; chunks; bytes; 32 bytes
 * @param {(id: Uint8Array, i: number) => Promise<Bytes>} o.fetchChunk gives 262,144 bytes
 * @param {SubtleCrypto|null} o.subtle
 * @param {(done: number, total: number) => void} [o.onProgress] chunks opened
 * @returns {Promise<Blob>} the file; the browser keeps a large one on disk
 * @throws {ProtocolError} cannot-open, wrong-length; whatever fetchChunk throws
 */
export async function openFile({ file, fetchChunk, subtle, onProgress }) {
  checkKey(file.key);
  if (!Number.isInteger(file.size) || file.size < 0 || file.size > FILE_BYTES_MAX) {
    throw new ProtocolError('cannot-open', 'a file larger than any that is sent');
  }
  if (file.chunks !== chunkCount(file.size)) {
    throw new ProtocolError('cannot-open', 'the file’s size and its number of chunks do not agree');
  }
  const crypto = engine(file.key, subtle);
  const parts = [];
  const leaves = sha256.create();
  let rest = new Uint8Array(0); // the stream is 8 bytes off the file: a leaf spans two chunks
  for (let i = 0; i < file.chunks; i++) {
    const piece = await openWith(crypto, i, file.chunks, await fetchChunk(chunkId(file.key, i), i));
    const part = filePart(piece, i, file.size);
    parts.push(new Blob([part]));
    let joined = concat(rest, part);
    while (joined.length >= PIECE_BYTES) {
      leaves.update(await crypto.digest(joined.subarray(0, PIECE_BYTES)));
      joined = joined.slice(PIECE_BYTES);
    }
    rest = joined;
    if (onProgress) onProgress(i + 1, file.chunks);
  }
  if (rest.length) leaves.update(await crypto.digest(rest));
  if (!equal(leaves.digest(), file.tree)) {
    throw new ProtocolError('cannot-open', 'the file is not the one its sender described');
  }
  return new Blob(parts, { type: file.type || 'application/octet-stream' });
}

/**
 * What of a piece is file; the length before it and the zeros after it are checked.
 * @param {Bytes} piece 262,128 bytes
 * @param {number} i
 * @param {number} size the file's bytes
 * @returns {Bytes}
 */
function filePart(piece, i, size) {
  const from = i === 0 ? LENGTH_BYTES : 0;
  const to = Math.max(from, Math.min(PIECE_BYTES, LENGTH_BYTES + size - i * PIECE_BYTES));
  if (i === 0 && readInteger(piece, 0, LENGTH_BYTES) !== size) {
    throw new ProtocolError('cannot-open', 'the file’s size is not the one its sender described');
  }
  if (piece.subarray(to).some((byte) => byte !== 0)) {
    throw new ProtocolError('cannot-open', 'the padding after the file is not empty');
  }
  return piece.subarray(from, to);
}
