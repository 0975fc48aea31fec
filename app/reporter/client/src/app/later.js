// The screens that the way to "sent" does not need: a document of their own (pages/later.html) with
// their phrases, a script (other-ways.js), and what it asks of the core (core/more.js). Loaded
// together when the first of them is wanted, and by every visit after a while (idle.js), so that the
// requests say nothing.

import { all } from './dom.js';
import { insist, load } from './loading.js';
import { Trouble } from './trouble.js';

/** @import { Parts } from './visit.js' */
/** @typedef {{sections: HTMLElement[], wire: typeof import('./other-ways.js').wire}} Loaded */
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
 * `ready()` resolves when `onLoaded({sections, wire})` has them. Throws Trouble('unreachable'); call
 * again to try again.
 * @param {Pick<Parts, 'page' | 'core'> & {onLoaded: (loaded: Loaded) => void}} o
 */
export function makeLater({ page, core, onLoaded }) {
  /** @type {Promise<void> | null} */
  let loading = null;
  let turn = 0; // what comes in a language that is no longer shown is thrown away
  /** @param {Document} [there] the document, where it is here already */
  const begin = async (there) => {
    turn += 1;
    const mine = turn;
    const found = there ?? (await insist(() => documentAt(address(page.lang))));
    /** @type {typeof import('./other-ways.js')} */
    const { wire } = await insist(() => load('/assets/later.js'));
    await core.run('more', {});
    if (mine !== turn) return;
    Object.assign(page.phrases, JSON.parse(/** @type {HTMLElement} */ (found.getElementById('phrases')).textContent));
    onLoaded({ sections: all('[data-step]', found), wire });
  };
  return {
    loaded: () => loading !== null,
    address,
    /** @param {Document} found the screens in the language that the page has now */
    anew(found) {
      loading = begin(found);
      return loading;
    },
    ready() {
      loading ??= begin();
      loading.catch(() => {
        loading = null;
      });
      return loading;
    },
  };
}
