// The BIP-39 lists, loaded when they are needed. Which list a page loads can be seen by the
// server: so it is always those of the page's language and English, or all of them.

import { Trouble } from './trouble.js';

const ENGLISH = 'english';
const ALL = [
  'english', 'spanish', 'french', 'italian', 'portuguese', 'czech',
  'japanese', 'korean', 'chinese_simplified', 'chinese_traditional',
];

export function makeLists(service, page) {
  const coming = new Map(); // promises: who asks while a list is on its way waits for the same one
  const fetchList = (name) => {
    if (!coming.has(name)) {
      coming.set(name, service.words(name));
      coming.get(name).catch(() => coming.delete(name));
    }
    return coming.get(name);
  };
  /** Those that can be had: one missing list must not lock out the others. */
  const load = async (names) => {
    const results = await Promise.allSettled(names.map(fetchList));
    const there = names.flatMap((name, n) => ('value' in results[n] ? [[name, results[n].value]] : []));
    if (there.length === 0) throw new Trouble('words-missing');
    return Object.fromEntries(there);
  };
  const own = page.words ?? ENGLISH;
  return {
    /** The list that codes are shown in. */
    own: async () => (await load([own]))[own],
    /** The lists of this page, by name. */
    nearby: () => load([...new Set([own, ENGLISH])]),
    /** Every list, by name. */
    all: () => load(ALL),
  };
}
