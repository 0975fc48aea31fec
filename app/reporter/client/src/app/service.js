// Every call to the server, and nothing else: bytes in, bytes out. The calls are the same for
// everyone, carry no cookie, no referrer and nothing about the person. Failures become Trouble;
// passing ones are tried again first, after a pause that grows.

import { hex } from '../protocol/encoding.js';
import { expand } from '../protocol/receipt.js';
import { randomBelow, systemRng } from '../protocol/random.js';
import { WORK_HEADER } from '../protocol/work.js';
import { follow, throwIfStopped, pause } from './stopping.js';
import { Trouble } from './trouble.js';

/** @typedef {{method?: string, body?: Bytes, work?: string, signal?: AbortSignal}} Options */
/** @typedef {{status: number, ok: boolean, bytes: Bytes}} Answer */
/** @typedef {typeof service} Service */
/** @import { Bytes } from '../protocol/attachments.js' */

const TRIES = 4;
const BUSY_TRIES = 7; // a busy line lets callers in every moment: half a minute is worth it
const FIRST_PAUSE_MS = 500;
const PATIENCE_MS = 240_000; // a chunk on the slowest network still gets through
const PROBLEM = 'urn:quietline:problem:';

/**
 * The name in a problem details answer (RFC 9457), or nothing.
 * @param {Answer} response
 */
function problemName({ bytes }) {
  try {
    return String(JSON.parse(new TextDecoder().decode(bytes)).type).replace(PROBLEM, '');
  } catch {
    return '';
  }
}

/**
 * One HTTP call, its body read whole: {status, ok, bytes}.
 * Throws Trouble('unreachable') if no complete answer came in time.
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
async function call(path, { method = 'GET', body, work, signal } = {}) {
  throwIfStopped(signal);
  const patience = follow(signal, PATIENCE_MS);
  try {
    const response = await fetch(path, {
      method,
      body,
      signal: patience.signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      headers: {
        ...(body ? { 'Content-Type': 'application/octet-stream' } : {}),
        ...(work ? { [WORK_HEADER]: work } : {}),
      },
    });
    const { status, ok } = response;
    return { status, ok, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch {
    throwIfStopped(signal);
    throw new Trouble('unreachable');
  } finally {
    patience.release();
  }
}

/** @param {number} status */
const passing = (status) => status === 429 || status === 502 || status === 503 || status === 504;

/** @param {Answer} response */
const isBusy = (response) => ['busy', 'too-many'].includes(problemName(response));

/**
 * A call that is tried again while the server cannot be reached or asks for patience.
 * @param {string} path
 * @param {Options} options
 * @returns {Promise<Answer>}
 */
async function insist(path, options = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await call(path, options);
      const tries = isBusy(response) ? BUSY_TRIES : TRIES;
      if (attempt >= tries || !passing(response.status)) return response;
    } catch (error) {
      if (attempt >= TRIES || !(error instanceof Trouble)) throw error;
    }
    const wait = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    await pause(wait + randomBelow(wait, systemRng), options.signal); // not all at once again
  }
}

/**
 * @param {Answer} response
 * @returns {never}
 */
function refuse(response) {
  const name = problemName(response);
  if (response.status === 507) throw new Trouble('disk-full');
  if (name === 'stale-bundles') throw new Trouble('stale');
  if (name.startsWith('work-')) throw new Trouble('work');
  if (passing(response.status)) throw new Trouble('busy');
  throw new Trouble('refused');
}

/**
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Bytes>}
 */
async function bytesOf(path, options) {
  const response = await insist(path, options);
  if (!response.ok) refuse(response);
  return response.bytes;
}

export const service = {
  directory: (/** @type {Options} */ options) => bytesOf('/api/v1/directory', options),
  bundles: (/** @type {Options} */ options) => bytesOf('/api/v1/bundles', options),
  challenges: (/** @type {Options} */ options) => bytesOf('/api/v1/challenges', options),

  /** A challenge for the work that a message costs, or files: JSON. */
  work: (/** @type {Options} */ options) => bytesOf('/api/v1/work', options),
  workForFiles: (/** @type {Options} */ options) => bytesOf('/api/v1/work?for=chunks', options),

  /** 19,936 bytes, hit or miss alike. `id` has 16 bytes. */
  message: (/** @type {Uint8Array} */ id, /** @type {Options} */ options) =>
    bytesOf(`/api/v1/messages/${hex(id)}`, options),

  /** Delete a message, whether or not it is there. `id` has 16 bytes. */
  remove: (/** @type {Uint8Array} */ id, /** @type {Options} */ options) =>
    bytesOf(`/api/v1/messages/${hex(id)}`, { ...options, method: 'DELETE' }),

  /**
   * Hand over one batch, with the `work` it costs. Throws Trouble('stale') when the epoch has
   * passed, Trouble('work') when the work is not taken.
   * @param {number} epoch
   * @param {Bytes} batch count × 19,936 bytes
   * @param {Options} [options]
   */
  async send(epoch, batch, options = {}) {
    const path = `/api/v1/messages?epoch=${epoch}`;
    const response = await insist(path, { ...options, method: 'POST', body: batch });
    if (!response.ok) refuse(response);
  },

  /**
   * Is this chunk already stored?
   * @param {Uint8Array} id 16 bytes
   * @param {Options} [options]
   */
  async hasChunk(id, options = {}) {
    const response = await insist(`/api/v1/chunks/${hex(id)}`, { ...options, method: 'HEAD' });
    if (response.ok) return true;
    if (response.status === 404) return false;
    return refuse(response);
  },

  /**
   * Store a chunk (262,144 bytes), with the `work` it costs. Storing it twice changes nothing.
   * @param {Uint8Array} id 16 bytes
   * @param {Bytes} bytes
   * @param {Options} [options]
   */
  async putChunk(id, bytes, options = {}) {
    const path = `/api/v1/chunks/${hex(id)}`;
    const response = await insist(path, { ...options, method: 'PUT', body: bytes });
    if (!response.ok) refuse(response);
  },

  /**
   * One chunk of a file in an answer. Throws Trouble('file-missing') when it has expired.
   * @param {Uint8Array} id 16 bytes
   * @param {Options} [options]
   */
  async chunk(id, options = {}) {
    const response = await insist(`/api/v1/chunks/${hex(id)}`, options);
    if (response.status === 404) throw new Trouble('file-missing');
    if (!response.ok) refuse(response);
    return response.bytes;
  },

  /**
   * A BIP-39 list by name: 2,048 words.
   * @param {string} name
   * @param {Options} [options]
   */
  async words(name, options) {
    const text = new TextDecoder().decode(await bytesOf(`/assets/words-${name}.txt`, options));
    return expand(text);
  },
};
