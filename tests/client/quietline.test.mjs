/**
 * quietline.json holds in JavaScript: what is good is read, each thing that is not is refused, and
 * the file is what tests/vectors/make.mjs makes. The same in Python: tests/vectors/test_quietline.py.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { make } from '../vectors/make.mjs';
import { CONSOLES_ALONE, SECTIONS } from '../vectors/quietline-sections.mjs';

const text = readFileSync(new URL('../vectors/quietline.json', import.meta.url), 'utf8');
const v = JSON.parse(text);

/** What fails of one section. */
async function failing(name, vectors) {
  const failures = [];
  let checks = 0;
  for await (const [what, passed] of SECTIONS[name](vectors)) {
    checks++;
    if (!passed) failures.push(what);
  }
  assert.ok(checks > 0, name);
  return failures;
}

test('the file is what is made from its labels', async () => {
  assert.ok((await make()) === text, 'run: node tests/vectors/make.mjs > tests/vectors/quietline.json');
});

for (const name of Object.keys(SECTIONS)) {
  test(`${name} holds`, async () => assert.deepEqual(await failing(name, v), []));
}

test('every member is looked at, or is for consoles alone', () => {
  assert.deepEqual([...Object.keys(SECTIONS), ...CONSOLES_ALONE].sort(), Object.keys(v).sort());
});

test('what is read is not taken for refused', async () => {
  const good = {
    bad_directories: v.directory.file,
    bad_bundles: v.bundles[0].file,
    bad_manifests: v.manifest.file,
    bad_envelopes: v.envelope.envelope,
    points: v.points.good,
    codes: v.codes.good[0],
    bodies: v.bodies.good[0][1],
  };
  for (const [name, given] of Object.entries(good)) {
    const changed = structuredClone(v);
    (changed[name].bad ?? changed[name]).push(['it is good', given]);
    assert.deepEqual(await failing(name, changed), ['refused: it is good'], name);
  }
});

test('an empty list of what is to be refused is a failure', async () => {
  assert.deepEqual(await failing('bad_directories', { ...v, bad_directories: [] }), ['there is something to refuse']);
});

test('who speaks for a desk is read as the file says', async () => {
  const changed = structuredClone(v);
  changed.speakers[0].shown = null;
  assert.equal((await failing('speakers', changed)).length, 1);
});
