// What scripts say, in the page's language: sentences of its template (_script_sentences.html).
import { one } from './dom.js';

const SENTENCES = '#sentences';

/** @param {string} selector */
const text = (selector) => one(selector, /** @type {HTMLTemplateElement} */ (one(SENTENCES)).content).textContent ?? '';

/** @param {string} key */
export const words = (key) => text(`[data-key="${key}"]`);

/**
 * A sentence that depends on a number, in the plural form that the language has for it.
 * @param {string} key
 * @param {number} count
 */
export function counted(key, count) {
  const language = document.documentElement.lang;
  const category = new Intl.PluralRules(language).select(count);
  return text(`[data-key="${key}"][data-category="${category}"]`).replace(
    '{count}',
    new Intl.NumberFormat(language, { numberingSystem: 'latn' }).format(count),
  );
}
