// What the page knows about itself: the JSON block that the build put in, and how to say things.
// Never here: the network, the report.

import { unb64u } from '../protocol/encoding.js';

/** @typedef {Record<string, string | number | null | undefined>} Values what fills a sentence's blanks */
/**
 * A sentence, or its forms by the plural categories of the language; `other` there is always.
 * @typedef {Record<string, string | Record<string, string>>} Phrases
 */
/**
 * What the build wrote into the page: `line` base64url, `words` the name of its BIP-39 list, and two addresses.
 * @typedef {{line: string, lineId: Uint8Array<ArrayBuffer>, lang: string, words: string | null, exit: string,
 *   plain: string, phrases: Phrases}} Page
 */
/** @typedef {ReturnType<typeof speaker>} Speaker */

// Right-to-left letters; texts with and without them must not reorder each other.
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** @param {string} text */
const isolate = (text) => `\u2068${text}\u2069`;
// A file's name may hold what turns the rest of a sentence round.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

const MEGA = 1_000_000;
const GIGA = 1_000_000_000;

/**
 * Read the page's own data. Returns {lineId: 32 bytes, lang, words, exit, plain, phrases}.
 * @param {Document} document
 * @returns {Page}
 */
export function readPage(document) {
  const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById('page')).textContent);
  return { ...data, lineId: unb64u(data.line) };
}

/**
 * The ways of saying things in the page's language: say(key, values), count(key, n, values)…
 * @param {Pick<Page, 'lang' | 'phrases'>} page
 */
export function speaker({ lang, phrases }) {
  // Western digits everywhere: emergency numbers, codes and counts must look alike. And the years
  // of the information pack: Thai browsers would count from the Buddha.
  const tag = `${lang}-u-ca-gregory-nu-latn`;
  const numbers = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const plurals = new Intl.PluralRules(lang);
  /**
   * @param {string} text
   * @param {Values} values
   * @returns {string}
   */
  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      if (value === undefined) return whole;
      if (typeof value === 'number') return numbers.format(value);
      const plain = String(value).replace(TURNING, '');
      return RTL.test(plain) === RTL.test(text) ? plain : isolate(plain);
    });
  /**
   * @param {string} key
   * @param {Values} values
   */
  const say = (key, values = {}) => fill(/** @type {string} */ (phrases[key]), values);
  /**
   * @param {string} key
   * @param {number} n
   * @param {Values} values
   */
  const count = (key, n, values = {}) => {
    const forms = /** @type {Record<string, string>} */ (phrases[key]);
    return fill(forms[plurals.select(n)] ?? forms.other, { count: n, ...values });
  };
  /** @param {number} n */
  const bytes = (n) => {
    if (n >= GIGA) return say('bytes.giga', { number: n / GIGA });
    if (n >= MEGA) return say('bytes.mega', { number: n / MEGA });
    return say('bytes.kilo', { number: n && Math.max(1, Math.round(n / 1000)) });
  };
  /** @param {string} isoDay YYYY-MM-DD */
  const day = (isoDay) =>
    new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${isoDay}T00:00:00Z`));
  return { say, count, bytes, day };
}

/**
 * The text of a desk in the page's language, or in English, or in whatever there is.
 * @param {Record<string, string> | null | undefined} texts
 * @param {string} lang
 * @returns {string}
 */
export function inLanguage(texts, lang) {
  if (!texts) return '';
  return texts[lang] ?? texts[lang.split('-')[0]] ?? texts.en ?? Object.values(texts)[0] ?? '';
}
