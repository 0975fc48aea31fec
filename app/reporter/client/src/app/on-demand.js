// Parts that a button of their own asks for: listening, going by pictures. Loaded when it is pressed.

import { one } from './dom.js';
import { load } from './loading.js';
import { readingSentence } from './trouble.js';

/** @import { Parts } from './visit.js' */
/** @typedef {Pick<Parts, 'page' | 'speaker' | 'core' | 'visit'>} Shared */

/** @param {Shared} shared */
export function installOnDemand(shared) {
  document.addEventListener('click', async ({ target }) => {
    /** @type {HTMLElement | null} */
    const button = /** @type {Element} */ (target).closest('[data-part]');
    if (!button) return;
    try {
      (await load(`/assets/${button.dataset.part}.js`)).press(button, shared);
    } catch (error) {
      one('[data-problem], [data-insecure]', /** @type {Element} */ (button.closest('section'))).textContent =
        readingSentence(error, shared.speaker);
    }
  });
}
