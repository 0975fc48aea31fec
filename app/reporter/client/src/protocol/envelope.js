/**
 * The envelope: one message of 19,936 bytes, whatever it says (QL1, "Envelope").
 *
 * Lives here: sealing one, opening one, padding and its checks. Never here: who gets one
 * (batch.js), which ones are mine (answers.js), what a body means.
 */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

import { concat, integer, readInteger, utf8 } from './encoding.js';
import { ProtocolError } from './errors.js';
import { base, checkPoint, multiply, randomScalar } from './group.js';
import { openAuthPsk, openBase, sealAuthPsk, sealBase } from './hpke.js';
import {
  BODY_MAX,
  MLKEM_BYTES,
  PLAINTEXT_BYTES,
  POINT_BYTES,
  X25519_BYTES,
  XWING_BYTES,
  checkEnvelope,
  envelopeFields,
} from './wire.js';

/**
 * @import { InvestigatorIdentity, Identity, KeyPair } from './identities.js'
 * @import { Rng } from './random.js'
 * @import { Recipient } from './recipients.js'
 */

const PSK_ID = utf8('SD-pskAPKE');
const HEAD = POINT_BYTES + XWING_BYTES + 4;

/**
 * sender fetch pk 32 ‖ sender X-Wing pk 1216 ‖ u32 len ‖ body ‖ zeros
 * @param {Identity | InvestigatorIdentity} sender
 * @param {Uint8Array} body at most 15,132 bytes
 * @returns {Uint8Array} 16,384 bytes
 */
function pad(sender, body) {
  const plaintext = new Uint8Array(PLAINTEXT_BYTES);
  plaintext.set(sender.fetchPk, 0);
  // Investigators have no long-term X-Wing key: the field stays zero.
  if (sender.xwing) plaintext.set(sender.xwing.publicKey, POINT_BYTES);
  plaintext.set(integer(body.length, 4), HEAD - 4);
  plaintext.set(body, HEAD);
  return plaintext;
}

/** @param {Uint8Array} plaintext 16,384 bytes */
function unpad(plaintext) {
  const length = readInteger(plaintext, HEAD - 4, 4);
  if (plaintext.length !== PLAINTEXT_BYTES || length > BODY_MAX || plaintext.subarray(HEAD + length).some((b) => b)) {
    throw new ProtocolError('cannot-open', 'the padding inside is not what QL1 says');
  }
  const senderFetch = plaintext.slice(0, POINT_BYTES);
  try {
    checkPoint(senderFetch); // or an answer would be hinted for every reader
  } catch {
    throw new ProtocolError('cannot-open', 'the sender’s fetch key is not a point');
  }
  return {
    senderFetch,
    senderXwing: plaintext.slice(POINT_BYTES, POINT_BYTES + XWING_BYTES),
    body: plaintext.slice(HEAD, HEAD + length),
  };
}

/**
 * @param {Identity | InvestigatorIdentity} sender
 * @param {Recipient} recipient
 * @param {Uint8Array} body at most 15,132 bytes
 * @param {Uint8Array} lineId 32 bytes
 * @param {Rng} rng
 * @returns {Uint8Array} 19,936 bytes
 * @throws {ProtocolError} bad-body (too long), bad-key, bad-point
 */
export function seal(sender, recipient, body, lineId, rng) {
  if (body.length > BODY_MAX) {
    throw new ProtocolError('bad-body', `a body has at most ${BODY_MAX} bytes, this has ${body.length}`);
  }
  const coins = rng(32);
  let kem;
  try {
    kem = ml_kem768.encapsulate(recipient.mlkem, coins);
  } catch {
    throw new ProtocolError('bad-key', 'an ML-KEM key that cannot be encrypted to');
  }
  coins.fill(0);
  const plaintext = pad(sender, body);
  const { enc, ciphertext } = sealAuthPsk({
    recipientPk: recipient.dh,
    senderSk: sender.dhSk,
    senderPk: sender.dhPk,
    psk: kem.sharedSecret,
    pskId: PSK_ID,
    info: concat(kem.cipherText, recipient.fetch, sender.mlkem.publicKey),
    aad: lineId,
    plaintext,
    rng,
  });
  plaintext.fill(0);
  kem.sharedSecret.fill(0);
  const ctPke = sealBase(recipient.xwing, concat(sender.dhPk, sender.mlkem.publicKey), rng);
  const x = randomScalar(rng);
  const envelope = concat(base(x), multiply(x, recipient.fetch), kem.cipherText, enc, ciphertext, ctPke);
  x.fill(0);
  return envelope;
}

/**
 * @param {Uint8Array} envelope 19,936 bytes
 * @param {{fetchPk: Uint8Array, dhSk: Uint8Array, dhPk: Uint8Array, mlkem: {secretKey: Uint8Array},
 *   xwing: {secretKey: Uint8Array}}} own the recipient's keys (a reporter's identity; for an
 *   investigator, a bundle's keys with the investigator's fetchPk)
 * @param {Uint8Array} lineId 32 bytes
 * @returns {{body: Uint8Array, senderFetch: Uint8Array, senderXwing: Uint8Array,
 *   senderDh: Uint8Array, senderMlkem: Uint8Array}} ≤ 15132, 32, 1216, 32, 1184 bytes
 * @throws {ProtocolError} wrong-length, bad-point, cannot-open
 */
export function openEnvelope(envelope, own, lineId) {
  checkEnvelope(envelope);
  const { c2, c1, cp, ctPke } = envelopeFields(envelope);
  const senderKeys = openBase(own.xwing.secretKey, ctPke);
  if (senderKeys.length !== X25519_BYTES + MLKEM_BYTES) {
    throw new ProtocolError('cannot-open', 'the sender inside is not what QL1 says');
  }
  const senderDh = senderKeys.slice(0, X25519_BYTES);
  const senderMlkem = senderKeys.slice(X25519_BYTES);
  const psk = ml_kem768.decapsulate(c2, own.mlkem.secretKey); // implicit rejection: never throws
  const plaintext = openAuthPsk({
    enc: c1,
    recipientSk: own.dhSk,
    recipientPk: own.dhPk,
    senderPk: senderDh,
    psk,
    pskId: PSK_ID,
    info: concat(c2, own.fetchPk, senderMlkem),
    aad: lineId,
    ciphertext: cp,
  });
  psk.fill(0);
  const opened = { ...unpad(plaintext), senderDh, senderMlkem };
  plaintext.fill(0);
  return opened;
}
