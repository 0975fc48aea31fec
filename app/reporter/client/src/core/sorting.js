// What a check fetched, sorted: answers that may be shown, and how many may not.

import { isFor } from '../protocol/answers.js';
import { readBody } from '../protocol/bodies.js';
import { deskOf, senderIndex } from '../protocol/directory.js';
import { openEnvelope } from '../protocol/envelope.js';

/** Open `fetched`, a list of {id, envelope}, as `identity`.
 * Returns {answers: [{body, desk, sender, left}], ids, unverified: n, unopened: n}; `ids` of all
 * that is for this identity, shown or not; `left` the day on which the writer left the line, or null. */
export function sortOut({ fetched, identity, directory, lineId }) {
  const answers = new Map(); // by sender and mid: whatever arrived twice is shown once
  const ids = [];
  let unverified = 0;
  let unopened = 0;
  for (const { id, envelope } of fetched) {
    if (!isFor(envelope, identity.fetchSk)) continue; // random bytes: a miss
    ids.push(id);
    let opened;
    let body;
    try {
      opened = openEnvelope(envelope, identity, lineId);
      body = bodyOf(opened.body);
    } catch {
      unopened += 1;
      continue;
    }
    const index = senderIndex(opened, directory);
    // Keys that somebody else may hold speak for nobody.
    if (index < 0 || directory.investigators[index].status === 'compromised') {
      unverified += 1;
      continue;
    }
    const { left } = directory.investigators[index];
    answers.set(`${index}:${body.mid}`, { body, sender: index, desk: deskOf(index, body.desk, directory), left });
  }
  return { answers: inOrder([...answers.values()]), ids, unverified, unopened };
}

/** A message's body; of one of a newer version nothing but that it is there is read. */
function bodyOf(bytes) {
  try {
    return readBody(bytes);
  } catch (error) {
    if (error.newer) return { kind: '', mid: `newer ${bytes.join()}` };
    throw error;
  }
}

/** Newest first, by the day an answer says it was written; those without a day come last, and below
 * all the rest those of people who have left, or one could put itself on top by its day. */
function inOrder(answers) {
  const day = ({ body, left }) => (left ? '0' : '1') + (typeof body.day === 'string' ? body.day : '');
  return answers.sort((a, b) => (day(a) < day(b) ? 1 : day(a) > day(b) ? -1 : 0));
}
