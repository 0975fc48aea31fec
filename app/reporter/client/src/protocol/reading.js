/**
 * Reading a receipt code that a person typed, with all its forgivable faults (QL1, "Reporter keys").
 *
 * The lists are handed in. Errors carry only the one word that could not be read. Never here:
 * making and writing a code (receipt.js).
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { ProtocolError } from './errors.js';
import { LIST_WORDS, WORDS } from './receipt.js';

/** @typedef {{list: string[] | null, indexes: number[], known: number}} Try a code read by one list */

/** @typedef {{words: string[], places: Map<string, number>}} Prepared a list made ready for comparing */

const PREFIX = 4; // BIP-39: the first four letters tell a word in most lists
const SUGGESTIONS = 3;
const FAR = 2; // more slips than this and a suggestion is a guess

/**
 * The 16 bytes of twelve indexes, or null if the checksum does not fit.
 * @param {number[]} indexes twelve, from 0 to 2047
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
function fromIndexes(indexes) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const index of indexes) {
    held = ((held << 11) | index) & 0x7ffff;
    bits += 11;
    while (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  const entropy = Uint8Array.from(bytes);
  return sha256(entropy)[0] >> 4 === (held & 15) ? entropy : null;
}

/**
 * A word as it is compared: compatibility forms, marks and case gone, katakana as hiragana.
 * @param {string} word
 * @returns {string}
 */
function plain(word) {
  return word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ı/g, 'i') // a Turkish keyboard's
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

/**
 * Decimal digits of any script as ASCII: their blocks begin at a code point ending in 0 or 6.
 * @param {string} text
 * @returns {string}
 */
function asciiDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const ascii = digit.normalize('NFKD'); // full-width and mathematical ones
    if (/^[0-9]$/.test(ascii)) return ascii;
    const code = /** @type {number} */ (digit.codePointAt(0));
    const fromZero = /\p{Nd}/u.test(String.fromCodePoint(code & ~15));
    return String((code & 15) - (fromZero ? 0 : 6));
  });
}

/**
 * The pieces of a run of letters, marks and digits: words and numbers. Every Han character is a
 * word; other letters go together, digits among them too ("weir1d": one word, mistyped).
 */
const LETTER = '(?!\\p{Script=Han})[\\p{L}\\p{M}]';
const INSIDE = '(?!\\p{Script=Han})[\\p{L}\\p{M}\\p{Nd}]';
const PIECE = new RegExp(`\\p{Script=Han}\\p{M}*|${LETTER}(?:(?:${INSIDE})*${LETTER})?|\\p{Nd}+`, 'gu');

/** @param {string} text */
const isNumber = (text) => /^\p{Nd}+$/u.test(text);

/**
 * As it is seen: in one form, and without characters that are not seen.
 * @param {string} text
 */
const visibleOf = (text) =>
  text
    .normalize('NFC')
    .replace(/\u200b/g, ' ')
    .replace(/\p{Cf}/gu, '');

/**
 * What was typed, cut apart, in order and as typed: `numbers` if most of it is numbers.
 * @param {string} text
 * @returns {{numbers: string[], words: string[]}}
 */
function cut(text) {
  const runs = visibleOf(text).match(/[\p{L}\p{M}\p{Nd}]+/gu) || [];
  if (2 * runs.filter(isNumber).length > runs.length) return { numbers: runs.map(asciiDigits), words: [] };
  return { numbers: [], words: withoutListNumbers(runs.flatMap((run) => run.match(PIECE) || [])) };
}

/**
 * Leaves out the places of a list: "1. vintage 2. almost …". Any other number is no word.
 * @param {string[]} pieces
 * @returns {string[]}
 */
function withoutListNumbers(pieces) {
  const counts = pieces.filter((_, i) => i % 2 === 0);
  const counting = counts.every((piece, i) => isNumber(piece) && Number(asciiDigits(piece)) === i + 1);
  return counting && pieces.length === 2 * WORDS ? pieces.filter((_, i) => i % 2 === 1) : pieces;
}

/** @param {number} count */
function countError(count) {
  return new ProtocolError('word-count', `a receipt code has ${WORDS} words or numbers, this has ${count}`, {
    count,
    position: null,
    word: null,
    suggestions: [],
  });
}

/**
 * @param {number} position from 1
 * @param {string} word
 * @param {string[]} suggestions
 */
function wordError(position, word, suggestions) {
  return new ProtocolError('unknown-word', `number ${position} cannot be read`, { position, word, suggestions });
}

function checksumError() {
  return new ProtocolError('checksum', 'every word is known, but they do not belong together', {
    position: null,
    word: null,
    suggestions: [],
  });
}

/**
 * Numbers typed without a space between are still told apart, once they are all there; those of a
 * list ("1 1954 2 0055 …") are told from its places.
 * @param {string[]} numbers
 * @returns {string[]}
 */
function groupsOf(numbers) {
  const digits = numbers.join('');
  if (digits.length !== 4 * WORDS) return withoutListNumbers(numbers);
  return numbers.length !== WORDS ? /** @type {string[]} */ (digits.match(/.{4}/g)) : numbers;
}

/**
 * @param {string} text what was typed so far
 * @returns {number} how many words or numbers that is, counted as `readCode` counts them
 */
export function countTyped(text) {
  const { words, numbers } = cut(text);
  return numbers.length ? groupsOf(numbers).length : words.length;
}

/**
 * @param {string} text what was typed
 * @param {number} position of a word, from 1, as an unknown-word error tells it
 * @param {string} word what to put in its place
 * @returns {string}
 */
export function replaceWord(text, position, word) {
  const visible = visibleOf(text);
  const pieces = visible.match(PIECE) || [];
  const listed = withoutListNumbers(pieces).length < pieces.length;
  let n = 0;
  return visible.replace(PIECE, (typed) => {
    if (listed && isNumber(typed)) return typed;
    n += 1;
    return n === position ? word : typed;
  });
}

