// Saving a file from an answer: fetched chunk by chunk, opened here, checked, handed to the
// browser's downloads. Never shown in the page: a file may do things that a text cannot.

import { unb64u, unhex } from '../protocol/encoding.js';
import { ProtocolError } from '../protocol/errors.js';
import { make } from './dom.js';
import { throwIfStopped } from './stopping.js';
import { Trouble } from './trouble.js';

/** @import { Parts } from './visit.js' */
/**
 * An entry of an answer's files, as its writer wrote it: nothing of it is known to be so.
 * @typedef {{key?: *, chunks?: *, name?: *, size?: *, tree?: *}} Described
 */

const KEEP_MS = 60_000; // long enough for any browser to have begun the download

/**
 * `file` is an entry of a body. Throws Trouble.
 * @param {Pick<Parts, 'service' | 'core'> & {file: Described, onProgress: (done: number, total: number) => void,
 *   signal: AbortSignal}} o
 */
export async function saveFile({ file, service, core, onProgress, signal }) {
  let blob;
  try {
    const described = {
      key: unb64u(file.key, 32),
      chunks: file.chunks,
      size: file.size,
      tree: unhex(file.tree, 32),
    };
    const answer = (/** @type {Uint8Array} */ id) => service.chunk(id, { signal });
    blob = await core.run('openFile', { file: described }, { answer, onProgress, signal });
  } catch (error) {
    throwIfStopped(signal);
    if (error instanceof ProtocolError) throw new Trouble('bad-file');
    throw error;
  }
  throwIfStopped(signal);
  const address = URL.createObjectURL(blob);
  const link = make('a', { href: address, download: plainName(file.name) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

/**
 * A name that is only a name: no folders, no characters that hide the true ending.
 * @param {unknown} name
 */
function plainName(name) {
  const clean = String(name ?? '')
    .replace(/[\\/:*?"<>|]|\p{Cc}|\p{Cf}/gu, '_')
    .slice(-100);
  return clean.replace(/^\.+/, '') || 'file';
}
