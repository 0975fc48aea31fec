/** A send: one envelope per active investigator, covers for the rest, nothing to tell them by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isFor } from '../../app/reporter/client/src/protocol/answers.js';
import { sealBatch, shuffle } from '../../app/reporter/client/src/protocol/batch.js';
import { openDirectory } from '../../app/reporter/client/src/protocol/directory.js';
import { equal, fromUtf8, jsonBytes } from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope } from '../../app/reporter/client/src/protocol/envelope.js';
import { reporterIdentity } from '../../app/reporter/client/src/protocol/identities.js';
import { openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import { checkEnvelope, splitBatch } from '../../app/reporter/client/src/protocol/wire.js';
import {
  agency,
  bundlesFor,
  codeOf,
  directoryFields,
  entry,
  investigator,
  seededRng,
  signDirectory,
} from './fixtures.mjs';

const { seed, lineId } = agency();
const people = ['ana', 'ben', 'chi', 'dora', 'eli'].map((name) => investigator(name));
const statuses = ['active', 'active', 'former', 'active', 'active'];
const entries = people.map((one, i) => entry(one, statuses[i]));
const file = signDirectory(directoryFields(lineId, entries), seed);
const directory = openDirectory(file, lineId);
// Eli's machine has been off for too long: no bundle.
const bundles = openBundles(
  bundlesFor(
    file,
    [0, 1, 3].map((i) => [i, people[i]]),
  ),
  directory,
);
const rng = seededRng('batch');
const sender = reporterIdentity(rng(16));
const body = jsonBytes({ kind: 'report', v: 1, mid: '00'.repeat(16), text: 'help' });

function send(options = {}) {
  return sealBatch({ directory, bundles, sender, chosen: new Set([0, 3]), body, lineId, rng, ...options });
}

/** The one envelope of a batch that is for somebody, opened. */
function received(batch, { identity, bundle }) {
  const mine = splitBatch(batch, 4).filter((envelope) => isFor(envelope, identity.fetchSk));
  assert.equal(mine.length, 1);
  return openEnvelope(mine[0], bundle, lineId);
}

test('those chosen get the message, the others a cover from nobody', async () => {
  const batch = await send();
  assert.equal(batch.length, 4 * 19936);
  for (const i of [0, 3]) {
    const opened = received(batch, people[i]);
    assert.deepEqual(opened.body, body);
    assert.deepEqual(opened.senderDh, sender.dhPk);
  }
  const cover = received(batch, people[1]);
  const { kind, v, mid } = JSON.parse(fromUtf8(cover.body));
  assert.deepEqual([kind, v], ['cover', 1]);
  assert.match(mid, /^[0-9a-f]{32}$/);
  for (const [field, own] of [
    ['senderDh', sender.dhPk],
    ['senderMlkem', sender.mlkem.publicKey],
    ['senderFetch', sender.fetchPk],
    ['senderXwing', sender.xwing.publicKey],
  ]) {
    assert.ok(!equal(cover[field], own), `a cover carries no ${field} of the reporter`);
    assert.ok(cover[field].some((byte) => byte));
  }
});

test('former members get nothing; a member without a bundle gets a cover that nobody can open', async () => {
  const envelopes = splitBatch(await send(), 4);
  for (const envelope of envelopes) checkEnvelope(envelope);
  const owners = envelopes.map((envelope) => people.findIndex(({ identity }) => isFor(envelope, identity.fetchSk)));
  assert.deepEqual([...owners].sort(), [-1, 0, 1, 3]);
});

test('the order is random and progress tells nothing of who is addressed', async () => {
  const first = new Set();
  for (let i = 0; i < 12; i++) {
    const steps = [];
    const batch = await send({ onProgress: (done, total) => steps.push([done, total]) });
    assert.deepEqual(steps, [
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    const [envelope] = splitBatch(batch, 4);
    first.add(people.findIndex(({ identity }) => isFor(envelope, identity.fetchSk)));
  }
  assert.ok(first.size > 1);
});

test('the event loop has its turn between two envelopes', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  await send();
  clearInterval(timer);
  assert.ok(turns >= 2);
});

test('stopped between two envelopes', async () => {
  const stop = new AbortController();
  const sending = send({ signal: stop.signal, onProgress: (done) => done === 2 && stop.abort() });
  assert.equal(await codeOf(() => sending), 20); // DOMException.ABORT_ERR
});

test('refused: a message to nobody, to a former member, too long', async () => {
  assert.equal(await codeOf(() => send({ chosen: new Set() })), 'no-recipient');
  assert.equal(await codeOf(() => send({ chosen: new Set([4]) })), 'no-recipient');
  assert.equal(await codeOf(() => send({ chosen: new Set([0, 2]) })), 'RangeError');
  assert.equal(await codeOf(() => send({ body: new Uint8Array(15133) })), 'bad-body');
  await send({ chosen: new Set([0, 4]) }); // one of two can read it
});

test('a shuffle gives every order', () => {
  const seen = new Set();
  for (let i = 0; i < 400; i++) seen.add(shuffle([1, 2, 3], rng).join(''));
  assert.equal(seen.size, 6);
});

test('a bundle that nobody can seal to does not silence the others', async () => {
  const broken = { ...bundles.byIndex.get(3), mlkem: new Uint8Array(1184).fill(0xff) };
  const withBroken = { ...bundles, byIndex: new Map([...bundles.byIndex, [3, broken]]) };
  const batch = await send({ bundles: withBroken });
  assert.equal(batch.length, 4 * 19936);
  assert.deepEqual(received(batch, people[0]).body, body);
  assert.equal(splitBatch(batch, 4).filter((one) => isFor(one, people[3].identity.fetchSk)).length, 0);
  const onlyBroken = send({ bundles: withBroken, chosen: new Set([3]) });
  assert.equal(await codeOf(() => onlyBroken), 'no-recipient');
  assert.equal((await send({ bundles: withBroken, chosen: new Set([0]) })).length, 4 * 19936);
});
