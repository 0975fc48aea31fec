// Desks that say something else of themselves than what a person read when choosing them (QL1, directory,
// when it changes): consent was given to what was read.

import { inLanguage } from './page.js';

/**
 * @import { Desk, Directory } from '../protocol/directory.js'
 */

/**
 * What is read of a desk in a language, in a form that can be compared.
 * @param {Desk} desk
 * @param {string} lang
 */
const readOf = ({ name, about, hours, languages, tellsImmigration }, lang) =>
  JSON.stringify([inLanguage(name, lang), inLanguage(about, lang), hours, languages, tellsImmigration]);

/**
 * Those of the chosen desks, as they are `now`, that say something else than in the directory from which
 * they were chosen. One that is in only one of the two is not among them.
 * @param {Set<string>} chosen ids
 * @param {Pick<Directory, 'desks'>} before
 * @param {Pick<Directory, 'desks'>} now
 * @param {string} lang
 * @returns {Desk[]}
 */
export function changedDesks(chosen, before, now, lang) {
  const then = new Map(before.desks.map((desk) => [desk.id, readOf(desk, lang)]));
  return now.desks.filter(
    (desk) => chosen.has(desk.id) && then.has(desk.id) && then.get(desk.id) !== readOf(desk, lang),
  );
}

/**
 * Their names, to be said in a sentence.
 * @param {Desk[]} desks
 * @param {string} lang
 * @returns {string}
 */
export const namesOf = (desks, lang) => desks.map(({ name }) => inLanguage(name, lang)).join(', ');
