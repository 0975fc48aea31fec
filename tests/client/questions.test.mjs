/** Questions that hang on earlier answers: who is asked what, and what becomes of an answer meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applies, settle } from '../../app/reporter/client/src/app/questions-screens.js';

const WITNESS = { whose_case: ['something_i_saw'] };
const OTHERS = { whose_case: ['mine', 'skipped'] };

test('one of several answers is enough, and of several questions all must fit', () => {
  const both = { a: ['1', '2'], b: ['yes'] };
  assert.equal(applies(both, { a: ['2', '3'], b: 'yes' }), true);
  assert.equal(applies(both, { a: ['3'], b: 'yes' }), false);
  assert.equal(applies(both, { a: '1' }), false);
  assert.equal(applies({}, {}), true);
  assert.equal(applies(OTHERS, {}), true, 'who skipped it');
  assert.equal(applies(OTHERS, { whose_case: 'something_i_saw' }), false);
});

test('what is not asked any more is not sent, and comes back with what it hangs on', () => {
  const questions = [
    { id: 'whose_case', onlyIf: {} },
    { id: 'what_seen', onlyIf: WITNESS },
    { id: 'how_often', onlyIf: { what_seen: ['van'] } },
    { id: 'needs', onlyIf: OTHERS },
  ];
  const draft = { answers: { whose_case: 'something_i_saw', what_seen: ['van'], how_often: 'once' }, waiting: {} };
  settle(questions, draft);
  assert.deepEqual(Object.keys(draft.answers), ['whose_case', 'what_seen', 'how_often']);

  draft.answers.whose_case = 'mine';
  settle(questions, draft);
  assert.deepEqual(draft.answers, { whose_case: 'mine' });

  draft.answers.needs = ['doctor'];
  draft.answers.whose_case = 'something_i_saw';
  settle(questions, draft);
  assert.deepEqual(draft.answers, { whose_case: 'something_i_saw', what_seen: ['van'], how_often: 'once' });
  assert.deepEqual(draft.waiting, { needs: ['doctor'] });
});
