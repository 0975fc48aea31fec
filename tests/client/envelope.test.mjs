/** Envelopes: opened by the recipient only, whole only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { concat, equal, integer, unhex } from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope, seal } from '../../app/reporter/client/src/protocol/envelope.js';
import { isFor } from '../../app/reporter/client/src/protocol/answers.js';
import { openAuthPsk, openBase, sealAuthPsk, sealBase, xwing } from '../../app/reporter/client/src/protocol/hpke.js';
import { reporterIdentity, throwaway, wipe } from '../../app/reporter/client/src/protocol/identities.js';
import { recipientOfIdentity } from '../../app/reporter/client/src/protocol/recipients.js';
import { ENVELOPE_FIELDS, checkEnvelope } from '../../app/reporter/client/src/protocol/wire.js';
import { x25519 } from '../../app/reporter/client/node_modules/@noble/curves/ed25519.js';
import { ml_kem768 } from '../../app/reporter/client/node_modules/@noble/post-quantum/ml-kem.js';
import { codeOf, flip, investigator, seededRng } from './fixtures.mjs';

const rng = seededRng('envelope');
const line = rng(32);
const reporter = reporterIdentity(rng(16));
const { identity, bundle } = investigator('one');
const toInvestigator = {
  fetch: identity.fetchPk,
  dh: bundle.dhPk,
  mlkem: bundle.mlkem.publicKey,
  xwing: bundle.xwing.publicKey,
};
const body = new TextEncoder().encode('They keep our passports. نحن');
const envelope = seal(reporter, toInvestigator, body, line, rng);

/** ristretto255 encodings that must be refused (RFC 9496, appendix A.2, and the identity). */
const BAD_POINTS = {
  identity: new Uint8Array(32),
  'not canonical': new Uint8Array(32).fill(255),
  'the field’s order': Uint8Array.from([0xed, ...new Array(30).fill(0xff), 0x7f]),
  negative: Uint8Array.from([1, ...new Array(31).fill(0)]),
  'not a point': unhex('26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371'),
};

test('an investigator reads a report and knows where to answer', () => {
  const opened = openEnvelope(envelope, bundle, line);
  assert.deepEqual(opened.body, body);
  assert.deepEqual(opened.senderDh, reporter.dhPk);
  assert.deepEqual(opened.senderMlkem, reporter.mlkem.publicKey);
  assert.deepEqual(opened.senderFetch, reporter.fetchPk);
  assert.deepEqual(opened.senderXwing, reporter.xwing.publicKey);
  assert.equal(envelope.length, 19936);
});

test('a reporter reads an answer, whose X-Wing field is empty', () => {
  const answer = seal(identity, recipientOfIdentity(reporter), body, line, rng);
  const opened = openEnvelope(answer, reporter, line);
  assert.deepEqual(opened.body, body);
  assert.ok(opened.senderXwing.every((byte) => byte === 0));
  assert.ok(isFor(answer, reporter.fetchSk));
  assert.ok(!isFor(answer, identity.fetchSk));
});

test('every length of body from nothing to the most; one more is refused', async () => {
  for (const size of [0, 1, 15131, 15132]) {
    const sealed = seal(reporter, toInvestigator, new Uint8Array(size).fill(7), line, rng);
    assert.equal(sealed.length, 19936);
    assert.equal(openEnvelope(sealed, bundle, line).body.length, size);
  }
  assert.equal(await codeOf(() => seal(reporter, toInvestigator, new Uint8Array(15133), line, rng)), 'bad-body');
});

test('one bit changed anywhere, and it does not open', async () => {
  for (const [name, [from, to]] of Object.entries(ENVELOPE_FIELDS)) {
    if (name === 'x' || name === 'z') continue; // the hint is for finding, not for opening
    for (const at of [from, Math.floor((from + to) / 2), to - 1]) {
      const changed = flip(envelope, at, at % 8);
      assert.equal(await codeOf(() => openEnvelope(changed, bundle, line)), 'cannot-open', `${name} ${at}`);
    }
  }
});

test('not by others, not for another line, not at another length', async () => {
  const other = investigator('two');
  const mixed = { ...bundle, fetchPk: other.identity.fetchPk };
  for (const own of [other.bundle, throwaway(rng), mixed]) {
    assert.equal(await codeOf(() => openEnvelope(envelope, own, line)), 'cannot-open');
  }
  assert.equal(await codeOf(() => openEnvelope(envelope, bundle, flip(line, 0))), 'cannot-open');
  for (const size of [0, 64, 19935]) {
    assert.equal(await codeOf(() => openEnvelope(envelope.slice(0, size), bundle, line)), 'wrong-length');
  }
  assert.equal(await codeOf(() => openEnvelope(concat(envelope, new Uint8Array(1)), bundle, line)), 'wrong-length');
});

