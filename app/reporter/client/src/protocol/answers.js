/**
 * Finding my messages in a challenge set (QL1, "Challenges").
 *
 * Lives here: solving a set in slices, and telling a hit from random bytes. Never here: fetching
 * the set or the messages, opening them (envelope.js).
 */
import { EID_BYTES, ROW_BYTES, rowCiphers } from './challenges.js';
import { equal } from './encoding.js';
import { ProtocolError } from './errors.js';
import { decodeScalar, multiply } from './group.js';
import { nextTurn } from './turns.js';
import { checkEnvelope } from './wire.js';

const SLICE_MS = 40; // long enough to work, short enough for a page to answer a touch

/**
 * @param {Uint8Array} set rows of 64 bytes
 * @param {Uint8Array} fetchSk 32 bytes
 * @param {Uint8Array} lineId 32 bytes
 * @param {{onProgress?: (done: number, total: number) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<Uint8Array[]>} the message ids (16 bytes each) of the rows made for this key,
 *   in the set's order; a row whose point is the identity or not canonical is no reader's
 * @throws {ProtocolError} wrong-length unless the set is whole rows; bad-key; AbortError when stopped
 */
export async function solve(set, fetchSk, lineId, { onProgress, signal } = {}) {
  if (set.length % ROW_BYTES) throw new ProtocolError('wrong-length', 'a challenge set is not whole rows');
  decodeScalar(fetchSk); // a key that is none would only look like an empty mailbox
  const total = set.length / ROW_BYTES;
  const cipherOf = rowCiphers(lineId);
  const found = [];
  let sliceEnds = Date.now() + SLICE_MS;
  for (let done = 0; done < total; done++) {
    const row = set.subarray(done * ROW_BYTES, (done + 1) * ROW_BYTES);
    try {
      found.push(cipherOf(multiply(fetchSk, row.subarray(EID_BYTES))).decrypt(row.subarray(0, EID_BYTES)));
    } catch {
      // a bad point, or sealed for another reader: not mine
    }
    if (Date.now() >= sliceEnds) {
      if (onProgress) onProgress(done + 1, total);
      await nextTurn(signal);
      sliceEnds = Date.now() + SLICE_MS;
    }
  }
  if (onProgress) onProgress(total, total);
  return found;
}

/**
 * QL1, "Challenges", 6: an answer to an unknown id is random bytes; Z = fetch_sk·X tells.
 * @param {Uint8Array} envelope what GET messages/{id} gave
 * @param {Uint8Array} fetchSk 32 bytes
 * @returns {boolean} false, too, for what is no envelope
 */
export function isFor(envelope, fetchSk) {
  try {
    const { x, z } = checkEnvelope(envelope);
    return equal(multiply(fetchSk, x), z);
  } catch {
    return false;
  }
}
