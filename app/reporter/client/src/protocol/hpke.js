/**
 * HPKE (RFC 9180) over noble's primitives, in the two forms QL1 needs, single shot.
 *
 * Lives here: AuthPSK with DHKEM(X25519, HKDF-SHA256), and Base with X-Wing
 * (draft-connolly-cfrg-xwing-kem, KEM 0x647a); both with HKDF-SHA256 and ChaCha20-Poly1305.
 * Never here: what is sealed, to whom, or why (envelope.js).
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';

import { concat, integer, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';

/** @import { Rng } from './random.js' */

/** X-Wing; a secret key is its 32-byte seed (never hashed again, as DeriveKeyPair would). */
export const xwing = ml_kem768_x25519;

const KEM_X25519 = 0x0020;
const KEM_XWING = 0x647a;
const KDF_SHA256 = 0x0001;
const AEAD_CHACHA = 0x0003;
const MODE_BASE = 0;
const MODE_AUTH_PSK = 3;
const NONE = new Uint8Array(0);
const VERSION = utf8('HPKE-v1');

// RFC 9180, section 4
/**
 * @param {Uint8Array} suite
 * @param {Uint8Array} salt
 * @param {string} label
 * @param {Uint8Array} ikm
 */
function labeledExtract(suite, salt, label, ikm) {
  return extract(sha256, concat(VERSION, suite, utf8(label), ikm), salt);
}

/**
 * @param {Uint8Array} suite
 * @param {Uint8Array} prk 32 bytes
 * @param {string} label
 * @param {Uint8Array} info
 * @param {number} size bytes
 */
function labeledExpand(suite, prk, label, info, size) {
  return expand(sha256, prk, concat(integer(size, 2), VERSION, suite, utf8(label), info), size);
}

/**
 * RFC 9180, section 5.1: the key schedule, as far as a single message needs it.
 * @param {number} kem
 * @param {number} mode
 * @param {Uint8Array} shared 32 bytes
 * @param {Uint8Array} info
 * @param {Uint8Array} psk
 * @param {Uint8Array} pskId
 * @returns {(aad: Uint8Array) => ReturnType<typeof chacha20poly1305>}
 */
function cipher(kem, mode, shared, info, psk, pskId) {
  const suite = concat(utf8('HPKE'), integer(kem, 2), integer(KDF_SHA256, 2), integer(AEAD_CHACHA, 2));
  const context = concat(
    Uint8Array.of(mode),
    labeledExtract(suite, NONE, 'psk_id_hash', pskId),
    labeledExtract(suite, NONE, 'info_hash', info),
  );
  const secret = labeledExtract(suite, shared, 'secret', psk);
  const key = labeledExpand(suite, secret, 'key', context, 32);
  const nonce = labeledExpand(suite, secret, 'base_nonce', context, 12); // sequence number 0
  secret.fill(0);
  return (aad) => chacha20poly1305(key, nonce, aad);
}

/**
 * RFC 9180, section 4.1: DHKEM's ExtractAndExpand.
 * @param {Uint8Array} dh 64 bytes
 * @param {Uint8Array} kemContext 96 bytes
 * @returns {Uint8Array} 32 bytes
 */
function dhkemSecret(dh, kemContext) {
  const suite = concat(utf8('KEM'), integer(KEM_X25519, 2));
  const prk = labeledExtract(suite, NONE, 'eae_prk', dh);
  const shared = labeledExpand(suite, prk, 'shared_secret', kemContext, 32);
  prk.fill(0);
  dh.fill(0);
  return shared;
}

/**
 * Runs a step of decryption; whatever fails in it, the answer is the same.
 * @template T
 * @param {() => T} step
 * @returns {T}
 */
function opening(step) {
  try {
    return step();
  } catch {
    throw new ProtocolError('cannot-open', 'not for these keys, or changed on the way');
  }
}

/**
 * Runs a step with another's public key, which may be one that cannot be used.
 * @template T
 * @param {() => T} step
 * @returns {T}
 */
function usingKey(step) {
  try {
    return step();
  } catch {
    throw new ProtocolError('bad-key', 'a public key that cannot be encrypted to');
  }
}

/**
 * HPKE AuthPSK, single shot.
 * @param {{recipientPk: Uint8Array, senderSk: Uint8Array, senderPk: Uint8Array, psk: Uint8Array,
 *   pskId: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array,
 *   rng: Rng}} o X25519 keys of 32 bytes each
 * @returns {{enc: Uint8Array, ciphertext: Uint8Array}} 32 bytes; plaintext + 16 bytes
 * @throws {ProtocolError} bad-key
 */
export function sealAuthPsk(o) {
  const ephemeral = o.rng(32);
  const enc = x25519.getPublicKey(ephemeral);
  const dh = usingKey(() =>
    concat(x25519.getSharedSecret(ephemeral, o.recipientPk), x25519.getSharedSecret(o.senderSk, o.recipientPk)),
  );
  ephemeral.fill(0);
  const shared = dhkemSecret(dh, concat(enc, o.recipientPk, o.senderPk));
  const ciphertext = cipher(KEM_X25519, MODE_AUTH_PSK, shared, o.info, o.psk, o.pskId)(o.aad).encrypt(o.plaintext);
  shared.fill(0);
  return { enc, ciphertext };
}

/**
 * @param {{enc: Uint8Array, recipientSk: Uint8Array, recipientPk: Uint8Array, senderPk: Uint8Array,
 *   psk: Uint8Array, pskId: Uint8Array, info: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array}} o
 * @returns {Uint8Array} the plaintext
 * @throws {ProtocolError} cannot-open
 */
export function openAuthPsk(o) {
  return opening(() => {
    const dh = concat(x25519.getSharedSecret(o.recipientSk, o.enc), x25519.getSharedSecret(o.recipientSk, o.senderPk));
    const shared = dhkemSecret(dh, concat(o.enc, o.recipientPk, o.senderPk));
    return cipher(KEM_X25519, MODE_AUTH_PSK, shared, o.info, o.psk, o.pskId)(o.aad).decrypt(o.ciphertext);
  });
}

/**
 * HPKE Base with X-Wing, empty info and aad, single shot.
 * @param {Uint8Array} recipientPk X-Wing, 1216 bytes
 * @param {Uint8Array} plaintext
 * @param {Rng} rng
 * @returns {Uint8Array} enc 1120 ‖ ciphertext (plaintext + 16 bytes)
 * @throws {ProtocolError} bad-key
 */
export function sealBase(recipientPk, plaintext, rng) {
  const coins = rng(64);
  const { cipherText, sharedSecret } = usingKey(() => xwing.encapsulate(recipientPk, coins));
  coins.fill(0);
  const sealed = cipher(KEM_XWING, MODE_BASE, sharedSecret, NONE, NONE, NONE)(NONE).encrypt(plaintext);
  sharedSecret.fill(0);
  return concat(cipherText, sealed);
}

/**
 * @param {Uint8Array} recipientSk X-Wing seed, 32 bytes
 * @param {Uint8Array} sealed enc 1120 ‖ ciphertext
 * @returns {Uint8Array} the plaintext
 * @throws {ProtocolError} cannot-open
 */
export function openBase(recipientSk, sealed) {
  return opening(() => {
    const enc = sealed.subarray(0, xwing.lengths.cipherText);
    const shared = xwing.decapsulate(enc, recipientSk);
    return cipher(KEM_XWING, MODE_BASE, shared, NONE, NONE, NONE)(NONE).decrypt(sealed.subarray(enc.length));
  });
}
