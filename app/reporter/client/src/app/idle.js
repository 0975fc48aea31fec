// A visit and a check look alike (QL1, challenges, 5): a page that nobody checks from fetches the
// same things as one where somebody does, once, after a while, and throws them away. Between the
// set and the messages it waits as long as solving would take here: a sample of rows tells.

import { randomBelow, systemRng } from '../protocol/random.js';
import { ROW_BYTES } from '../protocol/wire.js';
import { fetchRound } from './check.js';
import { pause } from './stopping.js';

/**
 * @import { Later } from './later.js'
 * @import { Parts } from './visit.js'
 */

const SOONEST_MS = 15_000;
const SPREAD_MS = 25_000;
const REST_MS = 10_000;
const TYPING_MS = 20_000;
const SAMPLE_ROWS = 64;

/** @param {Pick<Parts, 'core' | 'page'> & {set: Uint8Array, signal: AbortSignal}} o */
async function pretendToSolve({ core, set, page, signal }) {
  const rows = set.slice(0, SAMPLE_ROWS * ROW_BYTES);
  const took = await core.run('pretend', { rows, lineId: page.lineId }, { signal });
  await pause(took * (set.length / rows.length - 1), signal);
}

/**
 * Plan the fetch. Returns a function that calls it off: a real check takes its place.
 * @param {Pick<Parts, 'service' | 'core' | 'lists' | 'page'> & {later: Later}} o
 */
export function planIdleFetch({ service, core, lists, page, later }) {
  const stop = new AbortController();
  const { signal } = stop;
  const fetchAll = async () => {
    try {
      await later.screens(); // as for further questions, and the rest as for what comes after
      await pause(randomBelow(REST_MS, systemRng), signal);
      await later.ready();
      lists.all().catch(() => {});
      await pause(TYPING_MS + randomBelow(SPREAD_MS, systemRng), signal); // as if a code were typed
      await service.directory({ signal });
      const set = await service.challenges({ signal });
      await pretendToSolve({ core, set, page, signal });
      set.fill(0);
      await fetchRound({ service, ids: [], signal });
    } catch {
      // Nobody waits for this, and nobody is told.
    }
  };
  const timer = setTimeout(fetchAll, SOONEST_MS + randomBelow(SPREAD_MS, systemRng));
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
}
