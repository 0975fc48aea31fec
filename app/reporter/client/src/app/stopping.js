// Stopping what runs: signals that follow another one, or give up after a while. (AbortSignal.any
// and .timeout do this, but not in the browsers of older phones.)

const stopped = () => new DOMException('stopped', 'AbortError');

/**
 * Was this stopped on purpose?
 * @param {unknown} error
 */
export const isStop = (error) => /** @type {Partial<Error> | null | undefined} */ (error)?.name === 'AbortError';

/**
 * Throw if it has been stopped.
 * @param {AbortSignal | undefined} signal
 */
export function throwIfStopped(signal) {
  if (signal?.aborted) throw stopped();
}

/**
 * A signal of its own that also stops when `parent` does, and after `patienceMs` if given.
 * `release()` lets go of the parent and of the clock; call it when done.
 * @param {AbortSignal | undefined} parent
 * @param {number} [patienceMs]
 */
export function follow(parent, patienceMs = 0) {
  const own = new AbortController();
  const stop = () => own.abort();
  if (parent?.aborted) stop();
  parent?.addEventListener('abort', stop);
  const timer = patienceMs > 0 ? setTimeout(stop, patienceMs) : null;
  return {
    signal: own.signal,
    stop,
    release() {
      clearTimeout(/** @type {number} */ (timer)); // null is no timer, and stops none
      parent?.removeEventListener('abort', stop);
    },
  };
}

/**
 * Wait; throws when stopped meanwhile.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const onStop = () => {
      clearTimeout(timer);
      reject(stopped());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onStop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onStop, { once: true });
  });
}
