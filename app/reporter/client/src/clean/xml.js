// Reading XML as office programs write it, one mark after the other, with namespaces. Whatever is not as
// it should be, and whatever could mean something else to another reader (a DOCTYPE, an entity of its
// own, a name that is not plain), throws Unreadable.

import { Unreadable } from './bytes.js';

/**
 * What each prefix means there.
 * @typedef {Map<string, string>} Spaces
 */
/** @typedef {{space: string, name: string, value: string}} Attribute */
/** @typedef {{space: string, name: string, attributes: Attribute[], spaces: Spaces}} Opening */
/**
 * One of the four each.
 * @typedef {{open?: Opening, close?: true, text?: string, comment?: true}} Mark
 */

const TAG = /<([\w:.-]+)/y;
const CLOSING = /\s*(\/?)>/y;
const ATTRIBUTE = /\s+([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const ENTITIES = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }));
const XML = 'http://www.w3.org/XML/1998/namespace';
const DEPTH_MAX = 500;
const TEXT_MAX = 64 * 1024 * 1024; // bytes of a part: a sheet of 600,000 cells has 30
const ATTRIBUTES_MAX = 1000; // of an element

/**
 * A part's text. Throws Unreadable for anything but UTF-8.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function textOf(bytes) {
  if (bytes.length > TEXT_MAX) throw new Unreadable('too large inside');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('not UTF-8');
  }
}

/**
 * @param {string} text
 * @returns {string}
 */
const plain = (text) => (/[&\r]/.test(text) ? read(text) : text);
/**
 * @param {string} text
 * @returns {string}
 */
const read = (text) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,9}))?;?|\r\n?/g, (all, decimal, hex, name) => {
    if (all[0] === '\r') return '\n';
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    const letter = code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES.get(name);
    if (letter === undefined || !all.endsWith(';')) throw new Unreadable('an entity of its own');
    return letter;
  });

/** Text for between marks, or, with `quoted`, for an attribute. */
export const escaped = (/** @type {string} */ text, quoted = false) =>
  /[&<>"\t\n\r]/.test(text) ? written(text, quoted) : text;
const written = (/** @type {string} */ text, /** @type {boolean} */ quoted) =>
  text.replace(quoted ? /[&<>"\t\n\r]/g : /[&<>\r]/g, (letter) => {
    const name = /** @type {Record<string, string>} */ ({ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' })[letter];
    return `&${name ?? `#${letter.charCodeAt(0)}`};`;
  });

/**
 * The marks of a text, in its order: {open, close, text, comment}, one of them each.
 * open: {space, name, attributes: [{space, name, value}], spaces}, where `spaces` tells what each prefix
 * means there. Processing instructions are comments, too.
 * @param {string} text
 * @returns {Generator<Mark, void>}
 */
export function* marks(text) {
  /** @type {{tag: string, spaces: Spaces}[]} */
  const open = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let begun = false;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next < 0 ? text.length : next);
    if (open.length) {
      if (words) yield { text: plain(words) };
    } else if (words.trim()) throw new Unreadable('words outside');
    if (next < 0) break;
    const until = (/** @type {string} */ end) => {
      const found = text.indexOf(end, next);
      if (found < 0) throw new Unreadable('a mark without an end');
      at = found + end.length;
      return text.slice(next, found);
    };
    if (text.startsWith('<!--', next)) {
      until('-->');
      yield { comment: true };
    } else if (text.startsWith('<![CDATA[', next)) {
      if (!open.length) throw new Unreadable('words outside');
      yield { text: until(']]>').slice(9) };
    } else if (text.startsWith('<?', next)) {
      if (!/^<\?xml\s/.test(until('?>'))) yield { comment: true };
    } else if (text[next + 1] === '/') {
      if (until('>').slice(2).trim() !== open.pop()?.tag) throw new Unreadable('marks out of order');
      yield { close: true };
    } else {
      if (begun && !open.length) throw new Unreadable('two beginnings');
      begun = true;
      const { tag, spaces, mark, closed, end } = element(text, next, open.at(-1)?.spaces ?? new Map([['xml', XML]]));
      at = end;
      yield { open: mark };
      if (closed) yield { close: true };
      else if (open.push({ tag, spaces }) > DEPTH_MAX) throw new Unreadable('too deep');
    }
  }
  if (open.length || !begun) throw new Unreadable('marks without an end');
}

/**
 * @param {string} text
 * @param {number} from
 * @param {Spaces} outer
 */
function element(text, from, outer) {
  TAG.lastIndex = from;
  const tag = TAG.exec(text)?.[1];
  if (!tag) throw new Unreadable('a mark that is none');
  /** @type {[string, string][]} */
  const found = [];
  let end = TAG.lastIndex;
  for (;;) {
    ATTRIBUTE.lastIndex = end;
    const attribute = ATTRIBUTE.exec(text);
    if (!attribute) break;
    end = ATTRIBUTE.lastIndex;
    if (found.length >= ATTRIBUTES_MAX) throw new Unreadable('a mark without an end');
    found.push([attribute[1], plain(attribute[2] ?? attribute[3])]);
  }
  CLOSING.lastIndex = end;
  const ended = CLOSING.exec(text);
  if (!ended) throw new Unreadable('a mark that is none');
  let spaces = outer;
  for (const [name, value] of found) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    if (spaces === outer) spaces = new Map(outer);
    spaces.set(name.slice(6), value);
  }
  const named = (/** @type {string} */ name, /** @type {string} */ fallback) => {
    const colon = name.indexOf(':');
    if (colon < 0) return { space: fallback, name };
    const [prefix, local] = [name.slice(0, colon), name.slice(colon + 1)];
    if (!spaces.has(prefix) || !local || local.includes(':')) throw new Unreadable('a prefix of nothing');
    return { space: /** @type {string} */ (spaces.get(prefix)), name: local };
  };
  const attributes = found
    .filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(([name, value]) => ({ ...named(name, ''), value }));
  const mark = { ...named(tag, spaces.get('') ?? ''), attributes, spaces };
  return { tag, spaces, mark, closed: ended[1] === '/', end: CLOSING.lastIndex };
}
