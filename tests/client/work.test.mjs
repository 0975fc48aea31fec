// The work of the page: the example of docs/spec/work.md, with WebCrypto and without.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';

import { ProtocolError } from '../../app/reporter/client/src/protocol/errors.js';
import { makeWork } from '../../app/reporter/client/src/app/work.js';
import { readChallenge, solveWork } from '../../app/reporter/client/src/protocol/work.js';

const page = await readFile(new URL('../../docs/spec/work.md', import.meta.url), 'utf8');
const EXAMPLE = page.match(/```json\n(.+?)```/s)[1];
const KEY = page.match(/^key = ([0-9a-f]{64})$/m)[1];

const open = (header) => JSON.parse(Buffer.from(header, 'base64').toString('utf8'));

for (const [name, subtle] of [
  ['WebCrypto', webcrypto.subtle],
  ['noble', null],
]) {
  test(`the example of the specification is solved with ${name}`, async () => {
    const seen = [];
    const onProgress = (done, most) => seen.push([done, most]);
    const header = await solveWork(readChallenge(EXAMPLE), { subtle, onProgress });
    const { challenge, solution } = open(header);
    assert.deepEqual(solution, { counter: 17, derivedKey: KEY });
    assert.deepEqual(challenge, JSON.parse(EXAMPLE));
    assert.ok(header.length <= 2048);
    assert.deepEqual(seen[0], [0, 5000]);
  });
}

test('the last counter is tried, and one without an answer is told', async () => {
  const challenge = readChallenge(EXAMPLE);
  const { subtle } = webcrypto;
  const last = await solveWork({ ...challenge, most: 18 }, { subtle });
  assert.equal(open(last).solution.counter, 17);
  await assert.rejects(solveWork({ ...challenge, most: 17 }, { subtle }), { code: 'bad-work' });
});

test('it stops when it is told to', async () => {
  const stop = new AbortController();
  stop.abort();
  const { subtle } = webcrypto;
  await assert.rejects(solveWork(readChallenge(EXAMPLE), { subtle, signal: stop.signal }), {
    name: 'AbortError',
  });
});

test('another form, or more work than anybody should do, is refused', () => {
  const changes = [
    (p) => (p.algorithm = 'SCRYPT'),
    (p) => (p.keyLength = 64),
    (p) => (p.cost = 100_001),
    (p) => (p.cost = 0),
    (p) => (p.data.most = 10_000_001),
    (p) => (p.data.most = '5'),
    (p) => (p.data.uses = 0),
    (p) => (p.data.uses = 4_097),
    (p) => delete p.data.uses,
    (p) => (p.nonce = '00'),
    (p) => (p.keyPrefix = 'zz'),
    (p) => delete p.data,
  ];
  for (const change of changes) {
    const challenge = JSON.parse(EXAMPLE);
    change(challenge.parameters);
    assert.throws(() => readChallenge(JSON.stringify(challenge)), ProtocolError);
  }
  for (const text of ['', 'null', '[]', '{}', '{"parameters":{}}']) {
    assert.throws(() => readChallenge(text), { code: 'bad-work' });
  }
});

/** A line that gives challenges of so many steps, one after the other, and a core that ends none but the last. */
function dear(t, mosts) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const given = [];
  const solving = [];
  const ask = async () => {
    const challenge = JSON.parse(EXAMPLE);
    const most = mosts[given.length];
    if (!most) throw new Error('away');
    challenge.parameters.data.most = most;
    given.push(most);
    return new TextEncoder().encode(JSON.stringify(challenge));
  };
  const run = (_, { challenge }, { signal, onProgress }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
      solving.push({ most: readChallenge(challenge).most, signal, onProgress, resolve });
    });
  const work = makeWork({ service: { work: ask, workForFiles: ask }, core: { run } });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const later = async () => {
    t.mock.timers.tick(60_000);
    for (let n = 0; n < 5; n += 1) await settle();
  };
  return { work, given, solving, settle, later };
}

test('long work goes over to a challenge that costs clearly less, and to no other', async (t) => {
  const { work, given, solving, settle, later } = dear(t, [640_000, 320_000, 5_000]);
  const sent = work.message.spend(async (header) => header, { tell: () => {} });
  await settle();
  assert.deepEqual(given, [640_000]);
  await later();
  assert.deepEqual(given, [640_000, 320_000]);
  assert.deepEqual(
    solving.map(({ most }) => most),
    [640_000],
    'half is not clearly less',
  );
  await later();
  assert.deepEqual(
    solving.map(({ most }) => most),
    [640_000, 5_000],
  );
  assert.ok(solving[0].signal.aborted);
  await later(); // away: it goes on
  solving[1].resolve('header');
  assert.equal(await sent, 'header');
});

test('work that is nearly done is not given up, and short work asks once', async (t) => {
  const { work, given, solving, settle, later } = dear(t, [640_000, 5_000]);
  const sent = work.message.spend(async (header) => header, { tell: () => {} });
  await settle();
  solving[0].onProgress(635_000, 640_000);
  await later();
  assert.equal(solving.length, 1);
  solving[0].resolve('header');
  assert.equal(await sent, 'header');
  await later();
  assert.equal(given.length, 2, 'nothing is asked any more');
});

test('leaving ends the work and the asking', async (t) => {
  const { work, given, solving, settle, later } = dear(t, [640_000, 5_000]);
  work.prepare();
  await settle();
  work.wipe();
  assert.ok(solving[0].signal.aborted);
  await later();
  assert.equal(given.length, 1);
});
