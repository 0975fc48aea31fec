// Importing a part of the page when it is needed. Some browsers remember a failed import for ever:
// the next try asks by another address, so that a network that was gone for a moment costs nothing.

import { pause } from './stopping.js';
import { Trouble } from './trouble.js';

const TRIES = 3;
const PAUSE_MS = 500;
/** @type {Map<string, number>} */
const failures = new Map();

/**
 * The module at that address. Throws Trouble('unreachable').
 * @template T what it exports
 * @param {string} address
 * @returns {Promise<T>}
 */
export async function load(address) {
  const failed = failures.get(address) ?? 0;
  try {
    return await import(failed > 0 ? `${address}?${failed}` : address);
  } catch {
    failures.set(address, failed + 1);
    throw new Trouble('unreachable');
  }
}

/**
 * Do something up to three times, with a pause in between.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function insist(action) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= TRIES) throw error;
      await pause(PAUSE_MS * attempt);
    }
  }
}
