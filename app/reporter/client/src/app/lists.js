// The BIP-39 lists, loaded when they are needed. Which list a page loads can be seen by the
// server: so whoever comes back, and every visit as if somebody did, loads all of them.

import { Trouble } from './trouble.js';

/**
 * @import { Page } from './page.js'
 * @import { Service } from './service.js'
 */
/** @typedef {Record<string, string[]>} WordLists by name: 2,048 words each */
/** @typedef {ReturnType<typeof makeLists>} Lists */

const ENGLISH = 'english';
const ALL = [
  'english',
  'spanish',
  'french',
  'italian',
  'portuguese',
  'czech',
  'japanese',
  'korean',
  'chinese_simplified',
  'chinese_traditional',
];

/**
 * @param {Pick<Service, 'words'>} service
 * @param {Page} page
 */
export function makeLists(service, page) {
  /** @type {Map<string, Promise<string[]>>} */
  const coming = new Map(); // promises: who asks while a list is on its way waits for the same one
  /**
   * @param {string} name
   * @returns {Promise<string[]>}
   */
  const fetchList = (name) => {
    if (!coming.has(name)) {
      coming.set(name, service.words(name));
      /** @type {Promise<string[]>} */ (coming.get(name)).catch(() => coming.delete(name));
    }
    return /** @type {Promise<string[]>} */ (coming.get(name));
  };
  /**
   * Those that can be had: one missing list must not lock out the others.
   * @param {string[]} names
   * @returns {Promise<WordLists>}
   */
  const load = async (names) => {
    const results = await Promise.allSettled(names.map(fetchList));
    const there = names.flatMap((name, n) => ('value' in results[n] ? [[name, results[n].value]] : []));
    if (there.length === 0) throw new Trouble('words-missing');
    return Object.fromEntries(there);
  };
  const own = () => page.words ?? ENGLISH; // as it is now: the page's language can change
  return {
    /** The list that codes are shown in. */
    own: async () => (await load([own()]))[own()],
    /** Every list that can be had, by name. */
    all: () => load(ALL),
    /** Those of them that a code is most likely in. */
    nearby: (/** @type {WordLists} */ lists) =>
      Object.fromEntries(Object.entries(lists).filter(([name]) => name === own() || name === ENGLISH)),
  };
}
