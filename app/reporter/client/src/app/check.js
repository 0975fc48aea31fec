// Coming back: the whole challenge set is solved on this machine (core/), a fixed number of messages
// fetched, ours opened. Never here: how answers are shown.

import { shuffle } from '../protocol/batch.js';
import { systemRng } from '../protocol/random.js';
import { MESSAGE_ID_BYTES } from '../protocol/wire.js';
import { fetchDirectory, isOld } from './line.js';

/**
 * @import { Answer, Fetched } from '../core/sorting.js'
 * @import { Directory } from '../protocol/directory.js'
 * @import { Parts } from './visit.js'
 */
/**
 * @typedef {{code: Uint8Array<ArrayBuffer>, directory: Directory, answers: Answer[], ids: Uint8Array[],
 *   unverified: number, unopened: number, old: boolean}} Checked
 */
/** @typedef {Pick<Parts, 'service' | 'core' | 'page' | 'visit'>} Line what it takes to ask the line */

/** QL1, challenges, 5: every check fetches this many messages, random ids filling the rest. */
export const ROUND = 8;
const AT_ONCE = 4;

/**
 * Everything that waits for one of the readings of a code.
 * `tell(stage, fraction)` hears 'fetching', 'looking' and 'opening'. Returns
 * {code, directory, answers: [{body, desk, sender, left}], ids, unverified: n, unopened: n, old: by this
 * device's clock}; `ids` of all that waits, shown or not. Throws Trouble.
 * @param {Line & {codes: Uint8Array<ArrayBuffer>[], tell: (stage: string, fraction: number) => void, signal:
 *   AbortSignal}} o
 * @returns {Promise<Checked>}
 */
export async function check({ service, core, page, visit, codes, tell, signal }) {
  const { lineId } = page;
  tell('fetching', 0);
  const directory = await fetchDirectory({ service, core, page, visit, signal });
  const set = await service.challenges({ signal });
  let found;
  try {
    const onProgress = (/** @type {number} */ fraction) => tell('looking', fraction);
    found = await core.run('find', { set, codes, lineId }, { onProgress, signal });
  } finally {
    set.fill(0); // a copy of the set would prove a visit in that minute
  }
  tell('opening', 1);
  const fetched = await fetchRound({ service, ids: found.ids, signal });
  const code = codes[found.at];
  const result = await core.run('open', { fetched, code, directory, lineId }, { signal });
  return { ...result, directory, code, old: isOld(directory, null) };
}

/**
 * Fetch messages in full rounds, in an order that tells nothing: a list of {id, envelope}.
 * @param {Pick<Parts, 'service'> & {ids: Uint8Array[], signal: AbortSignal}} o
 * @returns {Promise<Fetched[]>}
 */
export async function fetchRound({ service, ids, signal }) {
  const missing = (ROUND - (ids.length % ROUND)) % ROUND || (ids.length === 0 ? ROUND : 0);
  const fillers = Array.from({ length: missing }, () => systemRng(MESSAGE_ID_BYTES));
  const waiting = shuffle([...ids, ...fillers], systemRng);
  /** @type {Fetched[]} */
  const envelopes = [];
  const worker = async () => {
    while (waiting.length > 0) {
      const id = /** @type {Uint8Array} */ (waiting.shift());
      envelopes.push({ id, envelope: await service.message(id, { signal }) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return envelopes;
}
