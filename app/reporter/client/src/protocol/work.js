/**
 * Work: a small sum that is solved before anything may be stored (docs/spec/work.md).
 *
 * ALTCHA v2 with PBKDF2-HMAC-SHA256: find the counter whose derived key begins with the prefix that
 * the challenge names. WebCrypto is as fast without JIT as with it; noble is for pages without it.
 * Fetching and keeping are not handled here.
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { hex, unhex, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';
import { nextTurn } from './turns.js';

/** @import { Bytes } from './attachments.js' */

/**
 * A challenge as it was read: nonce and salt 16 bytes, `prefix` at most 16; the answer may be sent `uses` times, and
 * is good for `seconds`.
 * @typedef {{parameters: object, signature: string, nonce: Bytes, salt: Bytes, prefix: Uint8Array, cost: number,
 *   most: number, seconds: number, uses: number}} Challenge
 */

export const WORK_HEADER = 'Quietline-Work';
const ALGORITHM = 'PBKDF2/SHA-256';
const COST_MAX = 100_000;
const MOST_MAX = 10_000_000;
const USES_MAX = 4_096;
const KEY_BYTES = 32;
const SLICE_MS = 40; // short enough for a page to answer a touch
const AT_ONCE = 2; // hides the way to WebCrypto's thread and back

/**
 * Read a challenge.
 * @param {string} text JSON
 * @returns {Challenge}
 * @throws {ProtocolError} bad-work: another form, or more work than any sender should do
 */
export function readChallenge(text) {
  try {
    const { parameters, signature } = JSON.parse(text);
    const { algorithm, keyLength, cost, data } = parameters;
    const within = (/** @type {number} */ number, /** @type {number} */ most) =>
      Number.isInteger(number) && number >= 1 && number <= most;
    const known = algorithm === ALGORITHM && keyLength === KEY_BYTES && typeof signature === 'string';
    if (!known || !within(cost, COST_MAX) || !within(data.most, MOST_MAX) || !within(data.uses, USES_MAX)) {
      throw new Error('unknown');
    }
    const [nonce, salt] = [unhex(parameters.nonce, 16), unhex(parameters.salt, 16)];
    const { most, seconds, uses } = data;
    const prefix = unhex(parameters.keyPrefix, 16);
    return { parameters, signature, nonce, salt, prefix, cost, most, seconds, uses };
  } catch {
    throw new ProtocolError('bad-work', 'a challenge of another form');
  }
}

/**
 * Solve a challenge that readChallenge() gave.
 * @param {Challenge} challenge
 * @param {object} [options]
 * @param {SubtleCrypto | null} [options.subtle]
 * @param {(done: number, most: number) => void} [options.onProgress] counts steps; it may end early
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string>} the value of the Quietline-Work header
 * @throws {ProtocolError} bad-work if it has no answer
 */
export async function solveWork(challenge, { subtle, onProgress = () => {}, signal } = {}) {
  const { nonce, salt, prefix, cost, most, parameters, signature } = challenge;
  const derive = subtle ? byWebCrypto(subtle, salt, cost) : byNoble(salt, cost);
  let sliceEnds = Date.now() + SLICE_MS;
  for (let first = 0; first < most; first += AT_ONCE) {
    const counters = [first, first + 1].filter((counter) => counter < most);
    const keys = await Promise.all(counters.map((counter) => derive(password(nonce, counter))));
    for (const [n, key] of keys.entries()) {
      if (!prefix.every((byte, at) => byte === key[at])) continue;
      const solution = { counter: counters[n], derivedKey: hex(key) };
      return base64(JSON.stringify({ challenge: { parameters, signature }, solution }));
    }
    if (first === 0 || Date.now() >= sliceEnds) {
      onProgress(first, most);
      await nextTurn(signal);
      sliceEnds = Date.now() + SLICE_MS;
    }
  }
  throw new ProtocolError('bad-work', 'a challenge without an answer');
}

/**
 * Is it worth going over to another challenge after `done` steps of this one? Less than half of what is
 * left: who goes over loses what was done, and luck may be near.
 * @param {Challenge} other
 * @param {Challenge} present
 * @param {number} done
 * @returns {boolean}
 */
export const costsClearlyLess = (other, present, done) =>
  2 * other.cost * other.most < present.cost * (present.most - done);

/**
 * @param {Uint8Array} nonce
 * @param {number} counter
 * @returns {Bytes}
 */
function password(nonce, counter) {
  const bytes = new Uint8Array(nonce.length + 4);
  bytes.set(nonce);
  new DataView(bytes.buffer).setUint32(nonce.length, counter);
  return bytes;
}

/**
 * @param {SubtleCrypto} subtle
 * @param {Bytes} salt 16 bytes
 * @param {number} iterations
 * @returns {(secret: Bytes) => Promise<Uint8Array>} 32 bytes
 */
function byWebCrypto(subtle, salt, iterations) {
  return async (secret) => {
    const key = await subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
    return new Uint8Array(await subtle.deriveBits(how, key, KEY_BYTES * 8));
  };
}

/**
 * @param {Bytes} salt 16 bytes
 * @param {number} iterations
 * @returns {(secret: Bytes) => Promise<Uint8Array>} 32 bytes
 */
function byNoble(salt, iterations) {
  return async (secret) => {
    const { pbkdf2 } = await import('./slow.js');
    return pbkdf2(sha256, secret, salt, { c: iterations, dkLen: KEY_BYTES });
  };
}

/** @param {string} text */
const base64 = (text) => btoa(String.fromCharCode(...utf8(text)));
