// What a check fetched, sorted: answers that may be shown, and how many may not.

import { isFor } from '../protocol/answers.js';
import { readBody } from '../protocol/bodies.js';
import { deskOf, senderIndex } from '../protocol/directory.js';
import { openEnvelope } from '../protocol/envelope.js';

/**
 * @import { Body } from '../protocol/bodies.js'
 * @import { Desk, Directory } from '../protocol/directory.js'
 * @import { Identity } from '../protocol/identities.js'
 */
/**
 * An answer that may be shown: in whose name, by whom (a place in the directory), and the day on which they left.
 * @typedef {{body: Partial<Body> & {kind: string, mid: string}, desk: Desk | null, sender: number,
 *   left: string | null}} Answer
 */
/** @typedef {{id: Uint8Array, envelope: Uint8Array}} Fetched 16, 19,936 bytes */

/**
 * Open `fetched`, a list of {id, envelope}, as `identity`.
 * Returns {answers: [{body, desk, sender, left}], ids, unverified: n, unopened: n}; `ids` of all
 * that is for this identity, shown or not; `left` the day on which the writer left the line, or null.
 * @param {{fetched: Fetched[], identity: Identity, directory: Directory, lineId: Uint8Array}} o
 * @returns {{answers: Answer[], ids: Uint8Array[], unverified: number, unopened: number}}
 */
export function sortOut({ fetched, identity, directory, lineId }) {
  /** @type {Map<string, Answer>} */
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
    // Keys that another may hold speak for no investigator.
    if (index < 0 || directory.investigators[index].status === 'compromised') {
      unverified += 1;
      continue;
    }
    const { left } = directory.investigators[index];
    answers.set(`${index}:${body.mid}`, { body, sender: index, desk: deskOf(index, body.desk, directory), left });
  }
  return { answers: inOrder([...answers.values()]), ids, unverified, unopened };
}

/**
 * A message's body; of one of a newer version nothing but that it is there is read.
 * @param {Uint8Array} bytes
 * @returns {Answer['body']}
 */
function bodyOf(bytes) {
  try {
    return readBody(bytes);
  } catch (error) {
    if (/** @type {{newer?: boolean}} */ (error).newer) return { kind: '', mid: `newer ${bytes.join()}` };
    throw error;
  }
}

/**
 * Newest first, by the day an answer says it was written; those without a day come last, and below
 * all the rest those of people who have left, or one could put itself on top by its day.
 * @param {Answer[]} answers
 * @returns {Answer[]}
 */
function inOrder(answers) {
  /** @param {Answer} answer */
  const day = ({ body, left }) => (left ? '0' : '1') + (typeof body.day === 'string' ? body.day : '');
  return answers.sort((a, b) => (day(a) < day(b) ? 1 : day(a) > day(b) ? -1 : 0));
}