/**
 * @param {string[]} numbers
 * @returns {Uint8Array<ArrayBuffer>[]}
 */
function readNumbers(numbers) {
  const groups = groupsOf(numbers);
  if (groups.length !== WORDS) throw countError(groups.length);
  const indexes = groups.map((group, i) => {
    const value = /^\d{1,4}$/.test(group) ? Number(group) : 0;
    if (value < 1 || value > LIST_WORDS) throw wordError(i + 1, group, []);
    return value - 1;
  });
  const entropy = fromIndexes(indexes);
  if (!entropy) throw checksumError();
  return [entropy];
}

/**
 * Which script each list is written in: a text in another one cannot be of that list.
 * @type {[RegExp, string[]][]}
 */
const SCRIPTS = [
  [/\p{Script=Latin}/u, ['english', 'spanish', 'french', 'italian', 'portuguese', 'czech']],
  [/\p{Script=Han}/u, ['chinese_simplified', 'chinese_traditional']],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, ['japanese']],
  [/\p{Script=Hangul}/u, ['korean']],
];

/**
 * @param {string} text what was typed
 * @returns {string[]} names of the lists it can be of; none for numbers
 */
export function listNamesFor(text) {
  return SCRIPTS.flatMap(([script, names]) => (script.test(text) ? names : []));
}

/**
 * A list made ready for comparing; kept as long as the page keeps the list itself.
 * @type {WeakMap<string[], Prepared>}
 */
const prepared = new WeakMap();

/**
 * @param {string[]} list
 * @returns {Prepared}
 */
function prepare(list) {
  if (!prepared.has(list)) {
    if (list.length !== LIST_WORDS) throw new RangeError(`a BIP-39 list has ${LIST_WORDS} words`);
    const words = list.map(plain);
    prepared.set(list, { words, places: new Map(words.map((word, i) => [word, i])) });
  }
  return /** @type {Prepared} */ (prepared.get(list));
}

/**
 * The place of a typed word in a list, or −1.
 * @param {string} word
 * @param {Prepared} prepared
 * @returns {number}
 */
function place(word, { words, places }) {
  if (places.has(word)) return /** @type {number} */ (places.get(word));
  if (word.length < PREFIX) return -1;
  const first = words.findIndex((one) => one.startsWith(word));
  return first >= 0 && !words.some((one, i) => i > first && one.startsWith(word)) ? first : -1;
}

/**
 * Slips between two words: letters missing, added, changed or swapped with a neighbour.
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
function slips(a, b) {
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/**
 * Up to three words of the list that are nearest to what was typed.
 * @param {string} typed
 * @param {string[]} list
 * @returns {string[]}
 */
function suggest(typed, list) {
  const word = plain(typed);
  const limit = word.length < PREFIX ? 1 : FAR;
  const { words } = prepare(list);
  const near = words.map((one, i) => {
    const starts = word.length > 1 && one.startsWith(word); // too short to tell, not misspelt
    return { i, far: starts ? 0.5 : slips(word, one) };
  });
  return near
    .filter(({ i, far }) => far <= limit && far < words[i].length)
    .sort((a, b) => a.far - b.far)
    .slice(0, SUGGESTIONS)
    .map(({ i }) => list[i]);
}

/**
 * Reads a receipt code as people type it: in any of the lists given or as numbers of any script;
 * any case, marks left off, any separators, list numbers before the words, Chinese without
 * spaces, words cut after four letters where that tells them.
 * @param {string} text
 * @param {Object<string, string[]>} lists 2048 words each, by name; not needed for numbers
 * @returns {Uint8Array<ArrayBuffer>[]} 16 bytes for every reading that fits (nearly always one; the two
 *   Chinese lists share characters): try each
 * @throws {ProtocolError} word-count {count}; unknown-word {position from 1, word as typed,
 *   suggestions: up to 3 words of the list that fits best}; checksum. All three carry position,
 *   word (null where no single word is to blame) and suggestions.
 */
export function readCode(text, lists) {
  const { words, numbers } = cut(text);
  if (numbers.length) return readNumbers(numbers);
  if (words.length !== WORDS) throw countError(words.length);
  const typed = words.map(plain);
  /** @type {Try[]} */
  const tries = Object.values(lists).map((list) => {
    const ready = prepare(list);
    const indexes = typed.map((word) => place(word, ready));
    return { list, indexes, known: indexes.filter((i) => i >= 0).length };
  });
  const fitting = tries.filter(({ known }) => known === WORDS);
  const readings = new Map();
  for (const { indexes } of fitting) {
    const entropy = fromIndexes(indexes);
    if (entropy) readings.set(entropy.join(), entropy);
  }
  if (readings.size) return [...readings.values()];
  if (fitting.length) throw checksumError();
  const best = tries.reduce(
    (a, b) => (b.known > a.known ? b : a),
    /** @type {Try} */ ({ known: -1, indexes: [-1], list: null }),
  );
  const at = best.indexes.findIndex((i) => i < 0);
  throw wordError(at + 1, words[at], best.list ? suggest(words[at], best.list) : []);
}

/**
 * One word or number of a code, as forgiving as `readCode` of the whole.
 * @param {string} text what was typed
 * @param {number} index which it should be, from 0
 * @param {string[]|null} list 2048 words; null for a number
 * @returns {boolean}
 */
export function readsAs(text, index, list) {
  const { words, numbers } = cut(text);
  if (!list) return numbers.length === 1 && /^\d{1,4}$/.test(numbers[0]) && Number(numbers[0]) === index + 1;
  return words.length === 1 && place(plain(words[0]), prepare(list)) === index;
}
