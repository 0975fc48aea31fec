// What the page has done for it, by name: (args, {onProgress, signal, ask}) → a value that can be
// copied. Nothing stays here from one task to the next, and what was secret in the arguments is
// overwritten at the end: in a worker they are copies of its own. Here is what the way to "sent"
// takes; the rest (more.js) is loaded when it is wanted. Never here: screens; the network, but for the
// chunks of files.

import { load } from '../app/loading.js';
import { sealBatch } from '../protocol/batch.js';
import { openBundles } from '../protocol/bundles.js';
import { openDirectory } from '../protocol/directory.js';
import { systemRng } from '../protocol/random.js';
import { toIndexes } from '../protocol/receipt.js';
import { readChallenge, solveWork } from '../protocol/work.js';
import { as } from './owner.js';

/**
 * The tasks of the way to "sent".
 * @typedef {object} FirstTasks
 * @property {(o: {file: Uint8Array, lineId: Uint8Array}) => Promise<Directory>} openDirectory
 * @property {(o: {file: Uint8Array, directory: Directory}) => Promise<Bundles>} openBundles
 * @property {(o: {directory: Directory, bundles: Bundles, code: Uint8Array, chosen: Set<number>, body: Uint8Array,
 *   lineId: Uint8Array}, ways: Ways) => Promise<Bytes>} seal
 * @property {(o: {code: Uint8Array}) => Promise<Uint16Array>} write
 * @property {(o: {challenge: string}, ways: Ways) => Promise<string>} solveWork
 * @property {(o: object) => Promise<void>} more
 */

/**
 * @import { Bytes } from '../protocol/attachments.js'
 * @import { Bundles } from '../protocol/bundles.js'
 * @import { Directory } from '../protocol/directory.js'
 */
/**
 * What a task may use besides its arguments: telling how far it is, being stopped, asking the page.
 * @typedef {object} Ways
 * @property {(this: void, ...progress: *[]) => void} onProgress
 * @property {AbortSignal} [signal]
 * @property {(what: Uint8Array) => Promise<Bytes>} ask
 */
/**
 * A task by its name: arguments and what comes back.
 * @typedef {FirstTasks & typeof import('./more.js').tasks} Tasks
 */

const subtle = globalThis.crypto.subtle ?? null; // not without a secure context
const MORE = [
  'find',
  'pretend',
  'open',
  'readCode',
  'readsAs',
  'letterKey',
  'readProofRequest',
  'proveLetter',
  'chunkId',
  'digest',
  'sendChunk',
  'tree',
  'openFile',
  'voiceReady',
  'disguise',
  'hear',
];

/** @returns {Promise<{tasks: Record<string, (args: object, ways: Ways) => Promise<unknown>>}>} */
const more = () => load('/assets/more.js');
/**
 * @param {string} name
 * @returns {(args: object, ways: Ways) => Promise<unknown>}
 */
const fromMore = (name) => async (args, ways) => (await more()).tasks[name](args, ways);

/** @type {FirstTasks} */
export const tasks = {
  /** {file, lineId} → the verified directory. */
  openDirectory: async ({ file, lineId }) => openDirectory(file, lineId),

  /** {file, directory} → the verified bundles. */
  openBundles: async ({ file, directory }) => openBundles(file, directory),

  /** {directory, bundles, code, chosen, body, lineId} → a batch. */
  seal: ({ code, ...what }, { onProgress, signal }) =>
    as(code, (sender) => sealBatch({ ...what, sender, rng: systemRng, onProgress, signal })).finally(() =>
      what.body.fill(0),
    ),

  /** {code} → the twelve places of its words in a list, as bytes that can be overwritten: a string
   * cannot, and lies in memory for as long as it likes. */
  async write({ code }) {
    const places = Uint16Array.from(toIndexes(code));
    code.fill(0);
    return places;
  },

  /** {challenge: JSON} → the answer that storing costs. */
  solveWork: ({ challenge }, { onProgress, signal }) =>
    solveWork(readChallenge(challenge), { subtle, onProgress, signal }),

  /** Only load the rest, so that it is there when it is wanted. Throws Trouble('unreachable'). */
  async more() {
    await more();
  },

  ...Object.fromEntries(MORE.map((name) => [name, fromMore(name)])),
};
