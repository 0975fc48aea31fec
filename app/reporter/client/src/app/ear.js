// The ear, on screens of which the agency has recorded what they say. What it does is loaded when it is
// first pressed (listen.js), and then takes it over; a page without recordings has no ear, and loads
// nothing.

import { one } from './dom.js';
import { load } from './loading.js';
import { readingSentence } from './trouble.js';

/** @import { Parts } from './visit.js' */

/**
 * `wipe()` silences it at once and forgets what was loaded.
 * @param {Pick<Parts, 'page' | 'speaker' | 'core'>} o
 */
export function makeEar({ page, speaker, core }) {
  /** @type {import('./listen.js').Listening | null} */
  let listening = null;
  document.addEventListener('click', async ({ target }) => {
    /** @type {HTMLElement | null} */
    const ear = /** @type {Element} */ (target).closest('[data-ear]');
    if (!ear || listening) return;
    try {
      /** @type {typeof import('./listen.js')} */
      const { makeListening } = await load('/assets/listen.js');
      listening ??= makeListening({ page, speaker, core });
      listening.press(ear);
    } catch (error) {
      one('[data-problem], [data-insecure]', /** @type {Element} */ (ear.closest('section'))).textContent =
        readingSentence(error, speaker);
    }
  });
  return { wipe: () => listening?.wipe() };
}
