// Another language, on any screen, without losing a word: the other page is fetched and takes this one's
// place in the same document, whose memory stays as it is. Nothing is stored, and nothing is sent but the
// question for that page, which whoever begins in that language asks too.

import { all, one } from './dom.js';
import { documentAt } from './later.js';
import { insist } from './loading.js';
import { readPage, speaker as makeSpeaker } from './page.js';
import { whileWriting } from './trouble.js';

/**
 * @import { Later } from './later.js'
 * @import { Page, Speaker } from './page.js'
 * @import { Visit } from './visit.js'
 */

const TYPED = 'main textarea, main input[type="text"]';

/** What stands in the fields, by their names. */
function typed() {
  const fields = /** @type {HTMLInputElement[]} */ (all(TYPED));
  return new Map(fields.map((each) => [each.name, each.value]));
}

/**
 * Put another page's words in the place of this one's.
 * @param {Document} found
 */
function show(found) {
  const { lang, dir } = found.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  for (const selector of ['.skip', '.exit > span', '.settings']) {
    const own = document.importNode(one(selector, found), true);
    if (selector === '.exit > span') one('.exit > span').textContent = own.textContent;
    else one(selector).replaceWith(own);
  }
  one('.exit').setAttribute('href', /** @type {string} */ (one('.exit', found).getAttribute('href')));
  const values = typed();
  one('main').replaceChildren(...all('main > *', found).map((each) => document.importNode(each, true)));
  return values;
}

/**
 * `change(tag)` shows the page in that language; then `onChanged()` gives its screens their life, and
 * `fill()` puts back what was typed. Throws Trouble('unreachable'), and then nothing has changed.
 * @param {{page: Page, speaker: Speaker, visit: Visit, later: Later, onChanged: (late: Document | null) =>
 *   Promise<void>}} o
 */
export function makeLanguages({ page, speaker, visit, later, onChanged }) {
  let changing = false;
  /** @param {string} tag */
  const change = async (tag) => {
    const addresses = [`/${tag}/`, ...(later.loaded() ? [later.address(tag)] : [])];
    const [found, late] = await Promise.all(addresses.map((each) => insist(() => documentAt(each))));
    // The words of a code that was shown stay those that are being written down.
    const kept = visit.code ? { words: page.words } : {};
    Object.assign(page, readPage(found), kept);
    Object.assign(speaker, makeSpeaker(page));
    visit.speak(tag);
    const values = show(found);
    history.replaceState(null, '', `/${tag}/`);
    await onChanged(late ?? null);
    for (const field of /** @type {HTMLInputElement[]} */ (all(TYPED))) field.value ||= values.get(field.name) ?? '';
  };
  return {
    /** @param {string} tag */
    async change(tag) {
      if (changing) return;
      changing = true;
      const status = one('[data-language-problem]');
      status.textContent = speaker.say('loading');
      try {
        await change(tag);
      } catch (error) {
        status.textContent = whileWriting(visit.draft)(error, speaker);
      }
      changing = false;
    },
  };
}
