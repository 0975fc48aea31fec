/**
 * Ed25519 over tagged messages (QL1, "Signatures").
 *
 * Lives here: the tags and verifying. Never here: signing (identities.js, the private side).
 */
import { ed25519 } from '@noble/curves/ed25519.js';

import { concat, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';

export const TAG_INVESTIGATOR = 'j-sig-ltk';
export const TAG_BUNDLE = 'j-sig-eph-w1';
export const TAG_DIRECTORY = 'nr-directory-v1';
export const TAG_ROOT = 'nr-root-v1';
export const TAG_SITE = 'nr-site-v1';
export const TAG_LETTER_PROOF = 'letter-proof-v1';

/**
 * @param {string} tag ASCII, at most 255 characters
 * @param {Uint8Array} message
 * @returns {Uint8Array} u8(len(tag)) ‖ tag ‖ message
 */
export function tagged(tag, message) {
  const name = utf8(tag);
  return concat(Uint8Array.of(name.length), name, message);
}

/**
 * Strict RFC 8032: canonical encodings, no key of small order (noble's default is ZIP 215).
 * @param {string} tag
 * @param {Uint8Array} vk 32 bytes
 * @param {Uint8Array} message
 * @param {Uint8Array} signature 64 bytes
 * @throws {ProtocolError} bad-signature
 */
export function verify(tag, vk, message, signature) {
  let good = false;
  try {
    good = ed25519.verify(signature, tagged(tag, message), vk, { zip215: false });
  } catch {
    good = false; // wrong lengths: no signature either
  }
  if (!good) throw new ProtocolError('bad-signature', `the signature ${tag} does not verify`, { tag });
}
