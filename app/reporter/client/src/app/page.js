// What the page knows about itself: the JSON block that the build put in, and how to say things.
// Never here: the network, the report.

import { unb64u } from '../protocol/encoding.js';

// Right-to-left letters; texts with and without them must not reorder each other.
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const isolate = (text) => `\u2068${text}\u2069`;
// A file's name may hold what turns the rest of a sentence round.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

const MEGA = 1_000_000;
const GIGA = 1_000_000_000;

/** Read the page's own data. Returns {lineId: 32 bytes, lang, words, exit, plain, phrases}. */
export function readPage(document) {
  const data = JSON.parse(document.getElementById('page').textContent);
  return { ...data, lineId: unb64u(data.line) };
}

/** The ways of saying things in the page's language: say(key, values), count(key, n, values)… */
export function speaker({ lang, phrases }) {
  // Western digits everywhere: emergency numbers, codes and counts must look alike. And the years
  // of the information pack: Thai browsers would count from the Buddha.
  const tag = `${lang}-u-ca-gregory-nu-latn`;
  const numbers = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const plurals = new Intl.PluralRules(lang);
  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      if (value === undefined) return whole;
      if (typeof value === 'number') return numbers.format(value);
      const plain = String(value).replace(TURNING, '');
      return RTL.test(plain) === RTL.test(text) ? plain : isolate(plain);
    });
  const say = (key, values = {}) => fill(phrases[key], values);
  const count = (key, n, values = {}) => {
    const forms = phrases[key];
    return fill(forms[plurals.select(n)] ?? forms.other, { count: n, ...values });
  };
  const bytes = (n) => {
    if (n >= GIGA) return say('bytes.giga', { number: n / GIGA });
    if (n >= MEGA) return say('bytes.mega', { number: n / MEGA });
    return say('bytes.kilo', { number: n && Math.max(1, Math.round(n / 1000)) });
  };
  const day = (isoDay) =>
    new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }).format(
      new Date(`${isoDay}T00:00:00Z`),
    );
  return { say, count, bytes, day };
}

/** The text of a desk in the page's language, or in English, or in whatever there is. */
export function inLanguage(texts, lang) {
  if (!texts) return '';
  return texts[lang] ?? texts[lang.split('-')[0]] ?? texts.en ?? Object.values(texts)[0] ?? '';
}
