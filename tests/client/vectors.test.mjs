/** The runner of vectors: the public file passes, and no byte of it can be changed unseen. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { irregularities } from '../vectors/layout.mjs';
import { changed, leaves, noticedBy } from '../vectors/mutate.mjs';
import { runVectors } from '../vectors/run.mjs';

const FILE = new URL('../vectors/ql1.json', import.meta.url);
const bytes = new Uint8Array(readFileSync(FILE));
const text = new TextDecoder().decode(bytes);
const vectors = JSON.parse(text);

/** The file with one leaf changed. */
function withLeaf(path, change) {
  const copy = JSON.parse(text);
  const holder = path.slice(0, -1).reduce((value, name) => value[name], copy);
  holder[path[path.length - 1]] = change(holder[path[path.length - 1]]);
  return new TextEncoder().encode(JSON.stringify(copy, null, 1));
}

async function run(given) {
  const lines = [];
  const total = await runVectors(given, (line) => lines.push(line));
  return { ...total, lines };
}

test('the public file passes, a line per section', async () => {
  const { passed, failed, lines } = await run(bytes);
  assert.deepEqual([failed, passed > 150, lines.length], [0, true, 12]);
  assert.match(lines[6], /^javascript {2}envelopes: \d+ passed, 0 failed$/);
});

for (const section of Object.keys(vectors)) {
  test(`a change in any leaf of ${section} is noticed`, async () => {
    for (const path of leaves(vectors[section], [section])) {
      const given = withLeaf(path, (value) => changed(value, Math.floor(String(value).length * 0.7)));
      const place = path.join('.');
      // A row of the set for nobody the file knows says nothing that could be checked.
      if (place === 'challenges.set') continue;
      assert.notEqual(await noticedBy(given, section), null, place);
    }
  });
}

test('half of an ML-KEM seed leaves no public trace; its label tells', async () => {
  for (const path of [
    ['investigator', 'mlkem_seed'],
    ['bundle', 'mlkem_seed'],
  ]) {
    const given = withLeaf(path, (seed) => changed(seed, 127));
    assert.equal(await noticedBy(given), 'profile');
  }
});

test('rows of the set that are known, and every point', async () => {
  const rows = vectors.challenges.known_rows.map((one) => vectors.challenges.set.indexOf(one.row));
  for (const at of rows) {
    const given = withLeaf(['challenges', 'set'], (set) => changed(set, at + 5));
    assert.equal(await noticedBy(given, 'challenges'), 'challenges');
  }
  const top = withLeaf(['challenges', 'set'], (set) => `${set.slice(0, -2)}ff`);
  assert.equal(await noticedBy(top, 'challenges'), 'challenges');
});

test('white space, spelling, repeated keys', async () => {
  const changes = [
    text.replace('\n "newsroom"', '\n  "newsroom"'),
    text.replace(': ', ':'),
    text.replace(': ', ':\t'),
    `${text} `,
    text.replace('"QL1"', '"\\u0051L1"'),
    text.replace('"QL1"', '"QL1","profile": "QL1"'),
    text.replace('"body_len": 0', '"body_len": 0.0'),
    text.replace('"body_len": 0', '"body_len": 0e0'),
    text.replace('b99d', 'B99D'),
  ];
  for (const given of changes) {
    assert.notEqual(given, text);
    assert.notEqual(await noticedBy(new TextEncoder().encode(given)), null, given.slice(0, 40));
  }
});

test('any regular layout will do', () => {
  assert.deepEqual(irregularities(JSON.stringify(vectors)), []);
  assert.deepEqual(irregularities(JSON.stringify(vectors, null, '\t')), []);
  assert.deepEqual(irregularities(`${JSON.stringify(vectors, null, 4)}\n`), []);
  assert.deepEqual(irregularities('{"a": [], "b": {}, "c": [1, "\\u00e9"]}'), []);
});

test('a file that is none fails in words', async () => {
  for (const given of ['', '{', '[]', 'null', '"QL1"', '{}', '{"profile": "QL1"}']) {
    const { failed, lines } = await run(new TextEncoder().encode(given));
    assert.ok(failed > 0);
    for (const line of lines) assert.doesNotMatch(line, /\n| at .*:\d+:\d+|\.m?js/);
  }
  const { failed } = await run(Uint8Array.of(0xff, 0xfe));
  assert.equal(failed, 1);
});

for (const section of Object.keys(vectors)) {
  test(`without ${section} the file fails, in words`, async () => {
    const { [section]: _, ...rest } = vectors;
    const { failed, lines } = await run(new TextEncoder().encode(JSON.stringify(rest)));
    assert.ok(failed > 0);
    assert.ok(lines.some((line) => line.includes(section)));
    for (const line of lines) assert.doesNotMatch(line, / at .*:\d+:\d+/);
  });
}

test('an unknown section, an unknown field, an unknown error', async () => {
  const more = { ...vectors, extra: 1 };
  assert.ok((await run(new TextEncoder().encode(JSON.stringify(more)))).failed > 0);
  const field = withLeaf(['letter'], (letter) => ({ ...letter, extra: 1 }));
  assert.equal(await noticedBy(field, 'letter'), 'letter');
  const kind = withLeaf(['bad_envelopes', '0', 'error'], () => 'must open');
  assert.equal(await noticedBy(kind, 'bad_envelopes'), 'bad_envelopes');
});
