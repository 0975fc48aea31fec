/** The line as a page sees it within a visit: it never goes back, and a clock only warns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fetchDirectory, openLine } from '../../app/reporter/client/src/app/line.js';
import { makeVisit } from '../../app/reporter/client/src/app/visit.js';
import { utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import { openDirectory } from '../../app/reporter/client/src/protocol/directory.js';
import { NOW, agency, bundlesFor, codeOf, directoryFields, entry, investigator, signDirectory } from './fixtures.mjs';

const { seed, lineId } = agency();
const people = ['ana', 'ben', 'chi'].map((name) => investigator(name));
const entries = people.map((one) => entry(one));
const signed = (changes) => signDirectory(directoryFields(lineId, entries, changes), seed);
const all = people.map((one, i) => [i, one]);
const tasks = {
  openDirectory: ({ file }) => openDirectory(file, lineId),
  openBundles: ({ file, directory }) => openBundles(file, directory),
};
const core = { run: async (name, args) => tasks[name](args) };

/** What a server shows: a directory and the bundles that name it. */
function parts(file, visit = makeVisit('en'), bundles = all) {
  const service = { directory: async () => utf8(file), bundles: async () => bundlesFor(file, bundles) };
  return { service, core, page: { lineId }, visit };
}

async function at(seconds, step) {
  const { now } = Date;
  Date.now = () => seconds * 1000;
  try {
    return await step();
  } finally {
    Date.now = now;
  }
}

test('a server that shows an older directory at Send is not believed', async () => {
  const visit = makeVisit('en');
  const newer = signed({ version: 4 });
  const { directory } = await openLine(parts(newer, visit));
  const older = parts(signed({ version: 3 }), visit);
  assert.equal(await codeOf(() => openLine({ ...older, known: directory })), 'bad-directory');
  assert.equal(await codeOf(() => fetchDirectory(parts(signed({ version: 3 }), visit))), 'bad-directory');
  const other = signed({ version: 4, expires: '2027-03-01' });
  assert.equal(await codeOf(() => fetchDirectory(parts(other, visit))), 'bad-directory');
  assert.equal((await openLine({ ...parts(newer, visit), known: directory })).directory.version, 4);
  assert.equal((await openLine(parts(signed({ version: 5 }), visit))).directory.version, 5);
  // Known from when the desks were chosen, and older than what was seen since.
  assert.equal(await codeOf(() => openLine({ ...parts(newer, visit), known: directory })), 'bad-directory');
  visit.wipe(); // the next visit remembers nothing
  assert.equal((await fetchDirectory(older)).version, 3);
});

test('a clock that is later warns, one that is earlier does not, neither refuses', async () => {
  for (const [clock, old] of [
    [NOW, false],
    [0, false],
    [NOW + 30 * 86400, false],
    [NOW + 46 * 86400, true],
    [NOW + 9e8, true],
  ]) {
    const line = await at(clock, () => openLine(parts(signed())));
    assert.deepEqual([line.old, line.state], [old, 'ok'], String(clock));
  }
});

test('a backdated bundle alone keeps no directory good: no time is known, and the clock warns', async () => {
  const late = Date.parse('2027-04-01T00:00:00Z') / 1000;
  const line = await at(late, () => openLine(parts(signed(), undefined, [all[2]])));
  assert.deepEqual([line.bundles.referenceTime, line.old], [null, true]);
  assert.equal((await at(NOW, () => openLine(parts(signed(), undefined, [all[2]])))).old, false);
});
