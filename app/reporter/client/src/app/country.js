// The country that was chosen at the top, or else told in an answer: its emergency number in place of the
// line's own, wherever numbers stand. Nobody is guessed to be anywhere.

import { all, one } from './dom.js';

/**
 * @import { Page } from './page.js'
 * @import { Visit } from './visit.js'
 */

const ANSWERED = 'answer-country'; // the intake's question for it, as the page names its field
const MINE = '[name="answer-whose_case"][value="mine"]';

/**
 * The country to go by after the question for it was answered; what was chosen at the top stays, and
 * where it happens to somebody else is not where the reporter is.
 * @param {Pick<Visit, 'country' | 'choseCountry'>} visit
 * @param {string} answer
 * @param {string[]} known those of which a number is known
 * @param {boolean | undefined} mine whether it happens to the reporter
 */
export function afterAnswer({ country, choseCountry }, answer, known, mine) {
  if (choseCountry || !mine) return country;
  return known.includes(answer) ? answer : '';
}

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
    if (!country) return;
    for (const rights of all('[data-rights]')) rights.setAttribute('href', `/${page.lang}/info/${country}/`);
  };
  document.addEventListener('change', ({ target }) => {
    const { name, value } = /** @type {HTMLInputElement} */ (target);
    const select = /** @type {HTMLSelectElement} */ (one('[data-choose-country]'));
    if (target === select) {
      visit.country = value;
      visit.choseCountry = value !== '';
    } else if (name === ANSWERED) {
      const known = [...select.options].map((each) => each.value);
      const mine = /** @type {HTMLInputElement | null} */ (one(MINE))?.checked;
      visit.country = afterAnswer(visit, value, known, mine);
    } else return;
    show();
  });
  return { show };
}
