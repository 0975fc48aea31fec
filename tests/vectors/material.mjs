/**
 * What checking a vectors file needs besides the protocol: hashes of Node's own (a second opinion
 * on noble's), the built word lists, strict shapes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expand } from '../../app/reporter/client/src/protocol/receipt.js';

const DIST = new URL('../../app/reporter/client/dist/', import.meta.url);

/** Names of the ten lists by the codes that files use. */
export const LANGUAGES = Object.freeze({
  en: 'english',
  es: 'spanish',
  fr: 'french',
  it: 'italian',
  pt: 'portuguese',
  cs: 'czech',
  ja: 'japanese',
  ko: 'korean',
  zh_hans: 'chinese_simplified',
  zh_hant: 'chinese_traditional',
});

let lists = null;

/** @returns {Object<string, string[]>} the ten lists as the page loads them */
export function wordLists() {
  const read = (name) => expand(readFileSync(fileURLToPath(new URL(`words-${name}.txt`, DIST)), 'utf8'));
  lists = lists || Object.fromEntries(Object.values(LANGUAGES).map((name) => [name, read(name)]));
  return lists;
}

/** @returns {string} lower-case hex */
export function sha256Hex(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** @returns {Uint8Array} the first `size` bytes of SHAKE256 of an ASCII label */
export function shake256(label, size) {
  if (size === 0) return new Uint8Array(0);
  return new Uint8Array(createHash('shake256', { outputLength: size }).update(label, 'ascii').digest());
}

/**
 * @param {*} value
 * @param {string} place where it is, for the error
 * @param {string[]} required names of its fields
 * @param {RegExp} [others] further names allowed
 * @returns {object} the value
 * @throws {Error} unless it is an object with exactly those fields
 */
export function exact(value, place, required, others = /^$/) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error(`${place} is not an object`);
  for (const name of required) if (!(name in value)) throw new Error(`${place}.${name} is missing`);
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !others.test(name)) throw new Error(`${place}.${name} is not a field of it`);
  }
  return value;
}

/**
 * @param {*} value
 * @param {string} place
 * @returns {Array} the value
 * @throws {Error} unless it is a list with something in it
 */
export function list(value, place) {
  if (!Array.isArray(value) || !value.length) throw new Error(`${place} is not a list with something in it`);
  return value;
}
