// The country that was chosen at the top: its emergency number in place of the line's own, wherever
// numbers stand. Nobody is guessed to be anywhere.

import { all, one } from './dom.js';

/**
 * @import { Page } from './page.js'
 * @import { Visit } from './visit.js'
 */

/** @param {{visit: Visit, page: Page}} o */
export function makeCountry({ visit, page }) {
  /** Also for screens that came later. */
  const show = () => {
    const { country } = visit;
    for (const item of all('[data-numbers] [data-country]')) {
      item.hidden = country ? item.dataset.country !== country : !('own' in item.dataset);
    }
    const select = one('[data-choose-country]');
    if (select) /** @type {HTMLSelectElement} */ (select).value = country;
    const rights = /** @type {HTMLAnchorElement | null} */ (one('[data-rights]'));
    if (rights && country) rights.href = `/${page.lang}/info/${country}/`;
  };
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !target.matches('[data-choose-country]')) return;
    visit.country = target.value;
    show();
  });
  return { show };
}
