/**
 * The reporter's side of a cooperation letter (QL1, "Cooperation letter").
 *
 * Lives here: the key of a letter, reading what a verifier asks, answering it. Never here: letters
 * themselves (the agency's), or who verifies.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { b64u, concat, equal, hex, jsonBytes, readJson, unb64u, unhex, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';
import { TAG_LETTER_PROOF, tagged } from './signatures.js';

/**
 * Lengths: 16; 16, 32, 32 bytes.
 * @typedef {{verifier: string, nonce: Uint8Array, letters: {n: Uint8Array, pk: Uint8Array, letter: Uint8Array}[]}}
 *   ProofRequest
 */

const VERSION = 1;
const REQUEST = 'letter-proof-request';
const PROOF = 'letter-proof';
const VERIFIER_BYTES_MAX = 200;
const LETTERS_MAX = 500;

/**
 * @param {Uint8Array} mk the receipt code's 16 bytes
 * @param {Uint8Array} n 16 random bytes, one per letter
 * @returns {{seed: Uint8Array, publicKey: Uint8Array}} Ed25519, 32 bytes each
 */
export function letterKey(mk, n) {
  const seed = hkdf(sha256, mk, utf8('quietline-letter-v1'), n, 32);
  return { seed, publicKey: ed25519.getPublicKey(seed) };
}

/**
 * What is signed: the nonce's length is fixed, so where the name ends is never in doubt.
 * @param {Uint8Array} letter SHA-256 of the letter, 32 bytes
 * @param {string} verifier their name
 * @param {Uint8Array} nonce theirs, 16 bytes
 * @returns {Uint8Array} letter ‖ verifier, UTF-8 ‖ nonce
 */
export function proofMessage(letter, verifier, nonce) {
  return concat(letter, utf8(verifier), nonce);
}

/**
 * @param {string} text what the verifier gave; white space in it does not matter
 * @returns {ProofRequest}
 * @throws {ProtocolError} bad-encoding, wrong-length
 */
export function readProofRequest(text) {
  const refuse = () => {
    throw new ProtocolError('bad-encoding', 'not a request for the proof of a letter');
  };
  const request = readJson(unb64u(text.replace(/\s+/g, '')));
  if (!request || request.v !== VERSION || request.kind !== REQUEST) refuse();
  const { verifier, letters } = request;
  if (typeof verifier !== 'string' || verifier.trim() === '' || /\p{Cc}|\p{Cs}/u.test(verifier)) refuse();
  if (utf8(verifier).length > VERIFIER_BYTES_MAX) refuse();
  if (!Array.isArray(letters) || letters.length === 0 || letters.length > LETTERS_MAX) refuse();
  return {
    verifier,
    nonce: unhex(request.nonce, 16),
    letters: letters.map((/** @type {*} */ each) => ({
      n: unhex(each && each.n, 16),
      pk: unhex(each && each.pk, 32),
      letter: unhex(each && each.letter, 32),
    })),
  };
}

/**
 * @param {Uint8Array} mk the receipt code's 16 bytes
 * @param {ProofRequest} request
 * @returns {string|null} the proof, to be given to the verifier; null if no letter named is this
 *   code's
 */
export function proveLetter(mk, { verifier, nonce, letters }) {
  for (const { n, pk, letter } of letters) {
    const { seed, publicKey } = letterKey(mk, n);
    const mine = equal(publicKey, pk);
    const signature = mine ? ed25519.sign(tagged(TAG_LETTER_PROOF, proofMessage(letter, verifier, nonce)), seed) : null;
    seed.fill(0);
    if (!mine) continue;
    const proof = {
      v: VERSION,
      kind: PROOF,
      letter: hex(letter),
      pk: hex(pk),
      signature: hex(/** @type {Uint8Array} */ (signature)),
    };
    return b64u(jsonBytes(proof));
  }
  return null;
}
