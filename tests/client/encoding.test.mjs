/** One spelling for everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  b64u,
  equal,
  fromUtf8,
  hex,
  integer,
  jsonBytes,
  readInteger,
  readJson,
  unb64u,
  unhex,
  utf8,
} from '../../app/reporter/client/src/protocol/encoding.js';
import { CODES, ProtocolError } from '../../app/reporter/client/src/protocol/errors.js';
import { randomBelow, systemRng } from '../../app/reporter/client/src/protocol/random.js';
import { tagged, verify } from '../../app/reporter/client/src/protocol/signatures.js';
import { publicOf, sign } from '../../app/reporter/client/src/protocol/identities.js';
import { parseBundles, serialiseBundles } from '../../app/reporter/client/src/protocol/wire.js';
import { codeOf, flip, seededRng } from './fixtures.mjs';

const rng = seededRng('encoding');

test('hex and base64url are what Node says, both ways', () => {
  for (let size = 0; size < 70; size++) {
    const bytes = rng(size);
    assert.equal(hex(bytes), Buffer.from(bytes).toString('hex'));
    assert.equal(b64u(bytes), Buffer.from(bytes).toString('base64url'));
    assert.deepEqual(unhex(hex(bytes), size), bytes);
    assert.deepEqual(unb64u(b64u(bytes), size), bytes);
  }
});

test('a second spelling is refused', async () => {
  for (const text of ['0', 'AB', '0x', 'zz', ' 00', null, 12]) {
    assert.equal(await codeOf(() => unhex(text)), 'bad-encoding', String(text));
  }
  for (const text of ['A', 'AA==', 'AB', 'AAB', 'A+A/', 'AA\n', null]) {
    assert.equal(await codeOf(() => unb64u(text)), 'bad-encoding', String(text));
  }
  assert.equal(await codeOf(() => unhex('00', 2)), 'wrong-length');
  assert.equal(await codeOf(() => unb64u('AA', 2)), 'wrong-length');
  assert.equal(await codeOf(() => fromUtf8(Uint8Array.of(0xc0, 0x80))), 'bad-encoding');
  assert.equal(fromUtf8(utf8('\ufeffنحن')), '\ufeffنحن');
});

test('JSON is compact with sorted keys', () => {
  const value = { b: [1, { z: null, a: 'é' }], a: true, c: undefined };
  assert.equal(fromUtf8(jsonBytes(value)), '{"a":true,"b":[1,{"a":"é","z":null}]}');
});

test('JSON that readers in other languages see otherwise is refused', async () => {
  const good = ['{"a":[1,-2,0,9007199254740991],"b":{"a":null}}', ' [ true ] ', '"{\\"a\\":1,\\"a\\":1.5}"'];
  for (const text of good) assert.deepEqual(readJson(utf8(text)), JSON.parse(text));
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"c":0,"c":0}}]',
    '1.0',
    '1e3',
    '-0',
    '9007199254740992',
    '-9007199254740992',
    '\ufeff{}',
    '',
    '{',
    'NaN',
    '[1,]',
    "'a'",
    `${'['.repeat(33)}${']'.repeat(33)}`,
  ]) {
    assert.equal(await codeOf(() => readJson(utf8(text))), 'bad-encoding', text);
  }
  assert.equal(readJson(utf8(`${'['.repeat(32)}${']'.repeat(32)}`)).length, 1);
  assert.equal(await codeOf(() => readJson(Uint8Array.of(0x22, 0xff, 0x22))), 'bad-encoding');
});

test('integers are big-endian and fit', async () => {
  for (const [value, size] of [
    [0, 2],
    [65535, 2],
    [4294967295, 4],
    [2 ** 53 - 1, 8],
  ]) {
    assert.equal(readInteger(integer(value, size), 0, size), value);
  }
  assert.equal(hex(integer(0x0102, 8)), '0000000000000102');
  for (const [value, size] of [
    [65536, 2],
    [-1, 2],
    [1.5, 4],
    [2 ** 53, 8],
  ]) {
    assert.equal(await codeOf(() => integer(value, size)), 'RangeError');
  }
  assert.equal(await codeOf(() => readInteger(new Uint8Array(8).fill(255), 0, 8)), 'bad-encoding');
  assert.equal(await codeOf(() => readInteger(new Uint8Array(3), 0, 4)), 'wrong-length');
});

test('bundles are cut and joined alike', () => {
  const keys = { dh: rng(32), mlkem: rng(1184), xwing: rng(1216) };
  const record = { index: 1, ...keys, notBefore: 1, notAfter: 2, signature: rng(64) };
  const bytes = serialiseBundles({ epoch: 9, directoryHash: rng(32), records: [record, { ...record, index: 2 }] });
  assert.equal(bytes.length, 42 + 2 * 2514);
  assert.deepEqual(serialiseBundles(parseBundles(bytes)), bytes);
});

test('signatures: the tag, the message, the key and every bit count', async () => {
  const seed = rng(32);
  const vk = publicOf(seed);
  const message = rng(40);
  const signature = sign(seed, 'nr-site-v1', message);
  assert.equal(hex(tagged('ab', Uint8Array.of(1))), '02616201');
  verify('nr-site-v1', vk, message, signature);
  for (const given of [
    ['nr-root-v1', vk, message, signature],
    ['nr-site-v1', publicOf(rng(32)), message, signature],
    ['nr-site-v1', vk, flip(message, 1), signature],
    ['nr-site-v1', vk, message, flip(signature, 1)],
    ['nr-site-v1', vk, message, flip(signature, 63, 7)],
    ['nr-site-v1', vk, message, signature.slice(1)],
    ['nr-site-v1', new Uint8Array(32), message, new Uint8Array(64)],
    ['nr-site-v1', flip(new Uint8Array(32), 0), message, flip(new Uint8Array(64), 0)], // small order
  ]) {
    assert.equal(await codeOf(() => verify(...given)), 'bad-signature');
  }
});

test('randomness beyond what one call gives, and without favourites', () => {
  assert.equal(systemRng(70000).length, 70000);
  assert.ok(
    systemRng(70000)
      .subarray(65536)
      .some((byte) => byte),
  );
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) counts[randomBelow(3, systemRng)]++;
  assert.ok(
    counts.every((count) => count > 850 && count < 1150),
    counts.join(),
  );
});

test('an error has a code that is listed', () => {
  const error = new ProtocolError('checksum', 'words', { position: null });
  assert.equal(error.name, 'ProtocolError');
  assert.ok(error instanceof Error && CODES.includes(error.code));
  assert.ok(equal(utf8('a'), utf8('a')) && !equal(utf8('a'), utf8('ab')));
});