for (const [name, point] of Object.entries(BAD_POINTS)) {
  test(`a hint is refused: ${name}`, async () => {
    const badX = concat(point, envelope.slice(32));
    const badZ = concat(envelope.slice(0, 32), point, envelope.slice(64));
    const both = concat(point, point, envelope.slice(64));
    for (const bad of [badX, badZ, both]) {
      assert.equal(await codeOf(() => checkEnvelope(bad)), 'bad-point');
      assert.equal(await codeOf(() => openEnvelope(bad, bundle, line)), 'bad-point');
      assert.equal(isFor(bad, identity.fetchSk), false);
    }
  });
}

test('an answer to an unknown id is random bytes, and no hit', () => {
  for (let i = 0; i < 5; i++) assert.equal(isFor(rng(19936), reporter.fetchSk), false);
  assert.equal(isFor(new Uint8Array(3), reporter.fetchSk), false);
});

test('keys nobody can encrypt to are refused', async () => {
  const zeros = new Uint8Array(32);
  assert.equal(await codeOf(() => seal(reporter, { ...toInvestigator, dh: zeros }, body, line, rng)), 'bad-key');
  const mlkem = new Uint8Array(1184).fill(255);
  assert.equal(await codeOf(() => seal(reporter, { ...toInvestigator, mlkem }, body, line, rng)), 'bad-key');
  const pke = new Uint8Array(1216).fill(255);
  assert.equal(await codeOf(() => seal(reporter, { ...toInvestigator, xwing: pke }, body, line, rng)), 'bad-key');
  const fetch = new Uint8Array(32);
  assert.equal(await codeOf(() => seal(reporter, { ...toInvestigator, fetch }, body, line, rng)), 'bad-point');
});

/** Seals a plaintext as it is, as only a hostile sender would. */
function sealPlaintext(plaintext) {
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(toInvestigator.mlkem, rng(32));
  const { enc, ciphertext } = sealAuthPsk({
    recipientPk: bundle.dhPk,
    senderSk: reporter.dhSk,
    senderPk: reporter.dhPk,
    psk: sharedSecret,
    pskId: new TextEncoder().encode('SD-pskAPKE'),
    info: concat(cipherText, identity.fetchPk, reporter.mlkem.publicKey),
    aad: line,
    plaintext,
    rng,
  });
  const [from] = ENVELOPE_FIELDS.ctPke; // hint and sender are those of a good envelope
  return concat(envelope.slice(0, 64), cipherText, enc, ciphertext, envelope.slice(from));
}

test('padding has one spelling', async () => {
  const good = new Uint8Array(16384);
  good.set(reporter.fetchPk);
  assert.equal(openEnvelope(sealPlaintext(good), bundle, line).body.length, 0);
  const notZero = flip(good, 16383);
  const tooLong = concat(good);
  tooLong.set(integer(15133, 4), 1248);
  const noPoint = concat(good);
  noPoint.set(new Uint8Array(32));
  for (const plaintext of [notZero, tooLong, noPoint]) {
    assert.equal(await codeOf(() => openEnvelope(sealPlaintext(plaintext), bundle, line)), 'cannot-open');
  }
});

test('HPKE AuthPSK: every input is bound', async () => {
  const sender = rng(32);
  const recipient = rng(32);
  const o = {
    recipientPk: x25519.getPublicKey(recipient),
    senderSk: sender,
    senderPk: x25519.getPublicKey(sender),
    psk: rng(32),
    pskId: rng(10),
    info: rng(50),
    aad: rng(32),
  };
  const { enc, ciphertext } = sealAuthPsk({ ...o, plaintext: body, rng });
  const given = { ...o, enc, recipientSk: recipient, ciphertext };
  assert.deepEqual(openAuthPsk(given), body);
  for (const name of ['senderPk', 'psk', 'pskId', 'info', 'aad', 'enc', 'ciphertext', 'recipientSk']) {
    const changed = { ...given, [name]: flip(given[name], 5, 3) };
    assert.equal(await codeOf(() => openAuthPsk(changed)), 'cannot-open', name);
  }
});

test('HPKE Base with X-Wing', async () => {
  const keys = xwing.keygen(rng(32));
  const sealed = sealBase(keys.publicKey, body, rng);
  assert.deepEqual(openBase(keys.secretKey, sealed), body);
  for (const at of [0, 1087, 1088, 1119, 1120, sealed.length - 1]) {
    assert.equal(await codeOf(() => openBase(keys.secretKey, flip(sealed, at, 2))), 'cannot-open');
  }
  assert.equal(await codeOf(() => openBase(keys.secretKey, sealed.slice(0, 100))), 'cannot-open');
});

test('wiping leaves no private byte', () => {
  const gone = throwaway(rng);
  wipe(gone);
  for (const secret of [gone.fetchSk, gone.dhSk, gone.mlkem.secretKey, gone.xwing.secretKey]) {
    assert.ok(secret.every((byte) => byte === 0));
  }
  assert.ok(!equal(gone.fetchPk, new Uint8Array(32)));
  const { identity: other } = investigator('wiped'); // has no X-Wing keys
  wipe(other);
  assert.ok(other.sigSeed.every((byte) => byte === 0));
});
