/**
 * The shapes of QL1 on the wire: lengths, offsets, cutting and joining.
 *
 * Lives here: every constant length, the envelope's fields, a batch, the bundles of an epoch.
 * Never here: keys, decryption, signatures (bundles.js verifies what is cut apart here).
 */
import { concat, integer, readInteger } from './encoding.js';
import { ProtocolError } from './errors.js';
import { checkPoint } from './group.js';

/**
 * An envelope's fields: 32, 32, 1088, 32, 16400, 2352 bytes.
 * @typedef {Record<keyof typeof ENVELOPE_FIELDS, Uint8Array>} EnvelopeFields
 */

/**
 * One record of the bundles: dh 32, mlkem 1184, xwing 1216, signature 64 bytes; times in Unix seconds.
 * @typedef {{index: number, dh: Uint8Array, mlkem: Uint8Array, xwing: Uint8Array, notBefore: number,
 *   notAfter: number, signature: Uint8Array}} BundleRecord
 */

export const ENVELOPE_BYTES = 19936;
export const PLAINTEXT_BYTES = 16384;
export const BODY_MAX = 15132;
export const MESSAGE_ID_BYTES = 16;
export const POINT_BYTES = 32;
export const X25519_BYTES = 32;
export const MLKEM_BYTES = 1184;
export const MLKEM_CIPHERTEXT_BYTES = 1088;
export const XWING_BYTES = 1216;
export const SIGNATURE_BYTES = 64;
export const CHUNK_BYTES = 262144;
export const PIECE_BYTES = 262128;
export const ROW_BYTES = 64;

/** Where each part of an envelope begins and ends (QL1, "Envelope"). */
export const ENVELOPE_FIELDS = Object.freeze({
  x: [0, 32],
  z: [32, 64],
  c2: [64, 1152],
  c1: [1152, 1184],
  cp: [1184, 17584],
  ctPke: [17584, 19936],
});

const BUNDLES_HEAD = 8 + 32 + 2;
/** One bundle record: u16 index, three public keys, two u64 times, a signature. */
export const BUNDLE_BYTES = 2 + X25519_BYTES + MLKEM_BYTES + XWING_BYTES + 8 + 8 + SIGNATURE_BYTES;

/**
 * Cuts an envelope into its fields, without looking into any of them.
 * @param {Uint8Array} envelope 19,936 bytes
 * @returns {EnvelopeFields} views
 * @throws {ProtocolError} wrong-length
 */
export function envelopeFields(envelope) {
  if (envelope.length !== ENVELOPE_BYTES) {
    throw new ProtocolError('wrong-length', `an envelope has ${ENVELOPE_BYTES} bytes, this has ${envelope.length}`);
  }
  /** @type {Record<string, Uint8Array>} */
  const fields = {};
  for (const [name, [from, to]] of Object.entries(ENVELOPE_FIELDS)) fields[name] = envelope.subarray(from, to);
  return /** @type {EnvelopeFields} */ (fields);
}

/**
 * What a server checks at submission: the length, and both points of the hint.
 * @param {Uint8Array} envelope 19,936 bytes
 * @returns {{x: Uint8Array, z: Uint8Array}} 32 bytes each
 * @throws {ProtocolError} wrong-length, bad-point
 */
export function checkEnvelope(envelope) {
  const { x, z } = envelopeFields(envelope);
  checkPoint(x);
  checkPoint(z);
  return { x, z };
}

/**
 * @param {Uint8Array} body count × 19,936 bytes
 * @param {number} count envelopes expected
 * @returns {Uint8Array[]} views, one per envelope
 * @throws {ProtocolError} wrong-length
 */
export function splitBatch(body, count) {
  if (body.length !== count * ENVELOPE_BYTES) {
    throw new ProtocolError('wrong-length', `not a batch of ${count} envelopes: it has ${body.length} bytes`);
  }
  const at = (/** @type {number} */ i) => i * ENVELOPE_BYTES;
  return Array.from({ length: count }, (_, i) => body.subarray(at(i), at(i + 1)));
}

/**
 * Cuts the bundles of an epoch apart. Nothing is verified here.
 * @param {Uint8Array} bytes the body of GET bundles
 * @returns {{epoch: number, directoryHash: Uint8Array, records: BundleRecord[]}} directoryHash 32 bytes
 * @throws {ProtocolError} wrong-length
 */
export function parseBundles(bytes) {
  const count = bytes.length < BUNDLES_HEAD ? -1 : readInteger(bytes, 40, 2);
  if (bytes.length !== BUNDLES_HEAD + count * BUNDLE_BYTES) {
    throw new ProtocolError('wrong-length', 'the bundles are cut short or too long');
  }
  /** @type {BundleRecord[]} */
  const records = [];
  for (let i = 0; i < count; i++) {
    let at = BUNDLES_HEAD + i * BUNDLE_BYTES;
    const take = (/** @type {number} */ size) => bytes.slice(at, (at += size));
    records.push({
      index: readInteger(take(2), 0, 2),
      dh: take(X25519_BYTES),
      mlkem: take(MLKEM_BYTES),
      xwing: take(XWING_BYTES),
      notBefore: readInteger(take(8), 0, 8),
      notAfter: readInteger(take(8), 0, 8),
      signature: take(SIGNATURE_BYTES),
    });
  }
  return { epoch: readInteger(bytes, 0, 8), directoryHash: bytes.slice(8, 40), records };
}

/**
 * The inverse of parseBundles (for tests and tools: pages only read).
 * @param {{epoch: number, directoryHash: Uint8Array, records: BundleRecord[]}} bundles
 * @returns {Uint8Array}
 */
export function serialiseBundles({ epoch, directoryHash, records }) {
  return concat(
    integer(epoch, 8),
    directoryHash,
    integer(records.length, 2),
    ...records.map((r) =>
      concat(integer(r.index, 2), r.dh, r.mlkem, r.xwing, integer(r.notBefore, 8), integer(r.notAfter, 8), r.signature),
    ),
  );
}
