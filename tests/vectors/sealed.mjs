/**
 * Envelopes for quietline.json: one that opens, and some whose plaintext breaks the rules.
 */
import { ml_kem768 } from '../../app/reporter/client/node_modules/@noble/post-quantum/ml-kem.js';
import { concat, fromUtf8, hex, integer, jsonBytes, utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { seal } from '../../app/reporter/client/src/protocol/envelope.js';
import { base, multiply, randomScalar } from '../../app/reporter/client/src/protocol/group.js';
import { sealAuthPsk, sealBase } from '../../app/reporter/client/src/protocol/hpke.js';
import { recipientOfIdentity } from '../../app/reporter/client/src/protocol/recipients.js';
import { MID, line, other, people, reporter, rngOf } from './cast.mjs';

const PLAINTEXT = 16384;
const BODY_AT = 1252;

/** An envelope around any 16,384 bytes: what sealing itself would refuse to make. */
function sealRaw(sender, plaintext, lineId, rng) {
  const to = recipientOfIdentity(reporter);
  const kem = ml_kem768.encapsulate(to.mlkem, rng(32));
  const { enc, ciphertext } = sealAuthPsk({
    recipientPk: to.dh,
    senderSk: sender.dhSk,
    senderPk: sender.dhPk,
    psk: kem.sharedSecret,
    pskId: utf8('SD-pskAPKE'),
    info: concat(kem.cipherText, to.fetch, sender.mlkem.publicKey),
    aad: lineId,
    plaintext,
    rng,
  });
  const pke = sealBase(to.xwing, concat(sender.dhPk, sender.mlkem.publicKey), rng);
  const x = randomScalar(rng);
  return hex(concat(base(x), multiply(x, to.fetch), kem.cipherText, enc, ciphertext, pke));
}

function plaintextOf(sender, body, change = () => {}) {
  const plaintext = new Uint8Array(PLAINTEXT);
  plaintext.set(sender.fetchPk, 0);
  plaintext.set(integer(body.length, 4), BODY_AT - 4);
  plaintext.set(body, BODY_AT);
  change(plaintext);
  return plaintext;
}

/** @returns {object} one that opens, and those that must not */
export function envelopes() {
  const ana = people[0].identity;
  const rng = rngOf('envelopes');
  const said = { lang: 'ar', text: 'نعم', desk: 'support', day: '2026-09-21', files: [] };
  const body = jsonBytes({ kind: 'reply', v: 1, mid: MID, ...said });
  const raw = (change, lineId = line.lineId) => sealRaw(ana, plaintextOf(ana, body, change), lineId, rng);
  const set = (bytes, at) => (plaintext) => plaintext.set(bytes, at);
  return {
    good: {
      body: fromUtf8(body),
      sender: 0,
      envelope: hex(seal(ana, recipientOfIdentity(reporter), body, line.lineId, rng)),
    },
    bad: [
      ['the byte after the body is not zero', raw(set([1], BODY_AT + body.length))],
      ['the last byte of the padding is not zero', raw(set([1], PLAINTEXT - 1))],
      ['the length of the body is 15,133', raw(set(integer(15133, 4), BODY_AT - 4))],
      ['the length of the body is 2^32 − 1', raw(set(integer(2 ** 32 - 1, 4), BODY_AT - 4))],
      ['sealed for another line', raw(() => {}, other.lineId)],
      ['the sender’s fetch key is the identity', raw(set(new Uint8Array(32), 0))],
      [
        'the sender’s fetch key has its top bit set',
        raw((p) => {
          p[31] |= 128;
        }),
      ],
    ],
  };
}
