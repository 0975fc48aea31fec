// Sending a file, chunk by chunk: three at a time, in any order, going on where it stopped.
// Memory stays flat: the core reads, seals and sends a chunk before it reads the next one. It is read
// once: its part of the file's hash is told from there, and kept for as long as the file waits.
// Loaded with what comes later (other-ways.js), when there is a file to send.

import { CHUNK_BYTES, keepLeaf, partFor } from '../protocol/attachments.js';
import { follow, throwIfStopped, isStop } from './stopping.js';
import { Trouble } from './trouble.js';

/**
 * @import { Attached } from './draft.js'
 * @import { Tell } from './deliver.js'
 * @import { Parts } from './visit.js'
 */
/**
 * What it takes to send chunks. `onWork(fraction, msLeft)` hears of work that delays them.
 * @typedef {Pick<Parts, 'service' | 'core' | 'work'> & {attachment: Attached, signal: AbortSignal,
 *   onWork: (fraction: number, msLeft: number) => void}} Sending
 */

const AT_ONCE = 3;

/**
 * Send what has not arrived yet of all files, one after the other; `tell('file', …)` hears how far it is, as in
 * deliver(). Throws Trouble; call again to go on.
 * @param {Omit<Sending, 'attachment'> & Pick<Parts, 'speaker'> & {files: Attached[], tell: Tell}} o
 */
export async function uploadFiles({ files, speaker, tell, ...sending }) {
  for (const [n, attachment] of files.entries()) {
    const onProgress = (/** @type {number} */ done, /** @type {number} */ chunks) =>
      tell('file', {
        number: n + 1,
        total: files.length,
        name: attachment.title(speaker),
        done: bytesDone(attachment, done),
        size: attachment.blob.size,
        fraction: done / chunks,
      });
    await uploadFile({ ...sending, attachment, onProgress });
  }
}

/**
 * Send what has not arrived yet of one attachment, then make the hash of the whole file.
 * `onProgress(done, total)` counts chunks; `onWork(fraction, msLeft)` hears of work that
 * delays it. Throws Trouble; call again to go on.
 * @param {Sending & {onProgress: (done: number, total: number) => void}} o
 */
async function uploadFile({ service, core, work, attachment, onProgress, onWork, signal }) {
  const { chunks, arrived } = attachment;
  /** @type {number[]} */
  const waiting = [];
  for (let i = 0; i < chunks; i += 1) if (!arrived.has(i)) waiting.push(i);
  const together = follow(signal);
  onProgress(arrived.size, chunks);

  const worker = async () => {
    while (waiting.length > 0) {
      throwIfStopped(together.signal);
      const index = /** @type {number} */ (waiting.shift());
      const more = waiting.length;
      await uploadChunk({ service, core, work, attachment, index, more, onWork, signal: together.signal });
      onProgress(arrived.size, chunks);
    }
  };
  const workers = Array.from({ length: AT_ONCE }, worker);
  try {
    await Promise.all(workers);
    const { leaves } = attachment;
    attachment.tree ??= await core.run('tree', { leaves }, { signal });
  } catch (error) {
    together.stop(); // one has failed: the others stop too
    await Promise.allSettled(workers);
    throw error;
  } finally {
    together.release();
  }
}

/** @param {Sending & {index: number, more: number}} o */
async function uploadChunk({ service, core, work, attachment, index, more, onWork, signal }) {
  const { blob, key, leaves, arrived, doubtful } = attachment;
  if (doubtful.has(index)) {
    const id = await core.run('chunkId', { key, index }, { signal });
    if (await service.hasChunk(id, { signal })) {
      doubtful.delete(index);
      arrived.add(index);
      return;
    }
  }
  const onProgress = (/** @type {Uint8Array | null} */ leaf) => {
    keepLeaf(leaves, index, leaf);
    doubtful.add(index); // sealed: from now on it may arrive
  };
  const put = (/** @type {string} */ header) => {
    const about = { ...partFor(blob, index), size: blob.size, key, index, header };
    return core.run('sendChunk', about, { onProgress, signal });
  };
  await readable(attachment, () => work.chunk.spend(put, { tell: onWork, signal, more }));
  doubtful.delete(index);
  arrived.add(index);
}

/**
 * Reading a file fails when it was moved, deleted or changed since it was chosen.
 * @template T
 * @param {Attached} attachment
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
async function readable(attachment, read) {
  try {
    return await read();
  } catch (error) {
    if (isStop(error) || error instanceof Trouble) throw error;
    throw new Trouble('file-gone', { name: attachment.file.name });
  }
}

/**
 * How many bytes of the file that is, to say it in words.
 * @param {Attached} attachment
 * @param {number} done chunks
 * @returns {number}
 */
function bytesDone(attachment, done) {
  const { size } = attachment.blob;
  return Math.min(size, Math.round((done / attachment.chunks) * size), done * CHUNK_BYTES);
}
