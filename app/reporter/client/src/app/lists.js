// The BIP-39 lists, loaded when they are needed. Which list a page loads can be seen by the
// server: so whoever comes back, and every visit as if somebody did, loads all of them.

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
    /** Every list that can be had, by name. */
    all: () => load(ALL),
    /** Those of them that a code is most likely in. */
    nearby: (lists) => Object.fromEntries(Object.entries(lists).filter(([name]) => name === own || name === ENGLISH)),
  };
}
