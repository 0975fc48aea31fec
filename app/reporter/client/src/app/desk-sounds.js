// Which recording belongs to a desk on the screen: one that was read from what the directory says of it now
// (app/reporter/listening/desk_scripts.py). Of another nothing is played.

import { utf8 } from '../protocol/encoding.js';
import { all } from './dom.js';
import { inLanguage } from './page.js';

/** @import { Desk } from '../protocol/directory.js' */

const PREFIX = 'desk-';

/**
 * What the directory says of a desk, in lines, of which the build has the SHA-256: data, not the words made of it.
 * @param {Pick<Desk, 'name' | 'about' | 'hours' | 'languages' | 'tellsImmigration'>} desk
 * @param {string} lang
 */
export function saidOf({ name, about, hours, languages, tellsImmigration }, lang) {
  const spans = hours.map(({ days, from, to }) => `${days.join(',')} ${from}-${to}`);
  return [inLanguage(name, lang), inLanguage(about, lang), ...spans, languages.join(','), tellsImmigration].join('\n');
}

/**
 * The names of the recordings of the desks on a screen that can be chosen, in their order, with the cards.
 * @param {HTMLElement} section
 * @param {Desk[]} desks of the directory that they were drawn from
 * @param {Record<string, string>} known by desk's id the SHA-256, hex, of what was recorded
 * @param {{lang: string, digest: (bytes: Uint8Array) => Promise<string>}} o
 * @returns {Promise<[string, HTMLElement][]>}
 */
export async function deskSounds(section, desks, known, { lang, digest }) {
  /** @type {[string, HTMLElement][]} */
  const found = [];
  for (const card of all('[data-desk][data-open="yes"]', section)) {
    const desk = desks.find(({ id }) => id === card.dataset.desk);
    if (!desk || !Object.hasOwn(known, desk.id)) continue;
    if ((await digest(utf8(saidOf(desk, lang)))) === known[desk.id]) found.push([PREFIX + desk.id, card]);
  }
  return found;
}
