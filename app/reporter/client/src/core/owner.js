// Being the owner of a receipt code, for no longer than needed.

import { reporterIdentity, wipe } from '../protocol/identities.js';

/** @import { Identity } from '../protocol/identities.js' */

/**
 * Be the owner of `code` for as long as `work(identity)` takes; then both are overwritten.
 * @template T
 * @param {Uint8Array} code 16 bytes
 * @param {(identity: Identity) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function as(code, work) {
  const identity = reporterIdentity(code);
  try {
    return await work(identity);
  } finally {
    wipe(identity);
    code.fill(0);
  }
}
