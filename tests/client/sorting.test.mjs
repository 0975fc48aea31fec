/** In whose name an answer is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sortOut } from '../../app/reporter/client/src/core/sorting.js';
import { openDirectory } from '../../app/reporter/client/src/protocol/directory.js';
import { jsonBytes } from '../../app/reporter/client/src/protocol/encoding.js';
import { seal } from '../../app/reporter/client/src/protocol/envelope.js';
import { reporterIdentity } from '../../app/reporter/client/src/protocol/identities.js';
import { recipientOfIdentity } from '../../app/reporter/client/src/protocol/recipients.js';
import { agency, directoryFields, entry, investigator, seededRng, signDirectory } from './fixtures.mjs';

const { seed, lineId } = agency();
const people = ['ana', 'ben', 'chi'].map((name) => investigator(name));
const entries = people.map((one, i) => entry(one, ['active', 'former', 'compromised'][i]));
const directory = openDirectory(signDirectory(directoryFields(lineId, entries), seed), lineId);
const rng = seededRng('sorting');
const identity = reporterIdentity(rng(16));

function answerOf(who, said) {
  const body = { kind: 'reply', v: 1, mid: Buffer.from(rng(16)).toString('hex'), desk: 'support', ...said };
  const envelope = seal(people[who].identity, recipientOfIdentity(identity), jsonBytes(body), lineId, rng);
  return { id: rng(16), envelope };
}

const sorted = (...fetched) => sortOut({ fetched, identity, directory, lineId });

test('who has left never answers in a desk’s name, whatever day the answer says', () => {
  for (const day of ['2026-01-01', '2026-08-14', '2999-12-31', undefined]) {
    const { answers } = sorted(answerOf(1, { text: 'Meet me at the station.', day }));
    assert.deepEqual(
      answers.map(({ desk, left }) => [desk, left]),
      [[null, '2026-08-15']],
      day,
    );
  }
  const [{ desk, left }] = sorted(answerOf(0, { text: 'We read it.' })).answers;
  assert.deepEqual([desk.id, left], ['support', null]);
});

test('an answer by somebody who has left stands below all others', () => {
  const { answers } = sorted(answerOf(1, { day: '2999-12-31' }), answerOf(0, { day: '2026-09-02' }), answerOf(0, {}));
  assert.deepEqual(
    answers.map(({ sender }) => sender),
    [0, 0, 1],
  );
});

test('keys that were lost speak for nobody', () => {
  const { answers, unverified } = sorted(answerOf(2, { text: 'x' }));
  assert.deepEqual([answers, unverified], [[], 1]);
});
