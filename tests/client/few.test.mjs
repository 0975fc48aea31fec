/** Where only one of several, or fewer than half of a desk, can read, the person is asked first. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { deliver } from '../../app/reporter/client/src/app/deliver.js';
import { Draft } from '../../app/reporter/client/src/app/draft.js';
import { fewOf, fewReaders } from '../../app/reporter/client/src/app/line.js';
import { FewReaders, sentence } from '../../app/reporter/client/src/app/trouble.js';

/** The specification's table, as [members, how many can read, whether the person is asked]. */
const SPEC = readFileSync(new URL('../../docs/spec/bundles.md', import.meta.url), 'utf8');
const [PAIRS, , ASKED] = SPEC.slice(SPEC.indexOf('| m, n |'))
  .split('\n')
  .map((row) =>
    row
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()),
  );
const CASES = PAIRS.map((pair, n) => [...pair.split(',').map(Number), ASKED[n] === 'yes']);

/** A line with one desk of `of` members, the last of them not active, of whom `now` can read. */
function lineOf(of, now) {
  const directory = {
    hash: new Uint8Array(32),
    version: 1,
    expires: '2999-01-01',
    active: Array.from({ length: of }, (_, index) => index),
    desks: [{ id: 'support', name: { en: 'Support' }, members: Array.from({ length: of + 1 }, (_, i) => i) }],
  };
  const byIndex = new Map(Array.from({ length: now }, (_, index) => [index, {}]));
  return { directory, bundles: { epoch: 7, byIndex, referenceTime: null } };
}

test('who reads alone or with less than half of a desk is few', () => {
  assert.equal(CASES.length, 10);
  for (const [members, now, asked] of CASES) assert.equal(fewReaders(members, now), asked, `${now} of ${members}`);
});

test('a desk is asked about once, and again when fewer can read', () => {
  const chosen = new Set(['support']);
  assert.deepEqual(fewOf(chosen, new Map(), lineOf(5, 2), 'en'), [{ id: 'support', name: 'Support', now: 2, of: 5 }]);
  assert.deepEqual(fewOf(chosen, new Map([['support', 2]]), lineOf(5, 2), 'en'), []);
  assert.equal(fewOf(chosen, new Map([['support', 2]]), lineOf(5, 1), 'en').length, 1);
  assert.deepEqual(fewOf(new Set(), new Map(), lineOf(5, 1), 'en'), []);
});

test('nothing is sealed or handed over before the person has agreed', async () => {
  const draft = new Draft('report', 'en');
  draft.desks.add('support');
  draft.text = 'Help.';
  const { directory, bundles } = lineOf(2, 1);
  const done = [];
  const core = { run: async (name) => (done.push(name), name === 'openBundles' ? bundles : new Uint8Array(1)) };
  const service = { bundles: async () => new Uint8Array(0), send: async () => done.push('sent') };
  const work = { message: { spend: (store) => store('work') } };
  const parts = {
    service,
    core,
    work,
    page: { lang: 'en' },
    tell() {},
    visit: { draft, code: new Uint8Array(16), directory },
  };
  await assert.rejects(deliver(parts), FewReaders);
  assert.deepEqual(done, ['openBundles']);
  const error = await deliver(parts).catch((reason) => reason);
  const speaker = { say: (key, { name, now, of }) => `${key} ${name} ${now} ${of}` };
  assert.equal(sentence(error, speaker), 'trouble.few-readers Support 1 2');
  draft.agreed.set('support', 1);
  await deliver(parts);
  assert.equal(done.at(-1), 'sent');
});
