/** Whom danger is asked of, what else somebody is asked who comes back, and whose number is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { afterAnswer } from '../../app/reporter/client/src/app/country.js';
import { asksDanger, saysDanger } from '../../app/reporter/client/src/app/danger-choice.js';
import { firstOf } from '../../app/reporter/client/src/app/writing.js';

test('who comes back with a code can say "in danger now", however long the way', () => {
  for (const short of [true, false]) assert.equal(asksDanger({ kind: 'message', short }), true);
  assert.equal(asksDanger({ kind: 'report', short: true }), true);
  assert.equal(asksDanger({ kind: 'report', short: false }), false, 'it was a question of its own');
});

test('only "yes" says danger', () => {
  assert.equal(saysDanger({ answers: { danger_now: 'yes' } }), true);
  for (const answer of ['no', 'unknown', undefined])
    assert.equal(saysDanger({ answers: { danger_now: answer } }), false);
});

test('with each further message it is asked again whether an answer is safe, and nothing else', () => {
  const questions = [
    { id: 'danger_now', more: false },
    { id: 'safe_to_reply', more: false },
    { id: 'under_18', more: false },
    { id: 'signs', more: true },
  ];
  const ids = (kind) => firstOf(questions, kind).map(({ id }) => id);
  assert.deepEqual(ids('report'), ['danger_now', 'safe_to_reply', 'under_18']);
  assert.deepEqual(ids('message'), ['safe_to_reply']);
});

test('the country that was answered shows its number, unless another was chosen at the top', () => {
  const known = ['', 'us', 'uk'];
  assert.equal(afterAnswer({ country: '', choseCountry: false }, 'uk', known, true), 'uk');
  assert.equal(afterAnswer({ country: 'us', choseCountry: true }, 'uk', known, true), 'us');
  assert.equal(afterAnswer({ country: 'uk', choseCountry: false }, 'unknown', known, true), '');
  assert.equal(afterAnswer({ country: 'uk', choseCountry: false }, 'int', known, true), '', 'no number is known');
  assert.equal(afterAnswer({ country: '', choseCountry: false }, 'uk', known, false), '', 'another is there, not they');
});
