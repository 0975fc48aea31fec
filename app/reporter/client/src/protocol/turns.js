/**
 * Giving the event loop its turn between two slices of long work.
 *
 * Lives here: one function. A page that computes for seconds must still scroll, count and leave.
 */

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} resolves in a later task, so that input and painting come first
 * @throws {DOMException} AbortError, or the signal's reason
 */
export function nextTurn(signal) {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      if (!signal || !signal.aborted) resolve();
      else reject(signal.reason || new DOMException('stopped', 'AbortError')); // old browsers give no reason
    }, 0);
  });
}
