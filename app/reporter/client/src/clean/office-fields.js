// Fields of Word files: what shows a page's number, a table of contents, an address. What a field shows
// stays in any case; what would fetch, name a file or a person, or hold a program's own data goes, and
// only its words are left.

import { Unreadable } from './bytes.js';
import { escaped } from './xml.js';

/**
 * @import { Names } from './office-values.js'
 * @import { Attribute } from './xml.js'
 */
/** @typedef {{text: string}} Piece something that was written, and may still be changed */
/** @typedef {{start?: Piece, last?: Piece}} Level an element that was written: where it begins and ends */
/**
 * A field that is open: its marks, what it says it is, what was shown within that, and how it was decided.
 * @typedef {{marks: Level[], said: {words: string, piece: Piece}[], hidden: Piece[], within: boolean, holds: boolean,
 *   decided: boolean, kept?: boolean, mute?: boolean}} Field
 */

const PATH = /(^|[^a-z])[a-z]:[\\/]|\\\\[\w.]|file:|\/(users|home|mnt|media|volumes|private|tmp)\//i;
const ADDRESS = /^(https?:\/\/|mailto:|tel:)[^\s"\\]+$/i;
const PLACES = new Set(['REF', 'PAGEREF', 'NOTEREF']); // what follows is a bookmark
const PLAIN = new Set([
  'PAGE',
  'NUMPAGES',
  'SECTION',
  'SECTIONPAGES',
  'TOC',
  'SEQ',
  'STYLEREF',
  'EQ',
  'SYMBOL',
  '=',
  'LISTNUM',
  'FORMTEXT',
  'FORMCHECKBOX',
  'FORMDROPDOWN',
  'ADVANCE',
]);
// What they show is said of the file, its writer, or the time of a sitting, by the program, and goes too.
const PROPERTIES = new Set([
  'FILENAME',
  'AUTHOR',
  'LASTSAVEDBY',
  'USERNAME',
  'USERINITIALS',
  'USERADDRESS',
  'TEMPLATE',
  'CREATEDATE',
  'SAVEDATE',
  'PRINTDATE',
  'EDITTIME',
  'REVNUM',
  'FILESIZE',
  'INFO',
  'DOCPROPERTY',
  'DOCVARIABLE',
  'KEYWORDS',
  'COMMENTS',
  'SUBJECT',
]);
const SWITCH = /^\\[\w@#*!]$/;

/**
 * Whether words lead to a place on a person's disk.
 * @param {string} words
 */
export const isPath = (words) => PATH.test(words);

/**
 * Whether an address leads to the web or to a person who is written to.
 * @param {string} words
 */
export const isAddress = (words) => ADDRESS.test(words);

/**
 * A field's instruction as it may stay, or null: then only what it shows stays.
 * `names` gives bookmarks and styles the names that they have now.
 * @param {string} words
 * @param {Names} names
 * @returns {string | null}
 */
export function instruction(words, names) {
  const [kind, ...parts] = words.match(/"[^"]*"|[^\s"]+/g) ?? [''];
  const bare = (/** @type {string | undefined} */ part) => part?.replace(/^"|"$/g, '');
  const switches = (/** @type {number} */ from) => parts.slice(from).filter((part) => SWITCH.test(part));
  const word = kind.toUpperCase();
  if (PLACES.has(word)) {
    const place = bare(parts[0]);
    return place && !place.startsWith('\\') ? ` ${[word, names.bookmark(place), ...switches(1)].join(' ')} ` : null;
  }
  if (word === 'HYPERLINK') {
    const address = parts[0]?.startsWith('\\') ? null : bare(parts[0]);
    const inside = parts.findIndex((part) => part.toLowerCase() === '\\l');
    const place = inside < 0 ? null : bare(parts[inside + 1]);
    if (address ? !isAddress(address) : !place) return null;
    const whole = [word, ...(address ? [`"${address}"`] : []), ...(place ? ['\\l', `"${names.bookmark(place)}"`] : [])];
    return ` ${whole.join(' ')} `;
  }
  if (!PLAIN.has(word[0] === '=' ? '=' : word) || /[\u0000-\u001f]/.test(words)) return null;
  const styled = parts.map((part, n) => (parts[n - 1]?.toLowerCase() === '\\t' ? names.styles(part) : part));
  if (word === 'STYLEREF' && styled[0]) styled[0] = names.styles(styled[0]);
  if (word === 'TOC' && styled.some((part) => /^\\[bB]$/.test(part))) return null;
  const whole = ` ${[kind, ...styled].join(' ')} `;
  return isPath(whole) ? null : whole;
}

const isProperty = (/** @type {string} */ words) =>
  PROPERTIES.has(/** @type {RegExpExecArray} */ (/^\s*(\w*)/.exec(words))[1].toUpperCase());

/** The fields of a part, while it is read: each begins, says what it is, from "separate" on shows what it
 * shows, and ends; it may lie within another. */
export class Fields {
  /** @type {Field[]} */
  #open = [];
  /** @type {Level[]} */
  #dropped = []; // marks of fields whose instruction does not stay
  #names;
  #other;

  /**
   * @param {Names} names
   * @param {() => void} other
   */
  constructor(names, other) {
    this.#names = names;
    this.#other = other;
  }

  /**
   * A beginning, middle or end: an element that was written.
   * @param {Level} level
   * @param {Attribute[]} attributes
   */
  mark(level, attributes) {
    const type = attributes.find((each) => each.name === 'fldCharType')?.value;
    if (type === 'begin') {
      const within = this.#open.some((field) => !field.decided);
      for (const field of this.#open) field.holds ||= !field.decided;
      this.#open.push({ marks: [level], said: [], hidden: [], within, holds: false, decided: false });
      return;
    }
    const field = this.#open.at(-1);
    if (!field) throw new Unreadable('a field without a beginning');
    field.marks.push(level);
    if (!field.decided) this.#decide(field);
    if (type !== 'end') return;
    this.#open.pop();
    if (!field.kept) this.#dropped.push(...field.marks);
  }

  /**
   * A piece of an instruction, and where it will stand.
   * @param {string} words
   * @param {Piece} piece
   */
  said(words, piece) {
    const field = this.#open.at(-1);
    if (field && !field.decided) field.said.push({ words, piece });
    else this.#other();
  }

  /**
   * Words that were written: inside an instruction they are not shown.
   * @param {Piece} piece
   */
  words(piece) {
    for (const field of this.#open) {
      if (!field.decided) field.hidden.push(piece);
      else if (field.mute) piece.text = '';
    }
  }

  /**
   * A field in one element, whose instruction does not stay; it ends with `end`.
   * @param {string} instr
   */
  simple(instr) {
    this.#other();
    this.#open.push(/** @type {Field} */ ({ decided: true, mute: isProperty(instr) }));
    return () => this.#open.pop();
  }

  /** @param {Field} field */
  #decide(field) {
    field.decided = true;
    const whole = field.said.map(({ words }) => words).join('');
    const kept = field.holds || field.within ? null : instruction(whole, this.#names);
    field.kept = kept !== null;
    if (field.kept) field.said[0].piece.text = escaped(/** @type {string} */ (kept));
    else {
      this.#other();
      field.mute = isProperty(whole);
      for (const piece of field.hidden) piece.text = '';
    }
  }

  /** At the part's end. */
  end() {
    if (this.#open.length) throw new Unreadable('a field without an end');
    for (const level of this.#dropped) {
      /** @type {Piece} */ (level.start).text = '';
      /** @type {Piece} */ (level.last).text = '';
    }
  }
}
