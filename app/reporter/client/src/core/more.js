// What the way to "sent" does not need: coming back, letters, files. dist/more.js, imported by the
// tasks of the way (tasks.js) when the first of these is asked for, and by every visit after a while
// (app/later.js). The same rules as there, with one exception: a chunk of a file goes to the server
// from here. What is sealed is large; it would be garbage in two places, which browsers clear late.

import { load } from '../app/loading.js';
import { service } from '../app/service.js';
import { solve } from '../protocol/answers.js';
import { chunkId, FileSealer, openFile, treeOf } from '../protocol/attachments.js';
import { digestOf } from '../protocol/digests.js';
import { randomScalar } from '../protocol/group.js';
import { letterKey, proveLetter, readProofRequest } from '../protocol/letter.js';
import { systemRng } from '../protocol/random.js';
import { readCode, readsAs } from '../protocol/reading.js';
import { as } from './owner.js';
import { sortOut } from './sorting.js';

/**
 * @import { Bytes, Source } from '../protocol/attachments.js'
 * @import { Directory } from '../protocol/directory.js'
 * @import { ProofRequest } from '../protocol/letter.js'
 * @import { Fetched } from './sorting.js'
 * @import { Ways } from './tasks.js'
 */

/**
 * The part that knows files knows voices too: which of the two was loaded for says nothing.
 * @returns {Promise<typeof import('../clean/main.js')>}
 */
const cleaner = () => load('/assets/clean.js');

const subtle = globalThis.crypto.subtle ?? null; // not without a secure context

export const tasks = {
  /**
   * {set, codes, lineId} → {at, ids}: what waits for the code at that place, the one with most.
   * @param {{set: Uint8Array, codes: Uint8Array[], lineId: Uint8Array}} o
   * @param {Ways} ways
   */
  async find({ set, codes, lineId }, { onProgress, signal }) {
    /** @type {{at: number, ids: Uint8Array[]}} */
    let found = { at: 0, ids: [] };
    try {
      for (const [at, code] of codes.entries()) {
        const ids = await as(code, ({ fetchSk }) =>
          solve(set, fetchSk, lineId, {
            signal,
            onProgress: (done, total) => onProgress((at + done / total) / codes.length),
          }),
        );
        if (ids.length > found.ids.length) found = { at, ids };
      }
    } finally {
      set.fill(0); // a copy of the set would prove a visit in that minute
    }
    return found;
  },

  /**
   * {rows, lineId} → the milliseconds that these rows take here, for a key that no reader has.
   * @param {{rows: Uint8Array, lineId: Uint8Array}} o
   * @param {Ways} ways
   */
  async pretend({ rows, lineId }, { signal }) {
    const began = performance.now();
    await solve(rows, randomScalar(systemRng), lineId, { signal });
    return performance.now() - began;
  },

  /**
   * {fetched, code, directory, lineId} → see sortOut().
   * @param {{fetched: Fetched[], code: Uint8Array, directory: Directory, lineId: Uint8Array}} o
   */
  open: ({ code, ...what }) => as(code, async (identity) => sortOut({ ...what, identity })),

  /**
   * {text, lists} → every code that it can be read as.
   * @param {{text: string, lists: Record<string, string[]>}} o
   */
  readCode: async ({ text, lists }) => readCode(text, lists),

  /**
   * {text, place, list} → is that word, or without a list that number, how a reporter types this one?
   * @param {{text: string, place: number, list: string[] | null}} o
   */
  readsAs: async ({ text, place, list }) => readsAs(text, place, list),

  /**
   * {code, n} → the public key of a letter.
   * @param {{code: Uint8Array, n: Uint8Array}} o 16 bytes each
   */
  async letterKey({ code, n }) {
    const { seed, publicKey } = letterKey(code, n);
    seed.fill(0);
    code.fill(0);
    return publicKey;
  },

  /**
   * {text} → who asks for the proof of which letters.
   * @param {{text: string}} o
   */
  readProofRequest: async ({ text }) => readProofRequest(text),

  /**
   * {code, request} → the proof, or null.
   * @param {{code: Uint8Array, request: ProofRequest}} o
   */
  async proveLetter({ code, request }) {
    const proof = proveLetter(code, request);
    code.fill(0);
    return proof;
  },

  /**
   * {key, index} → the id of a chunk.
   * @param {{key: Uint8Array, index: number}} o
   */
  async chunkId({ key, index }) {
    const id = chunkId(key, index);
    key.fill(0);
    return id;
  },

  /**
   * {part, at, size, key, index, header} → once the chunk is stored, for the work in `header`. `onProgress(leaf)`
   * hears when it is sealed. Throws Trouble.
   * @param {{part: Blob, at: number, size: number, key: Bytes, index: number, header: string}} o
   * @param {Ways} ways
   */
  async sendChunk({ part, at, size, key, index, header }, { onProgress, signal }) {
    const blob = { slice: (/** @type {number} */ from, /** @type {number} */ to) => part.slice(from - at, to - at) };
    const sealer = new FileSealer({ blob, key, size, subtle });
    const { chunk, leaf } = await sealer.chunk(index);
    const id = sealer.chunkId(index);
    key.fill(0);
    onProgress(leaf);
    await service.putChunk(id, chunk, { work: header, signal });
  },

  /**
   * {parts} → the SHA-256 of them all, 32 bytes.
   * @param {{parts: Uint8Array[]}} o
   */
  digest: async ({ parts }) => digestOf(parts),

  /**
   * {leaves} → the hash of the file's tree.
   * @param {{leaves: Uint8Array}} o
   */
  tree: async ({ leaves }) => treeOf(leaves),

  /**
   * {file} of an answer → a Blob; its chunks are asked for by id.
   * @param {{file: {key: Bytes, chunks: number, size: number, tree: Uint8Array, type?: string}}} o
   * @param {Ways} ways
   */
  openFile: ({ file }, { onProgress, ask }) => openFile({ file, subtle, onProgress, fetchChunk: ask }),

  /**
   * What a voice is changed by, loaded before it is wanted: the network may be gone by then.
   * @param {object} _nothing
   */
  async voiceReady(_nothing) {
    await cleaner();
  },

  /**
   * {samples} of a recording → a WAV file of it in another voice, or whispered (clean/voice.js).
   * @param {{samples: Float32Array, isWhispered: boolean}} o
   * @param {Ways} ways
   */
  async disguise({ samples, isWhispered }, { onProgress, signal }) {
    return (await cleaner()).disguise(samples, { rng: systemRng, isWhispered, onProgress, signal });
  },

  /**
   * {file} as `disguise` made it → its samples, to be listened to.
   * @param {{file: Uint8Array}} o
   */
  hear: async ({ file }) => (await cleaner()).readAdpcm(file),
};
