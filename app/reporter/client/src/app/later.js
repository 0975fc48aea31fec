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
function documentAt(address) {
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

/**
 * `ready()` resolves when `onLoaded({sections, wire})` has them. Throws Trouble('unreachable'); call
 * again to try again.
 * @param {Pick<Parts, 'page' | 'core'> & {onLoaded: (loaded: Loaded) => void}} o
 */
export function makeLater({ page, core, onLoaded }) {
  /** @type {Promise<void> | null} */
  let loading = null;
  const begin = async () => {
    const found = await insist(() => documentAt(`/${page.lang}/later/`));
    /** @type {typeof import('./other-ways.js')} */
    const { wire } = await insist(() => load('/assets/later.js'));
    await core.run('more', {});
    Object.assign(page.phrases, JSON.parse(/** @type {HTMLElement} */ (found.getElementById('phrases')).textContent));
    onLoaded({ sections: all('[data-step]', found), wire });
  };
  return {
    ready() {
      loading ??= begin();
      loading.catch(() => {
        loading = null;
      });
      return loading;
    },
  };
}
