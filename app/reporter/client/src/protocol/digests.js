// SHA-256 of what comes in parts (FIPS 180-4).

import { sha256 } from '@noble/hashes/sha2.js';

/**
 * @param {Uint8Array[]} parts in their order
 * @returns {Uint8Array} 32 bytes
 */
export function digestOf(parts) {
  const sum = sha256.create();
  for (const part of parts) sum.update(part);
  return sum.digest();
}
