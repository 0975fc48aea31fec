// What a check fetched, sorted: answers that may be shown, and how many may not.

import { isFor } from '../protocol/answers.js';
import { readBody } from '../protocol/bodies.js';
import { senderIndex } from '../protocol/directory.js';
import { openEnvelope } from '../protocol/envelope.js';

/** Open `fetched`, a list of {id, envelope}, as `identity`.
 * Returns {answers: [{body, desk, sender}], ids, unverified: n, unopened: n}; `ids` of all that is
 * for this identity, shown or not. */
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
    answers.set(`${index}:${body.mid}`, { body, sender: index, desk: deskOf(body, index, directory) });
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

/** The desk an answer says it is from, if its sender belongs to it; else null. */
function deskOf(body, index, directory) {
  const desk = directory.desks.find((each) => each.id === body.desk);
  return desk?.members.includes(index) ? desk : null;
}

/** Newest first, by the day an answer says it was written; those without a day come last. */
function inOrder(answers) {
  const day = ({ body }) => (typeof body.day === 'string' ? body.day : '');
  return answers.sort((a, b) => (day(a) < day(b) ? 1 : day(a) > day(b) ? -1 : 0));
}
