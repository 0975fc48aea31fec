// The work that sending costs (docs/spec/work.md), done while the person writes, so that sending
// does not wait for it. One answer for the message; for files as many as they take, the next one
// solved while chunks go by the one before.
// Never here: the sum itself (protocol/work.js), or what is sent.

import { fromUtf8 } from '../protocol/encoding.js';
import { randomBelow, systemRng } from '../protocol/random.js';
import { costsClearlyLess, readChallenge } from '../protocol/work.js';
import { follow, throwIfStopped, pause } from './stopping.js';
import { Trouble } from './trouble.js';

/**
 * @import { Bytes } from '../protocol/attachments.js'
 * @import { Challenge } from '../protocol/work.js'
 * @import { Core } from './core.js'
 * @import { Options, Service } from './service.js'
 */
/**
 * A challenge that is being solved, or whose answer is being spent.
 * @typedef {{answer: Promise<string>, uses: number, taken: number, until: number, began: number, fraction: number,
 *   stop: AbortController}} Solving
 */
/** @typedef {ReturnType<typeof makeWork>} Work */
/** @typedef {{tell: (fraction: number, msLeft: number) => void, signal?: AbortSignal, more?: number}} Spending */

const TELL_EVERY_MS = 1000; // work that takes less is not worth a word
const GOOD_FOR = 0.8; // of the time that an answer stays good: what is left is for the way
const TRIES = 3;
const AGAIN_MS = 30_000; // and up to twice as long: then it is asked whether the work costs less by now

/**
 * `ask({signal})` fetches a challenge.
 * @param {{ask: (options: Options) => Promise<Bytes>, core: Core}} o
 */
function makeCredit({ ask, core }) {
  /** @type {Solving | null} */
  let held = null;
  /** @type {Solving | null} */
  let next = null; // to be used when `held` is used up

  /**
   * A challenge's answer. Who was given theirs while an attacker drove the price up goes over to a cheaper one.
   * @param {Solving} mine
   * @returns {Promise<string>}
   */
  const solve = async (mine) => {
    let challenge = fromUtf8(await ask({ signal: mine.stop.signal }));
    for (;;) {
      const present = readChallenge(challenge);
      const { seconds, uses } = present;
      Object.assign(mine, { uses, fraction: 0, began: performance.now() });
      mine.until = mine.began + seconds * 1000 * GOOD_FOR;
      const onProgress = (/** @type {number} */ done, /** @type {number} */ most) => {
        mine.fraction = done / most;
      };
      const { signal, stop, release } = follow(mine.stop.signal);
      const answer = core.run('solveWork', { challenge }, { onProgress, signal });
      const cheaper = findCheaper(present, mine, signal);
      answer.catch(() => {}); // one of the two is stopped
      cheaper.catch(() => {});
      try {
        const header = await Promise.race([answer, cheaper.then(() => null)]);
        if (header !== null) return header;
        challenge = await cheaper;
      } finally {
        stop();
        release();
      }
    }
  };
  /**
   * @param {Challenge} present
   * @param {Solving} mine
   * @param {AbortSignal} signal
   * @returns {Promise<string>} a challenge that costs clearly less than what is left of the present one
   */
  const findCheaper = async (present, mine, signal) => {
    for (;;) {
      await pause(AGAIN_MS + randomBelow(AGAIN_MS, systemRng), signal);
      try {
        const other = fromUtf8(await ask({ signal }));
        if (costsClearlyLess(readChallenge(other), present, mine.fraction * present.most)) return other;
      } catch {
        throwIfStopped(signal); // not to be had: the present one is as good as it was
      }
    }
  };
  const begin = () => {
    const stop = new AbortController();
    const mine = /** @type {Solving} */ ({
      uses: Infinity,
      taken: 0,
      until: Infinity,
      began: performance.now(),
      fraction: 0,
      stop,
    });
    mine.answer = solve(mine);
    mine.answer.catch(() => drop(mine)); // quietly: whoever needs it begins again
    return mine;
  };
  /** @param {Solving} mine */
  const drop = (mine) => {
    if (held === mine) held = null;
    if (next === mine) next = null;
  };
  /** @param {Solving | null} mine */
  const isGood = (mine) => mine && mine.taken < mine.uses && performance.now() <= mine.until;
  /** @returns {Solving} */
  const prepare = () => {
    if (!isGood(held)) {
      held = isGood(next) ? next : begin();
      next = null;
    }
    return /** @type {Solving} */ (held);
  };

  /**
   * Run `store(header)` with an answer; with another one if the line does not take it. `more` says
   * how many are to follow, so that the next answer is there in time.
   * @template T
   * @param {(header: string) => Promise<T>} store
   * @param {Spending} spending
   * @returns {Promise<T>}
   */
  const spend = async (store, { tell, signal, more = 0 }) => {
    for (let attempt = 1; ; attempt += 1) {
      throwIfStopped(signal);
      const mine = prepare();
      mine.taken += 1;
      const timer = setInterval(() => tell(mine.fraction, leftOf(mine)), TELL_EVERY_MS);
      try {
        const header = await untilStopped(mine.answer, signal);
        clearInterval(timer);
        if (held === mine && mine.taken + more > mine.uses) next ??= begin();
        return await store(header);
      } catch (error) {
        // Refused for a reason of the server's: the answer is still good for another time.
        if (error instanceof Trouble && error.code !== 'work') mine.taken -= 1;
        if (!(error instanceof Trouble && error.code === 'work' && attempt < TRIES)) throw error;
        drop(mine);
      } finally {
        clearInterval(timer);
      }
    }
  };
  const wipe = () => {
    held?.stop.abort();
    next?.stop.abort();
    held = null;
    next = null;
  };
  return { prepare, spend, wipe };
}

/**
 * Milliseconds that it takes at most from now, by how fast it went so far.
 * @param {Pick<Solving, 'began' | 'fraction'>} solving
 * @returns {number}
 */
function leftOf({ began, fraction }) {
  return fraction > 0 ? ((performance.now() - began) * (1 - fraction)) / fraction : 0;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
function untilStopped(promise, signal) {
  return new Promise((resolve, reject) => {
    const onStop = () => reject(new DOMException('stopped', 'AbortError'));
    signal?.addEventListener('abort', onStop, { once: true });
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onStop));
  });
}

/**
 * `prepare()` begins quietly; `message` and `chunk` are purses: `spend(store, {tell, signal, more})`
 * calls `store(header)`. `tell(fraction, msLeft)` is heard each second while one waits.
 * @param {{service: Service, core: Core}} o
 */
export function makeWork({ service, core }) {
  const message = makeCredit({ ask: service.work, core });
  const chunk = makeCredit({ ask: service.workForFiles, core });
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
