// What programs write between the lines of a PDF's drawing: remarks, and marks with names, numbers and
// descriptions ("/House#20Style <</MCID 3/Alt (…)>> BDC"). Where a mark begins and ends stays, and the layer that it
// puts what follows into, and the words that stand for letters drawn in another way.

import { concat } from '../protocol/encoding.js';
import { Unreadable } from './bytes.js';

/**
 * Text is null for a string and for a remark.
 * @typedef {{from: number, to: number, text: string | null, string?: boolean, remark?: boolean}} Token
 */

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((letter) => letter.charCodeAt(0)));
/** @param {string} text */
const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const [OPEN, CLOSE, LESS, MORE, ESCAPE, REMARK] = latin('()<>\\%');

/**
 * The tokens of a drawing, each {from, to, text}; text is null for a string and for a remark.
 * @param {Uint8Array} bytes
 * @returns {Generator<Token, void>}
 */
function* tokens(bytes) {
  const regular = (/** @type {number} */ at) => at < bytes.length && !SPACE.has(bytes[at]) && !DELIMITER.has(bytes[at]);
  for (let at = 0; at < bytes.length; ) {
    const from = at;
    const letter = bytes[at];
    at += 1;
    if (SPACE.has(letter)) continue;
    if (letter === REMARK) {
      while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at += 1;
      yield { from, to: at, remark: true, text: null };
      continue;
    }
    if (letter === OPEN) {
      for (let depth = 1; depth > 0; at += 1) {
        if (at >= bytes.length) throw new Unreadable('a text without an end');
        if (bytes[at] === ESCAPE) at += 1;
        else if (bytes[at] === OPEN) depth += 1;
        else if (bytes[at] === CLOSE) depth -= 1;
      }
      yield { from, to: at, string: true, text: null };
      continue;
    }
    if (letter === LESS && bytes[at] !== LESS) {
      at = bytes.indexOf(MORE, at) + 1;
      if (at === 0) throw new Unreadable('a text without an end');
      yield { from, to: at, string: true, text: null };
      continue;
    }
    if ((letter === LESS || letter === MORE) && bytes[at] === letter) at += 1;
    else if (!DELIMITER.has(letter) || letter === 47) while (regular(at)) at += 1;
    const text = String.fromCharCode(...bytes.subarray(from, Math.min(at, from + 400)));
    yield { from, to: at, text };
    if (text === 'ID') at = afterPicture(bytes, at);
  }
}

/**
 * Where a picture inside a drawing ends: behind EI, between spaces.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @returns {number}
 */
function afterPicture(bytes, from) {
  for (let at = from + 1; at + 2 < bytes.length + 1; at += 1) {
    const behind = at + 3 >= bytes.length || SPACE.has(bytes[at + 3]);
    if (SPACE.has(bytes[at]) && bytes[at + 1] === 69 && bytes[at + 2] === 73 && behind) return at;
  }
  throw new Unreadable('a picture without an end');
}

/**
 * The words that stand for what is drawn, of a mark's description.
 * @param {Token[]} given
 * @returns {Token | null}
 */
function standing(given) {
  const at = given.findIndex(({ text }) => text === '/ActualText');
  return at > 0 && given[at + 1]?.string ? given[at + 1] : null;
}

/**
 * Every name that stands in a drawing, as `read` reads it.
 * @param {Uint8Array} bytes
 * @param {(name: string) => string} read
 * @returns {Set<string>}
 */
export function namesIn(bytes, read) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const { text } of tokens(bytes)) if (text?.[0] === '/') found.add(text.slice(1));
  return new Set([...found].map(read));
}

/**
 * A drawing without them: the same bytes where there are none.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function plainDrawing(bytes) {
  /** @type {Uint8Array[]} */
  const kept = [];
  let done = 0;
  /** @type {Token[]} */
  let operands = [];
  const cut = (/** @type {number} */ from, /** @type {number} */ to, instead = '') => {
    kept.push(bytes.subarray(done, from), latin(instead));
    done = to;
  };
  for (const token of tokens(bytes)) {
    if (token.remark) {
      cut(token.from, token.to, ' ');
      continue;
    }
    const text = /** @type {string} */ (token.text);
    const given = token.string || /^([/[\]]|<<|>>|[-+.\d]|(true|false|null)$)/.test(text);
    if (given) {
      operands.push(token);
      continue;
    }
    if (/^(BDC|BMC|DP|MP)$/.test(text)) {
      const [tag, named] = operands;
      if (!tag) throw new Unreadable('a mark of nothing');
      const words = text === 'BDC' && standing(operands);
      if (text === 'DP' || text === 'MP') cut(tag.from, token.to, ' ');
      else if (words) {
        cut(tag.from, words.from, '/Span <</ActualText ');
        cut(words.to, token.to, '>> BDC');
      } else if (!(text === 'BDC' && tag.text === '/OC' && named?.text?.startsWith('/'))) {
        cut(tag.from, token.to, '/M BMC');
      }
    }
    operands = [];
  }
  if (done === 0) return bytes;
  return concat(...kept, bytes.subarray(done));
}
