/**
 * One row of a challenge set (QL1, "Challenges").
 *
 * Lives here: how a row's key is made and how a row is built, for vectors and tests; pages only
 * solve (answers.js). Never here: sets, shuffling, sizes: those are the server's.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { concat, utf8 } from './encoding.js';
import { multiply } from './group.js';
import { ROW_BYTES } from './wire.js';

export { ROW_BYTES };
export const EID_BYTES = 32;

const SALT = utf8('quietline-challenge-v1');
const NONCE = new Uint8Array(12); // every key is used for one row only

/**
 * HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305 for many rows. The salt is hashed into its HMAC
 * once, not once per row: a quarter of the hashing, which is what costs where there is no JIT.
 * @param {Uint8Array} lineId 32 bytes
 * @returns {(shared: Uint8Array) => ReturnType<typeof chacha20poly1305>}
 *   from r·Z or fetch_sk·Q (32 bytes) to noble's cipher
 */
export function rowCiphers(lineId) {
  const salted = hmac.create(sha256, SALT);
  return (shared) => {
    const prk = salted.clone().update(shared).digest();
    return chacha20poly1305(expand(sha256, prk, lineId, 32), NONCE);
  };
}

/**
 * @param {Uint8Array} messageId 16 bytes
 * @param {{x: Uint8Array, z: Uint8Array}} hint 32 bytes each
 * @param {Uint8Array} lineId 32 bytes
 * @param {Uint8Array} r a fresh scalar, 32 bytes
 * @returns {Uint8Array} eid 32 ‖ Q 32
 * @throws {ProtocolError} bad-point, bad-key
 */
export function buildRow(messageId, hint, lineId, r) {
  return concat(rowCiphers(lineId)(multiply(r, hint.z)).encrypt(messageId), multiply(r, hint.x));
}
