// The way to everything secret or slow: core/ in a worker, so that the page always answers a touch;
// in the page itself, in turns, where there are no workers. The worker is ended when the page is
// left, and when nothing was asked of it for a while after it had seen a secret.

import { ProtocolError } from '../protocol/errors.js';
import { load } from './loading.js';
import { Trouble } from './trouble.js';

/**
 * @import { Bytes } from '../protocol/attachments.js'
 * @import { Tasks, Ways } from '../core/tasks.js'
 */
/**
 * What goes with a task: who hears how far it is, what stops it, and who answers what it asks.
 * @typedef {{onProgress?: (...progress: *[]) => void, signal?: AbortSignal,
 *   answer?: (what: Uint8Array) => Promise<Bytes>}} Options
 */
/**
 * Where tasks are done: a worker, or the page.
 * @typedef {{run: (name: string, args: object, options: Options) => Promise<*>, end: () => void}} Host
 */
/**
 * A task that the worker is at.
 * @typedef {{resolve: (value: *) => void, reject: (error: unknown) => void, onProgress: Options['onProgress'],
 *   answer: Options['answer']}} Asked
 */
/**
 * @typedef {<N extends keyof Tasks>(name: N, args: Parameters<Tasks[N]>[0], options?: Options) =>
 *   Promise<Awaited<ReturnType<Tasks[N]>>>} Run
 */
/** @typedef {{prepare: () => Promise<unknown>, run: Run, end: () => void}} Core */
/**
 * An error as the worker tells it (core/serve.js).
 * @typedef {{name: string, code: string, message: string, [detail: string]: unknown}} Failure
 */

const ADDRESS = '/assets/core.js';
const REST_MS = 60_000;
const WITHOUT_SECRETS = new Set(['openDirectory', 'openBundles', 'pretend', 'solveWork', 'more']);

const stopped = () => new DOMException('stopped', 'AbortError');

/**
 * Trusted Types ask by name for every script that does not stand in the page.
 * @param {string} address
 * @returns {string}
 */
function trusted(address) {
  const types = globalThis.trustedTypes;
  return types ? types.createPolicy('core', { createScriptURL: () => address }).createScriptURL('') : address;
}

/**
 * @param {Failure} failure
 * @returns {Error}
 */
function errorOf({ name, code, message, ...details }) {
  if (name === 'AbortError') return stopped();
  if (name === 'Trouble') return new Trouble(code);
  if (name === 'ProtocolError') return new ProtocolError(code, message, details);
  return new Error(message);
}

/**
 * A worker that has answered: {run, end}. Rejects if it cannot be had; `onGone()` if it breaks.
 * @param {string} address
 * @param {() => void} onGone
 * @returns {Promise<Host>}
 */
function startWorker(address, onGone) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address, { type: 'module' });
    /** @type {Map<number, Asked>} */
    const pending = new Map(); // id → {resolve, reject, onProgress, answer}
    let last = 0;

    const end = () => {
      worker.terminate();
      for (const each of pending.values()) each.reject(stopped());
      pending.clear();
    };
    /** @type {Host['run']} */
    const run = (name, args, { onProgress, signal, answer }) =>
      new Promise((done, fail) => {
        const id = (last += 1);
        const onStop = () => {
          worker.postMessage({ id, stop: true });
          finish(fail)(stopped());
        };
        const finish = (/** @type {(value: *) => void} */ how) => (/** @type {unknown} */ value) => {
          signal?.removeEventListener('abort', onStop);
          pending.delete(id);
          how(value);
        };
        pending.set(id, { resolve: finish(done), reject: finish(fail), onProgress, answer });
        signal?.addEventListener('abort', onStop);
        worker.postMessage({ id, name, args });
      });

    worker.onmessage = ({ data }) => {
      if (data.ready) {
        resolve({ run, end });
        return;
      }
      const mine = pending.get(data.id);
      if (!mine) return; // stopped meanwhile
      if ('progress' in data) mine.onProgress?.(...data.progress);
      else if ('ask' in data) {
        /** @type {NonNullable<Options['answer']>} */ (mine.answer)(data.ask).then(
          (value) => worker.postMessage({ id: data.id, answer: { value } }),
          (error) => {
            mine.reject(error);
            worker.postMessage({ id: data.id, answer: { failed: true } });
          },
        );
      } else if (data.error) mine.reject(errorOf(data.error));
      else mine.resolve(data.value);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new Error('no worker'));
      for (const each of [...pending.values()]) each.reject(new Error('the worker is gone'));
      onGone();
    };
  });
}

/**
 * The same in the page itself. Arguments are copied, as they are for a worker.
 * @returns {Promise<Host>}
 */
async function startHere() {
  /** @type {{tasks: Record<string, (args: object, ways: Partial<Ways>) => Promise<unknown>>}} */
  const { tasks } = await load(ADDRESS);
  /** @type {Host['run']} */
  const run = async (name, args, { onProgress = () => {}, signal, answer }) => {
    try {
      return await tasks[name](copyOf(args), { onProgress, signal, ask: answer });
    } catch (error) {
      throw errorOf(/** @type {Failure} */ (error)); // its own kinds of error are not the page's
    }
  };
  return { run, end: () => {} };
}

/**
 * What tasks overwrite must be theirs; the rest may be shared.
 * @param {object} args
 * @returns {object}
 */
function copyOf(args) {
  /**
   * @param {*} value
   * @returns {*}
   */
  const copy = (value) => {
    if (value instanceof Uint8Array) return value.slice();
    return Array.isArray(value) ? value.map(copy) : value;
  };
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, copy(value)]));
}

/**
 * `run(name, args, {onProgress, signal, answer})` does a task of core/tasks.js. `prepare()` only
 * loads it. Throws what the task throws, and Trouble('unreachable') if it cannot be loaded.
 * @returns {Core}
 */
export function makeCore() {
  /** @type {Promise<Host> | null} */
  let host = null;
  /** @type {Host | null} */
  let there = null; // what it gave: a worker is ended at once, not after what else is waiting
  /** @type {number | null} */
  let rest = null;
  let running = 0;
  let secrets = false; // has this worker seen any?
  /** @type {string | null} */
  let address = null;

  const start = async () => {
    try {
      address ??= trusted(ADDRESS);
      return await startWorker(address, () => {
        host = null;
        there = null;
      });
    } catch {
      return startHere();
    }
  };
  const prepare = () => {
    if (!host) {
      const mine = start();
      host = mine;
      mine.then(
        (started) => {
          if (host === mine) there = started;
        },
        () => {
          if (host === mine) host = null; // the next one tries again
        },
      );
    }
    return host;
  };
  const end = () => {
    clearTimeout(/** @type {number} */ (rest)); // null is none, and stops none
    if (there) there.end();
    else
      host?.then(
        (late) => late.end(),
        () => {},
      );
    host = null;
    there = null;
    secrets = false;
  };
  /** @type {(name: string, args: object, options?: Options) => Promise<*>} */
  const run = async (name, args, options = {}) => {
    clearTimeout(/** @type {number} */ (rest));
    running += 1;
    secrets ||= !WITHOUT_SECRETS.has(name);
    try {
      const { run: ask } = await prepare();
      if (options.signal?.aborted) throw stopped();
      return await ask(name, args, options);
    } finally {
      running -= 1;
      if (running === 0 && secrets) rest = setTimeout(end, REST_MS);
    }
  };
  return { prepare: () => prepare().catch(() => {}), run, end };
}
