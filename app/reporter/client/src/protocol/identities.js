/**
 * Private keys: the reporter's, made from the receipt code, and throw-away ones for covers.
 *
 * Lives here: deriving, signing, wiping. Investigators' keys are made by the console; the
 * functions for them here serve vectors and tests. Nothing here is ever stored or printed.
 */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

import { concat, integer, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';
import { base, reduce } from './group.js';
import { xwing } from './hpke.js';
import { TAG_BUNDLE, TAG_INVESTIGATOR, tagged } from './signatures.js';

/**
 * An ML-KEM-768 pair: 2400, 1184 bytes. An X-Wing one: 32, 1216 bytes.
 * @typedef {{secretKey: Uint8Array, publicKey: Uint8Array}} KeyPair
 */
/**
 * A reporter's keys: 32 bytes each, and the pairs.
 * @typedef {{fetchSk: Uint8Array, fetchPk: Uint8Array, dhSk: Uint8Array, dhPk: Uint8Array, mlkem: KeyPair,
 *   xwing: KeyPair}} Identity
 */
/**
 * An investigator's long-term keys: 32 bytes each, `sig` 64; no X-Wing pair.
 * @typedef {Omit<Identity, 'xwing'> & {xwing?: undefined, sigSeed: Uint8Array, vk: Uint8Array, sig: Uint8Array}}
 *   InvestigatorIdentity
 */

/** @import { Rng } from './random.js' */

const SALT = utf8('securedrop-source-v1');
const ENTROPY_BYTES = 16;

/**
 * RFC 7748, section 5: what X25519 does to a scalar anyway, made visible in the stored key.
 * @param {Uint8Array} scalar 32 bytes
 * @returns {Uint8Array}
 */
function clamp(scalar) {
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  return scalar;
}

/**
 * QL1, "Reporter keys".
 * @param {Uint8Array} mk the receipt code's 16 bytes
 * @returns {Identity} 32, 32, 32, 32; 2400, 1184; 32, 1216
 * @throws {ProtocolError} wrong-length
 */
export function reporterIdentity(mk) {
  if (mk.length !== ENTROPY_BYTES) throw new ProtocolError('wrong-length', 'a receipt code holds 16 bytes');
  const prk = extract(sha256, mk, SALT);
  /** @param {string} info @param {number} size bytes */
  const derive = (info, size) => expand(sha256, prk, utf8(info), size);
  const wide = derive('sourcefetchkey', 64);
  const fetchSk = reduce(wide);
  const dhSk = clamp(derive('sourceAPKEkey-dh', 32)); // clamped, not DeriveKeyPair
  const mlkemSeed = derive('sourceAPKEkey-mlkem', 64);
  const xwingSeed = derive('sourcePKEkey', 32);
  const identity = {
    fetchSk,
    fetchPk: base(fetchSk),
    dhSk,
    dhPk: x25519.getPublicKey(dhSk),
    mlkem: ml_kem768.keygen(mlkemSeed),
    xwing: xwing.keygen(xwingSeed),
  };
  for (const secret of [prk, wide, mlkemSeed, xwingSeed]) secret.fill(0);
  return identity;
}

/**
 * A fresh identity that is not kept: covers are sealed by one, never by a real person's keys.
 * @param {Rng} rng
 * @returns {Identity}
 */
export function throwaway(rng) {
  const mk = rng(ENTROPY_BYTES);
  const identity = reporterIdentity(mk);
  mk.fill(0);
  return identity;
}

/**
 * Overwrites every private key of an identity with zeros. (Copies that the engine made are out
 * of reach: JavaScript cannot do better.)
 * @param {Partial<Identity & {sigSeed: Uint8Array}>} identity
 */
export function wipe(identity) {
  for (const secret of [
    identity.fetchSk,
    identity.dhSk,
    identity.sigSeed,
    identity.mlkem && identity.mlkem.secretKey,
    identity.xwing && identity.xwing.secretKey,
  ]) {
    if (secret) secret.fill(0);
  }
}

/**
 * @param {Uint8Array} seed Ed25519 seed, 32 bytes
 * @param {string} tag
 * @param {Uint8Array} message
 * @returns {Uint8Array} 64 bytes, deterministic (RFC 8032)
 */
export function sign(seed, tag, message) {
  return ed25519.sign(tagged(tag, message), seed);
}

/**
 * @param {Uint8Array} seed Ed25519 seed, 32 bytes
 * @returns {Uint8Array} its public key, 32 bytes
 */
export function publicOf(seed) {
  return ed25519.getPublicKey(seed);
}

/**
 * Vectors and tests only: an investigator's long-term keys.
 * @param {{sigSeed: Uint8Array, fetchSeed: Uint8Array, dhSk: Uint8Array, mlkemSeed: Uint8Array}} seeds
 *   32, 64 (reduced mod ℓ), 32, 64 bytes
 * @returns {InvestigatorIdentity}
 */
export function investigatorIdentity({ sigSeed, fetchSeed, dhSk, mlkemSeed }) {
  const fetchSk = reduce(fetchSeed);
  const fetchPk = base(fetchSk);
  const scalar = clamp(dhSk.slice());
  const dhPk = x25519.getPublicKey(scalar);
  const mlkem = ml_kem768.keygen(mlkemSeed);
  const sig = sign(sigSeed, TAG_INVESTIGATOR, concat(dhPk, mlkem.publicKey, fetchPk));
  return { sigSeed, vk: publicOf(sigSeed), fetchSk, fetchPk, dhSk: scalar, dhPk, mlkem, sig };
}

/**
 * Vectors and tests only: the keys of one bundle, signed for its window.
 * @param {{dhSk: Uint8Array, mlkemSeed: Uint8Array, xwingSeed: Uint8Array}} seeds 32, 64, 32 bytes
 * @param {number} notBefore Unix seconds
 * @param {number} notAfter Unix seconds
 * @param {Uint8Array} sigSeed the investigator's Ed25519 seed, 32 bytes
 * @returns {{dhSk: Uint8Array, dhPk: Uint8Array, mlkem: KeyPair, xwing: KeyPair, notBefore: number,
 *   notAfter: number, signature: Uint8Array}}
 */
export function bundleKeys({ dhSk, mlkemSeed, xwingSeed }, notBefore, notAfter, sigSeed) {
  const scalar = clamp(dhSk.slice());
  const dhPk = x25519.getPublicKey(scalar);
  const mlkem = ml_kem768.keygen(mlkemSeed);
  const pke = xwing.keygen(xwingSeed);
  const message = concat(dhPk, mlkem.publicKey, pke.publicKey, integer(notBefore, 8), integer(notAfter, 8));
  const signature = sign(sigSeed, TAG_BUNDLE, message);
  return { dhSk: scalar, dhPk, mlkem, xwing: pke, notBefore, notAfter, signature };
}
