// The screens that the way to "sent" does not need, in two parts. First a document of their own
// (pages/later.html) with their phrases: further questions need no more. Then a script (other-ways.js) and
// what it asks of the core (core/more.js). Each is loaded when it is first wanted, and by every visit after
// a while (idle.js), in this order, so that the requests say little.

import { all } from './dom.js';
import { insist, load } from './loading.js';
import { Trouble } from './trouble.js';

/** @import { Parts } from './visit.js' */
/** @typedef {typeof import('./other-ways.js').wire} Wire */
/** @typedef {ReturnType<typeof makeLater>} Later */

/**
 * A document by its address. XMLHttpRequest, because it alone parses one without a way from text
 * to markup, which Trusted Types would refuse.
 * @param {string} address
 * @returns {Promise<Document>}
 */
export function documentAt(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    request.addEventListener('loadend', () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else reject(new Trouble('unreachable'));
    });
    request.send();
  });
}

/** @param {string} tag */
const address = (tag) => `/${tag}/later/`;

/**
 * `screens()` resolves when `onScreens(sections)` has them, `ready()` when `onLoaded(wire)` has what gives
 * them their life, too. Both throw Trouble('unreachable'); call again to try again.
 * @param {Pick<Parts, 'page' | 'core'> & {onScreens: (sections: HTMLElement[]) => void,
 *   onLoaded: (wire: Wire) => void}} o
 */
export function makeLater({ page, core, onScreens, onLoaded }) {
  /** @type {Promise<boolean> | null} */
  let showing = null; // did they come in the language that is shown?
  /** @type {Promise<void> | null} */
  let loading = null;
  let turn = 0; // what comes in a language that is no longer shown is thrown away
  /** @param {Document} [there] the document, where it is here already */
  const show = async (there) => {
    turn += 1;
    const mine = turn;
    const found = there ?? (await insist(() => documentAt(address(page.lang))));
    if (mine !== turn) return false;
    Object.assign(page.phrases, JSON.parse(/** @type {HTMLElement} */ (found.getElementById('phrases')).textContent));
    onScreens(all('[data-step]', found));
    return true;
  };
  const screens = () => {
    showing ??= show();
    showing.catch(() => {
      showing = null;
    });
    return showing;
  };
  const begin = async () => {
    if (!(await screens())) return;
    const mine = turn;
    /** @type {{wire: Wire}} */
    const { wire } = await insist(() => load('/assets/later.js'));
    await core.run('more', {});
    if (mine === turn) onLoaded(wire);
  };
  const ready = () => {
    loading ??= begin();
    loading.catch(() => {
      loading = null;
    });
    return loading;
  };
  return {
    loaded: () => showing !== null,
    address,
    /** @param {Document} found the screens in the language that the page has now */
    async anew(found) {
      const isWired = loading !== null;
      showing = show(found);
      loading = null;
      await (isWired ? ready() : screens());
    },
    screens,
    ready,
  };
}
