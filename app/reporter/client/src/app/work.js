// The work that sending costs (docs/spec/work.md), done while the person writes, so that sending
// does not wait for it. One answer for the message, one for up to 256 chunks of files.
// Never here: the sum itself (protocol/work.js), or what is sent.

import { fromUtf8 } from '../protocol/encoding.js';
import { readChallenge, WORK_USES } from '../protocol/work.js';
import { heed } from './stopping.js';
import { Trouble } from './trouble.js';

const TELL_EVERY_MS = 1000; // work that takes less is not worth a word
const GOOD_FOR = 0.8; // of the time that an answer stays good: what is left is for the way
const TRIES = 3;

function makePurse({ service, core, uses }) {
  let held = null; // {answer: Promise, left, until, began, fraction, stop}

  const begin = () => {
    const stop = new AbortController();
    const mine = { left: uses, until: Infinity, began: performance.now(), fraction: 0, stop };
    const solve = async () => {
      const challenge = fromUtf8(await service.work({ signal: stop.signal }));
      mine.until = performance.now() + readChallenge(challenge).seconds * 1000 * GOOD_FOR;
      const onProgress = (done, most) => {
        mine.fraction = done / most;
      };
      return core.run('solveWork', { challenge }, { onProgress, signal: stop.signal });
    };
    mine.answer = solve();
    mine.answer.catch(() => drop(mine)); // quietly: whoever needs it begins again
    held = mine;
  };
  const drop = (mine) => {
    if (held === mine) held = null;
  };
  const prepare = () => {
    if (!held || held.left < 1 || performance.now() > held.until) begin();
    return held;
  };

  /** Run `store(header)` with an answer; with another one if the line does not take it. */
  const spend = async (store, { tell, signal }) => {
    for (let attempt = 1; ; attempt += 1) {
      heed(signal);
      const mine = prepare();
      mine.left -= 1;
      const timer = setInterval(() => tell(mine.fraction, leftOf(mine)), TELL_EVERY_MS);
      try {
        const header = await untilStopped(mine.answer, signal);
        clearInterval(timer);
        return await store(header);
      } catch (error) {
        // Refused for a reason of the server's: the answer is still good for another time.
        if (error instanceof Trouble && error.code !== 'work') mine.left += 1;
        if (!(error instanceof Trouble && error.code === 'work' && attempt < TRIES)) throw error;
        drop(mine);
      } finally {
        clearInterval(timer);
      }
    }
  };
  const wipe = () => {
    held?.stop.abort();
    held = null;
  };
  return { prepare, spend, wipe };
}

/** Milliseconds that it takes at most from now, by how fast it went so far. */
function leftOf({ began, fraction }) {
  return fraction > 0 ? ((performance.now() - began) * (1 - fraction)) / fraction : 0;
}

function untilStopped(promise, signal) {
  return new Promise((resolve, reject) => {
    const onStop = () => reject(new DOMException('stopped', 'AbortError'));
    signal?.addEventListener('abort', onStop, { once: true });
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onStop));
  });
}

/** `prepare()` begins quietly; `message` and `chunk` are purses: `spend(store, {tell, signal})`
 * calls `store(header)`. `tell(fraction, msLeft)` is heard each second while one waits. */
export function makeWork(parts) {
  const message = makePurse({ ...parts, uses: 1 });
  const chunk = makePurse({ ...parts, uses: WORK_USES });
  return {
    message,
    chunk,
    prepare: () => message.prepare(),
    wipe() {
      message.wipe();
      chunk.wipe();
    },
  };
}
