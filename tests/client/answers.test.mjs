/** Finding my messages among everybody's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { solve } from '../../app/reporter/client/src/protocol/answers.js';
import { buildRow } from '../../app/reporter/client/src/protocol/challenges.js';
import { concat } from '../../app/reporter/client/src/protocol/encoding.js';
import { base, checkPoint, multiply, randomScalar, reduce } from '../../app/reporter/client/src/protocol/group.js';
import { letterKey } from '../../app/reporter/client/src/protocol/letter.js';
import { codeOf, flip, seededRng } from './fixtures.mjs';

const rng = seededRng('answers');
const line = rng(32);
const fetchSk = randomScalar(rng);
const fetchPk = base(fetchSk);

function rowFor(publicKey, id) {
  const x = randomScalar(rng);
  return buildRow(id, { x: base(x), z: multiply(x, publicKey) }, line, randomScalar(rng));
}

const mine = [rng(16), rng(16)];
const strangers = Array.from({ length: 30 }, () => rowFor(base(randomScalar(rng)), rng(16)));
const [first, second] = mine.map((id) => rowFor(fetchPk, id));
const set = concat(...strangers.slice(0, 10), first, ...strangers.slice(10), second);

test('the ids of my messages, in the set’s order', async () => {
  assert.deepEqual(await solve(set, fetchSk, line), mine);
  assert.deepEqual(await solve(set, randomScalar(rng), line), []);
  assert.deepEqual(await solve(set, fetchSk, rng(32)), []); // another line's
  assert.deepEqual(await solve(new Uint8Array(0), fetchSk, line), []);
});

test('a row with the identity or a bad point is nobody’s and stops nothing', async () => {
  const planted = concat(rowFor(fetchPk, rng(16)).slice(0, 32), new Uint8Array(32));
  const bad = concat(new Uint8Array(32), new Uint8Array(32).fill(255));
  assert.deepEqual(await solve(concat(planted, bad, set), fetchSk, line), mine);
});

test('refused: half a row, a scalar that is none', async () => {
  assert.equal(await codeOf(() => solve(set.slice(1), fetchSk, line)), 'wrong-length');
  assert.equal(await codeOf(() => solve(set, new Uint8Array(32), line)), 'bad-key');
  assert.equal(await codeOf(() => solve(set, new Uint8Array(32).fill(255), line)), 'bad-key');
});

test('progress to the end, and stopping in the middle', async () => {
  const steps = [];
  const many = concat(...Array.from({ length: 8 }, () => set));
  await solve(many, fetchSk, line, { onProgress: (done, total) => steps.push([done, total]) });
  assert.deepEqual(steps[steps.length - 1], [256, 256]);
  assert.ok(steps.length > 1, 'it reports while it works');
  const stop = new AbortController();
  const solving = solve(many, fetchSk, line, { signal: stop.signal, onProgress: () => stop.abort() });
  assert.equal(await codeOf(() => solving), 20); // DOMException.ABORT_ERR
});

test('points and scalars: canonical and not zero', async () => {
  assert.equal(await codeOf(() => checkPoint(new Uint8Array(32))), 'bad-point');
  assert.equal(await codeOf(() => checkPoint(new Uint8Array(31))), 'bad-point');
  assert.equal(await codeOf(() => checkPoint(flip(fetchPk, 31, 7))), 'bad-point'); // the top bit is never set
  assert.equal(await codeOf(() => checkPoint(flip(fetchPk, 0, 0))), 'bad-point'); // negative
  assert.equal(await codeOf(() => multiply(fetchSk, new Uint8Array(32))), 'bad-point');
  assert.equal(await codeOf(() => reduce(new Uint8Array(32))), 'wrong-length');
});

test('a letter’s key is its own for every n', () => {
  const mk = rng(16);
  const n = rng(16);
  assert.deepEqual(letterKey(mk, n), letterKey(mk, n));
  assert.notDeepEqual(letterKey(mk, n).publicKey, letterKey(mk, flip(n, 0)).publicKey);
});
