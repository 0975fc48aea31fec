// What a reporter reads of a desk before choosing it: its hours, the languages that are read there, and
// whether it must tell immigration. Out of the signed directory, in the words of the page.

import { icon, make } from './dom.js';

/**
 * @import { Desk, Hours } from '../protocol/directory.js'
 * @import { Speaker } from './page.js'
 */

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
const MUST = 'stamp';
/** Must it tell immigration? Each answer has a picture of its own, for who does not read. */
const IMMIGRATION = { yes: MUST, no: 'stamp-no', unknown: 'ask' };
/** @param {string} text */
const leftToRight = (text) => `\u2066${text}\u2069`;

/**
 * Do these hours take in every hour of the week?
 * @param {Hours[]} hours
 */
function isAlways(hours) {
  const whole = hours.filter(({ from, to }) => from === '00:00' && to === '24:00');
  return new Set(whole.flatMap(({ days }) => days)).size === 7;
}

/**
 * Days of a week with their runs drawn together: "Monday – Friday, Sunday".
 * @param {number[]} days 1 (Monday) to 7, in order
 * @param {string} lang
 * @returns {string}
 */
function daysInWords(days, lang) {
  const format = new Intl.DateTimeFormat(`${lang}-u-ca-gregory`, { weekday: 'long', timeZone: 'UTC' });
  const name = (/** @type {number} */ day) => format.format(MONDAY + (day - 1) * DAY_MS);
  /** @type {number[][]} */
  const runs = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && run[run.length - 1] === day - 1) run.push(day);
    else runs.push([day]);
  }
  const said = runs.map((run) => (run.length > 1 ? `${name(run[0])} – ${name(run[run.length - 1])}` : name(run[0])));
  return said.join(', ');
}

/**
 * Hours in words, in the page's language; digits are 0 to 9 everywhere.
 * @param {Hours[]} hours
 * @param {string} lang
 * @returns {string}
 */
export function hoursInWords(hours, lang) {
  return hours.map(({ days, from, to }) => `${daysInWords(days, lang)} ${leftToRight(`${from}–${to}`)}`).join('; ');
}

/**
 * The names of languages, in the page's: its own first, since that is what its reader looks for.
 * @param {string[]} tags
 * @param {string} lang
 * @returns {string}
 */
export function languagesInWords(tags, lang) {
  const names = new Intl.DisplayNames(lang, { type: 'language', fallback: 'code' });
  const isOwn = (/** @type {string} */ tag) => tag.split('-')[0] === lang.split('-')[0];
  const sorted = [...tags.filter(isOwn), ...tags.filter((tag) => !isOwn(tag))];
  return sorted.map((tag) => names.of(tag) ?? tag).join(', ');
}

/**
 * What the directory says of a desk, in sentences with their icons.
 * @param {Pick<Desk, 'hours' | 'languages' | 'tellsImmigration'>} desk
 * @param {Speaker} speaker
 * @param {string} lang
 * @returns {[string, string][]}
 */
export function factsOf({ hours, languages, tellsImmigration }, speaker, lang) {
  /** @type {[string, string][]} */
  const facts = [];
  if (isAlways(hours)) facts.push(['clock', speaker.say('desk.always')]);
  else if (hours.length > 0) facts.push(['clock', speaker.say('desk.hours', { hours: hoursInWords(hours, lang) })]);
  if (languages.length > 0) {
    facts.push(['talk', speaker.say('desk.languages', { languages: languagesInWords(languages, lang) })]);
  }
  facts.push([IMMIGRATION[tellsImmigration], speaker.say(`desk.tells-${tellsImmigration}`)]);
  return facts;
}

/**
 * The same as elements, to stand on a desk's card.
 * @param {Desk} desk
 * @param {Speaker} speaker
 * @param {string} lang
 * @returns {HTMLElement[]}
 */
export function deskFacts(desk, speaker, lang) {
  return factsOf(desk, speaker, lang).map(([name, text]) =>
    make('small', { class: name === MUST ? 'fact must' : 'fact' }, icon(name), make('span', {}, text)),
  );
}
