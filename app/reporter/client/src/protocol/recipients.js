/**
 * Those one can write to, by their public keys alone (QL1, "Identities").
 *
 * Lives here: verifying investigators, what an envelope is sealed to. Never here: private keys,
 * bundles (bundles.js).
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { concat, integer, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';
import { checkPoint } from './group.js';
import { TAG_INVESTIGATOR, verify } from './signatures.js';
import { MLKEM_BYTES, POINT_BYTES, X25519_BYTES } from './wire.js';

/** @import { Identity } from './identities.js' */
/**
 * Public keys to seal to: 32, 32, 1184, 1216 bytes.
 * @typedef {{fetch: Uint8Array, dh: Uint8Array, mlkem: Uint8Array, xwing: Uint8Array}} Recipient
 */

/**
 * @param {{vk: Uint8Array, dh: Uint8Array, mlkem: Uint8Array, fetch: Uint8Array, sig: Uint8Array}} one
 *   32, 32, 1184, 32, 64 bytes
 * @throws {ProtocolError} wrong-length, bad-point, bad-signature
 */
export function verifyInvestigator(one) {
  if (one.dh.length !== X25519_BYTES || one.mlkem.length !== MLKEM_BYTES || one.fetch.length !== POINT_BYTES) {
    throw new ProtocolError('wrong-length', 'an investigator’s keys have the wrong length');
  }
  checkPoint(one.fetch);
  verify(TAG_INVESTIGATOR, one.vk, concat(one.dh, one.mlkem, one.fetch), one.sig);
}

/**
 * A text as the fingerprint binds it: how many bytes of UTF-8, and these.
 * @param {string | null} text
 * @returns {Uint8Array}
 */
function bound(text) {
  const bytes = utf8(text ?? '');
  return concat(integer(bytes.length, 2), bytes);
}

/**
 * @param {{vk: Uint8Array, dh: Uint8Array, mlkem: Uint8Array, fetch: Uint8Array, label: string}} one
 * @param {{lineId: Uint8Array, name: string, server: string, onion: ?string, investigators: ?string}} line
 *   what line.json says
 * @returns {Uint8Array} 16 bytes that two people compare as twelve words: keys, label and line.json
 */
export function fingerprint(one, line) {
  const keys = [one.vk, one.dh, one.mlkem, one.fetch, line.lineId];
  const texts = [one.label, line.name, line.server, line.onion, line.investigators].map(bound);
  return sha256(concat(utf8('quietline-enrolment-v2'), ...keys, ...texts)).slice(0, 16);
}

/**
 * @param {{fetch: Uint8Array}} investigator an entry of the directory
 * @param {{dh: Uint8Array, mlkem: Uint8Array, xwing: Uint8Array}} bundle that investigator's
 * @returns {Recipient}
 */
export function recipientOf(investigator, bundle) {
  return { fetch: investigator.fetch, dh: bundle.dh, mlkem: bundle.mlkem, xwing: bundle.xwing };
}

/**
 * @param {Identity} identity a reporter's or a throw-away's (identities.js)
 * @returns {Recipient} its public keys as a recipient
 */
export function recipientOfIdentity(identity) {
  const { fetchPk, dhPk, mlkem, xwing } = identity;
  return { fetch: fetchPk, dh: dhPk, mlkem: mlkem.publicKey, xwing: xwing.publicKey };
}
