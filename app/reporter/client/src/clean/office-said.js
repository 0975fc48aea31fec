// What Excel writes by itself into what is shown: whose comment it is, at the beginning of the comment's own words,
// and where the file lies, as a formula's result.

import { isPath } from './office-fields.js';

const IN_A_FILE = /\[[^\][]*\.\w{2,5}\]|^'?file:/i; // a sheet's place with the file around it
const ASKS = /\b(CELL|INFO)\s*\(/i; // what else the program may say of the machine, in any language
const PLACE = /[\\/[]/;

/** The words of a part, while it is read. `placeholder` is said in the place of a name. */
export class OwnWords {
  /** @type {string} */
  #placeholder;
  /** @type {string[]} */
  #authors = [];
  #unsaid = false; // a comment has begun, and has no words yet
  /** @type {string | null} */
  #formula = null; // of the cell that is open

  /** @param {string} placeholder */
  constructor(placeholder) {
    this.#placeholder = placeholder;
  }

  /**
   * An element begins, by its whole name ("x:comment").
   * @param {string} whole
   */
  begin(whole) {
    if (whole === 'x:comment') this.#unsaid = true;
    if (whole === 'x:c') this.#formula = null;
  }

  /**
   * An element's words as they may stay.
   * @param {string} whole
   * @param {string} words
   * @returns {string}
   */
  said(whole, words) {
    if (whole === 'x:author' && words) this.#authors.push(words);
    if (whole === 'x:f') this.#formula = words;
    if (whole === 'x:t' && this.#unsaid && words.trim()) {
      this.#unsaid = false;
      return this.#unsigned(words);
    }
    return whole === 'x:v' && this.#formula !== null && this.#tells(words, this.#formula) ? '' : words;
  }

  /** @param {string} words */
  #unsigned(words) {
    const bare = words.trimStart();
    const author = this.#authors.filter((name) => bare.startsWith(name)).sort((a, b) => b.length - a.length)[0];
    return author ? this.#placeholder + bare.slice(author.length) : words;
  }

  /**
   * @param {string} words
   * @param {string} formula
   */
  #tells(words, formula) {
    return isPath(words) || IN_A_FILE.test(words) || (ASKS.test(formula) && PLACE.test(words));
  }
}
