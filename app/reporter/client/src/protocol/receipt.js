/**
 * The receipt code: 16 random bytes as twelve words or twelve numbers (QL1, "Reporter keys").
 *
 * Lives here: making a code and writing it. What a person typed is read in reading.js, which is
 * loaded later. The ten BIP-39 lists are handed in: the page loads them only when they are needed.
 * A code is never stored, sent or logged.
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { ProtocolError } from './errors.js';

/** @import { Rng } from './random.js' */

export const WORDS = 12;
export const LIST_WORDS = 2048;
const ENTROPY_BYTES = 16;

/**
 * @param {Rng} rng
 * @returns {Uint8Array<ArrayBuffer>} 16 bytes
 */
export function newEntropy(rng) {
  return rng(ENTROPY_BYTES);
}

/**
 * BIP-39: 128 bits and 4 bits of their SHA-256, cut into twelve numbers of 11 bits.
 * @param {Uint8Array} entropy 16 bytes
 * @returns {number[]} twelve, from 0 to 2047
 * @throws {ProtocolError} wrong-length
 */
export function toIndexes(entropy) {
  if (entropy.length !== ENTROPY_BYTES) throw new ProtocolError('wrong-length', 'a receipt code holds 16 bytes');
  const indexes = [];
  let held = 0;
  let bits = 0;
  for (const byte of [...entropy, sha256(entropy)[0]]) {
    held = ((held << 8) | byte) & 0x7ffff;
    bits += 8;
    if (bits >= 11 && indexes.length < WORDS) {
      bits -= 11;
      indexes.push((held >> bits) & 2047);
    }
  }
  return indexes;
}

/**
 * @param {Uint8Array} entropy 16 bytes
 * @param {string[]} list 2048 words of one BIP-39 list
 * @returns {string} twelve words with spaces between
 * @throws {ProtocolError} wrong-length
 */
export function toWords(entropy, list) {
  return toIndexes(entropy)
    .map((i) => list[i])
    .join(' ');
}

/**
 * @param {Uint8Array} entropy 16 bytes
 * @returns {string} twelve numbers from 0001 to 2048 with spaces between: index + 1
 * @throws {ProtocolError} wrong-length
 */
export function toNumbers(entropy) {
  return toIndexes(entropy).map(toNumber).join(' ');
}

/**
 * @param {number} index 0 to 2047
 * @returns {string} four digits, 0001 to 2048
 */
export function toNumber(index) {
  return String(index + 1).padStart(4, '0');
}

/**
 * @param {string} text a word list as it is served (build.mjs): for each word, how many letters it
 *   shares with the one before it, as one digit, and the rest of it
 * @returns {string[]} the words, NFC
 */
export function expand(text) {
  let last = '';
  return (text.match(/\d\D*/g) ?? []).map((part) => {
    last = last.slice(0, Number(part[0])) + part.slice(1);
    return last;
  });
}
