/** What is being written: tried again it is the same message, changed it is another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Draft } from '../../app/reporter/client/src/app/draft.js';
import { fromUtf8 } from '../../app/reporter/client/src/protocol/encoding.js';

const speaker = { bytes: String };
const sent = (draft) => JSON.parse(fromUtf8(draft.bodyToSend()));

function written(text) {
  const draft = new Draft('report', 'en');
  draft.desks.add('support');
  draft.text = text;
  return draft;
}

test('the same words tried again keep their mid', () => {
  const draft = written('They keep our passports.');
  assert.equal(sent(draft).mid, sent(draft).mid);
});

test('words, desks, answers or files that changed since the last try are a message of their own', () => {
  const changes = {
    words: (draft) => (draft.text += ' 12 Mill Lane, tonight.'),
    desks: (draft) => draft.desks.add('police'),
    answers: (draft) => (draft.answers.danger_now = 'yes'),
    files: (draft) => draft.addFile(new File(['x'], 'note.txt'), null, speaker),
  };
  for (const [what, change] of Object.entries(changes)) {
    const draft = written('They keep our passports.');
    const first = sent(draft);
    change(draft);
    assert.notEqual(sent(draft).mid, first.mid, what);
  }
});

test('a file for which the message has no room is refused when it is chosen, not at Send', () => {
  const draft = written('x'.repeat(14_900));
  assert.ok(draft.bytesLeft() > 0);
  assert.throws(() => draft.addFile(new File(['x'], 'note.txt'), null, speaker), { code: 'too-many-files' });
  assert.equal(draft.files.length, 0);
  assert.ok(draft.bytesLeft() > 0);
});
