// What programs write into a PDF's content streams beside what is drawn: comments, and marked content with names,
// numbers and descriptions ("/House#20Style <</MCID 3/Alt (…)>> BDC"). Where it begins and ends stays, and the layer
// that it puts what follows into, and the text that stands for glyphs (ActualText).

import { concat } from '../protocol/encoding.js';
import { Unreadable } from './bytes.js';

/**
 * Text is null for a string and for a comment.
 * @typedef {{from: number, to: number, text: string | null, string?: boolean, comment?: boolean}} Token
 */

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((letter) => letter.charCodeAt(0)));
/** @param {string} text */
const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const [OPEN, CLOSE, LESS, MORE, ESCAPE, COMMENT] = latin('()<>\\%');

/**
 * The tokens of a content stream, each {from, to, text}; text is null for a string and for a comment.
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
    if (letter === COMMENT) {
      while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at += 1;
      yield { from, to: at, comment: true, text: null };
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
    if (text === 'ID') at = afterImage(bytes, at);
  }
}

/**
 * Where an inline image ends: behind EI, between spaces.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @returns {number}
 */
function afterImage(bytes, from) {
  for (let at = from + 1; at + 2 < bytes.length + 1; at += 1) {
    const behind = at + 3 >= bytes.length || SPACE.has(bytes[at + 3]);
    if (SPACE.has(bytes[at]) && bytes[at + 1] === 69 && bytes[at + 2] === 73 && behind) return at;
  }
  throw new Unreadable('an image without an end');
}

/**
 * The text that stands for what is drawn, of marked content's properties.
 * @param {Token[]} operands
 * @returns {Token | null}
 */
function actualText(operands) {
  const at = operands.findIndex(({ text }) => text === '/ActualText');
  return at > 0 && operands[at + 1]?.string ? operands[at + 1] : null;
}

/**
 * Every name that stands in a content stream, as `read` reads it.
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
 * A content stream without them: the same bytes where there are none.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function plainContent(bytes) {
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
    if (token.comment) {
      cut(token.from, token.to, ' ');
      continue;
    }
    const text = /** @type {string} */ (token.text);
    const isOperand = token.string || /^([/[\]]|<<|>>|[-+.\d]|(true|false|null)$)/.test(text);
    if (isOperand) {
      operands.push(token);
      continue;
    }
    if (/^(BDC|BMC|DP|MP)$/.test(text)) {
      const [tag, named] = operands;
      if (!tag) throw new Unreadable('marked content without a tag');
      const instead = text === 'BDC' && actualText(operands);
      if (text === 'DP' || text === 'MP') cut(tag.from, token.to, ' ');
      else if (instead) {
        cut(tag.from, instead.from, '/Span <</ActualText ');
        cut(instead.to, token.to, '>> BDC');
      } else if (!(text === 'BDC' && tag.text === '/OC' && named?.text?.startsWith('/'))) {
        cut(tag.from, token.to, '/M BMC');
      }
    }
    operands = [];
  }
  if (done === 0) return bytes;
  return concat(...kept, bytes.subarray(done));
}
