// The BIP-39 lists, loaded when they are needed. Which list a page loads can be seen by the
// server: so it is always those of the page's language and English, or all of them.

import { Trouble } from './trouble.js';

const ENGLISH = 'english';
const ALL = [
  'english', 'spanish', 'french', 'italian', 'portuguese', 'czech',
  'japanese', 'korean', 'chinese_simplified', 'chinese_traditional',
];

export function makeLists(service, page) {
  const loaded = new Map();
  /** Those that can be had: one missing list must not lock out the others. */
  const load = async (names) => {
    await Promise.allSettled(
      names
        .filter((name) => !loaded.has(name))
        .map(async (name) => loaded.set(name, await service.words(name))),
    );
    const there = names.filter((name) => loaded.has(name));
    if (there.length === 0) throw new Trouble('words-missing');
    return Object.fromEntries(there.map((name) => [name, loaded.get(name)]));
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
