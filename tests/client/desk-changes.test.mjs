/** A desk that says something else of itself between choosing and Send is read again first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { deliver } from '../../app/reporter/client/src/app/deliver.js';
import { changedDesks } from '../../app/reporter/client/src/app/desk-changes.js';
import { makeVisit } from '../../app/reporter/client/src/app/visit.js';
import { openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import { openDirectory } from '../../app/reporter/client/src/protocol/directory.js';
import { utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { agency, bundlesFor, directoryFields, entry, investigator, signDirectory } from './fixtures.mjs';

const { seed, lineId } = agency();
const ana = investigator('ana');
const DESK = { id: 'support', members: [0], name: { en: 'Support' }, about: { en: '' } };

const WEEKDAYS = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
const READ = {
  id: 'support',
  members: [0],
  name: { en: 'Support', fr: 'Aide' },
  about: { en: 'Not police.' },
  hours: [WEEKDAYS],
  languages: ['en', 'fr'],
  tellsImmigration: 'no',
};
const OTHERS = [
  { name: { ...READ.name, en: 'Help' } },
  { about: { en: 'With police.' } },
  { hours: [{ ...WEEKDAYS, to: '12:00' }] },
  { languages: ['en'] },
  { tellsImmigration: 'yes' },
];
const directoryOf = (...desks) => ({ desks });
const CHOSEN = new Set(['support']);

test('a chosen desk has changed if any of what was read of it has', () => {
  const before = directoryOf(READ);
  for (const other of OTHERS) {
    const now = { ...READ, ...other };
    assert.deepEqual(changedDesks(CHOSEN, before, directoryOf(now), 'en'), [now], JSON.stringify(other));
  }
});

test('what nobody chose, or nobody read, has not', () => {
  const before = directoryOf(READ);
  assert.deepEqual(changedDesks(CHOSEN, before, directoryOf(structuredClone(READ)), 'en'), []);
  assert.deepEqual(changedDesks(new Set(['police']), before, directoryOf({ ...READ, ...OTHERS[0] }), 'en'), []);
  const french = { ...READ, name: { en: 'Support', fr: 'Soutien' } };
  assert.deepEqual(changedDesks(CHOSEN, before, directoryOf(french), 'en'), []);
  assert.deepEqual(changedDesks(CHOSEN, before, directoryOf({ ...READ, members: [0, 1] }), 'en'), []);
});

/** Sending by the directory `file`, after the desks were chosen from `read`; both signed. */
function sending(kind, read, file) {
  const visit = makeVisit('en');
  visit.startDraft(kind);
  visit.draft.desks.add('support');
  visit.draft.text = 'Help.';
  visit.warnedOld = true; // the tests' directory is of another year
  visit.become(new Uint8Array(16));
  visit.directory = openDirectory(utf8(read), lineId);
  const done = [];
  const tasks = {
    openDirectory: ({ file }) => openDirectory(file, lineId),
    openBundles: ({ file, directory }) => openBundles(file, directory),
    seal: () => new Uint8Array(1),
  };
  const core = {
    run: async (name, args) => {
      done.push(name);
      return tasks[name](args);
    },
  };
  const service = {
    directory: async () => utf8(file),
    bundles: async () => bundlesFor(file, [[0, ana]]),
    send: async () => done.push('sent'),
  };
  const work = { message: { spend: (hand) => hand('work') } };
  const page = { lang: 'en', lineId };
  return { visit, done, deliver: () => deliver({ service, core, work, page, visit, tell() {} }) };
}
const signed = (version, desk) =>
  signDirectory(directoryFields(lineId, [entry(ana)], { version, desks: [{ ...DESK, ...desk }] }), seed);

test('nothing is sealed for a desk that now says something else', async () => {
  const read = signed(4, { tells_immigration: 'no' });
  const now = signed(5, { tells_immigration: 'yes' });
  const one = sending('report', read, now);
  const reason = await one.deliver().catch((error) => error);
  assert.equal(reason.code, 'desk-changed');
  assert.deepEqual(reason.values, { name: 'Support' });
  assert.ok(!one.done.includes('seal') && !one.done.includes('sent'));
  one.visit.directory = openDirectory(utf8(now), lineId); // read again
  await one.deliver();
  assert.equal(one.done.at(-1), 'sent');
});

test('a new directory that says the same of the desk asks nothing', async () => {
  const one = sending('report', signed(4, { tells_immigration: 'no' }), signed(5, { tells_immigration: 'no' }));
  await one.deliver();
  assert.equal(one.done.at(-1), 'sent');
});

test('a permission is taken back from whatever a desk is called now', async () => {
  const one = sending('withdrawal', signed(4, {}), signed(5, { name: { en: 'Help' } }));
  await one.deliver();
  assert.equal(one.done.at(-1), 'sent');
});
