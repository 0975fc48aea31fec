// One part of an office file written anew: of its elements, attributes and words only those that are
// listed. What else there is stays behind; if a reader would miss words of it, the file cannot be cleaned.

import { Unreadable } from './bytes.js';
import * as charts from './office-charts.js';
import * as drawings from './office-drawings.js';
import { Fields, instruction } from './office-fields.js';
import * as sheets from './office-sheets.js';
import * as slides from './office-slides.js';
import { OwnWords } from './office-said.js';
import { PLACEHOLDER_AUTHOR, READ, valueOf, wordsRule } from './office-values.js';
import * as words from './office-words.js';
import { escaped, marks } from './xml.js';

/**
 * @typedef {Level & {start: Piece, words: string[], taken: number}} Begun one that has what its kind of element has
 */

/**
 * @import { Level as Written, Piece } from './office-fields.js'
 * @import { Names, WordsRule } from './office-values.js'
 * @import { Attribute, Opening, Spaces } from './xml.js'
 */
/**
 * A choice that is read: from which piece on, and whether something of it is not known.
 * @typedef {{from: number, failed: boolean, prefixes: (string | undefined)[]}} Choice
 */
/**
 * An element that is open; `taken` and `lost` of one that holds choices, `ended` where a field ends with it.
 * @typedef {Written & {whole: string, end: string, rule?: WordsRule, words?: string[], choice?: Choice, taken?: number,
 *   lost?: boolean, filled?: boolean, ended?: () => void}} Level
 */
/** @typedef {{prefix: string, elements: Map<string, Set<string>>}} Known */
/**
 * What surrounds a part: see Part.
 * @typedef {{root: string, names: Names, related: (id: string) => string | null | undefined,
 *   owner?: (id: string) => string | null, learn: (what: string | null, who?: string) => void}} Around
 */

const RELATED = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CHOICES = 'http://schemas.openxmlformats.org/markup-compatibility/2006';
const XML = 'http://www.w3.org/XML/1998/namespace';

const MARKS_MAX = 5_000_000; // of all parts: a sheet of 600,000 cells has three
const AT_ONCE = 5000; // marks between two breaths: the page goes on meanwhile

/**
 * "attributes = elements", a line each, longer ones folded: a Map from element to attributes.
 * @param {string} listed
 * @returns {Map<string, Set<string>>}
 */
function readList(listed) {
  /** @type {Map<string, Set<string>>} */
  const elements = new Map();
  for (const line of listed
    .replace(/\n {2}/g, ' ')
    .trim()
    .split('\n')) {
    const [attributes, names] = line.split('=').map((side) => side.trim().split(/\s+/));
    for (const name of names) elements.set(name, new Set(attributes));
  }
  return elements;
}

/** @type {Map<string | undefined, Known>} */
const KNOWN = new Map([
  [RELATED, { prefix: 'r', elements: new Map() }],
  [CHOICES, { prefix: 'mc', elements: new Map() }],
]);
for (const [prefix, { space, listed }] of Object.entries({ ...words, ...sheets, ...slides, ...charts, ...drawings })) {
  KNOWN.set(space, { prefix, elements: readList(listed) });
}
const SPACES = new Map([...KNOWN].map(([space, { prefix }]) => [prefix, space]));

/** Without the element itself what is in it stays. */
const OPENED = new Set(['w:sdt', 'w:sdtContent', 'w:smartTag', 'w:customXml']);
/** Without what it leads to, the element itself stays. */
const STAYS = new Set(['w:hyperlink', 'a:blip', 'v:imagedata', 'v:fill', 'v:stroke']);
/** Without anything in them these would be an error to the programs that open the file. */
const FILLED = new Set(
  'x:hyperlinks x:definedNames x:tableParts x:pivotCaches x:extLst a:extLst c:extLst p:extLst dgm:extLst'.split(' '),
);
/** What more may stand at the end of an element, by Microsoft's name for it. */
const MORE = new Set([
  '{78C0D931-6437-407D-A8EE-F0AAD7539E65}',
  '{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}', // formats, checks of cells
  '{05C60535-1F16-4FD2-B633-F4F36F0B64E0}',
  '{B025F937-C7B1-47D3-B67F-A62EFF666E3E}', // sparklines, formats' names
  '{6F2FDCE9-48DA-4B69-8628-5D25D57E5C99}',
  '{CE6537A1-D6FC-4F65-9D91-7224C49458BB}', // charts' colours, labels
  '{02D57815-91ED-43CB-92C2-25804820EDAC}',
  'HTTP://SCHEMAS.MICROSOFT.COM/OFFICE/DRAWING/2008/DIAGRAM',
]);

/** A part on its way: `names` are the file's (office-values.js), `related(id)` gives what a relation is
 * called now, or null for one that is left out, `owner` the same for the part that led here, `learn(what,
 * who)` hears of what stays behind. */
class Part {
  /** @param {Around} around */
  constructor(around) {
    this.root = around.root;
    this.names = around.names;
    this.related = around.related;
    this.owner = around.owner;
    this.learn = around.learn;
    /** @type {Piece[]} */
    this.out = [];
    /** @type {Level[]} */
    this.open = []; // the elements that are open: {whole, end, rule, words, choice}
    this.skipped = 0;
    this.silent = false; // of what is skipped: would no reader miss its words?
    this.inside = ''; // the element that was met last
    this.fields = new Fields(this.names, () => this.learn('other'));
    this.own = new OwnWords(PLACEHOLDER_AUTHOR);
    /** @type {Set<string | undefined>} */
    this.used = new Set(['r']);
    this.styleId = ''; // of the style that is open
  }

  /**
   * @param {string} text
   * @returns {Piece}
   */
  write(text) {
    const piece = { text };
    this.out.push(piece);
    return piece;
  }

  /** @param {(level: Level) => unknown} wanted */
  nearest(wanted) {
    return [...this.open].reverse().find(wanted);
  }

  /** Leave out an element with all that is in it. `silent`: no reader would miss its words. */
  skip(silent = false) {
    this.learn('other');
    this.skipped = 1;
    this.silent = silent;
  }

  /** What no list of names has: a choice that holds it is not taken, and another is shown. */
  unknown() {
    const choice = this.nearest((level) => level.choice || level.whole === 'mc:Fallback')?.choice;
    if (choice) choice.failed = true;
    this.skip(Boolean(choice));
  }

  /** @param {Opening} opening */
  element({ space, name, attributes, spaces }) {
    const known = KNOWN.get(space);
    const whole = known ? `${known.prefix}:${name}` : name;
    if (this.skipped) {
      this.skipped += 1;
      this.inside = whole;
      return;
    }
    this.inside = whole;
    if (!this.open.length && whole !== this.root) throw new Unreadable('another part than it is called');
    if (space === CHOICES) this.choices(name, attributes, spaces);
    else if (OPENED.has(whole)) {
      this.learn('other');
      this.open.push({ whole, end: '' });
    } else if (whole === 'w:fldSimple' && !instruction(this.instr(attributes), this.names)) {
      this.open.push({ whole, end: '', ended: this.fields.simple(this.instr(attributes)) });
    } else if (whole === 'xml' && !this.open.length) this.begin(whole, '');
    else if (!known) this.unknown();
    else if (!known.elements.has(name)) this.skip();
    else if (name === 'ext' && attributes.some((each) => each.name === 'uri' && !MORE.has(each.value.toUpperCase()))) {
      this.skip(true);
    } else {
      const kept = this.attributes({ space, element: name, prefix: known.prefix, attributes, spaces });
      if (kept === null) return this.skip();
      if (whole === 'w:hyperlink' && !kept) {
        this.open.push({ whole, end: '' });
        return;
      }
      this.used.add(known.prefix);
      this.begin(whole, kept);
      if (whole === 'w:fldChar') this.fields.mark(/** @type {Level} */ (this.open.at(-1)), attributes);
    }
  }

  /** @param {Attribute[]} attributes */
  instr(attributes) {
    return attributes.find(({ name }) => name === 'instr')?.value ?? '';
  }

  /**
   * @param {string} whole
   * @param {string} kept
   */
  begin(whole, kept) {
    const tag = whole.replace(/^x:/, '');
    this.own.begin(whole);
    const start = this.write(`<${tag}${kept}>`);
    this.open.push({ whole, end: `</${tag}>`, start, rule: wordsRule(whole), words: [] });
  }

  /**
   * What is written of an element's attributes; null where the element leads nowhere.
   * @param {{space: string, element: string, prefix: string, attributes: Attribute[], spaces: Spaces}} o
   * @returns {string | null}
   */
  attributes({ space, element, prefix, attributes, spaces }) {
    const listed = /** @type {Set<string>} */ (KNOWN.get(space)?.elements.get(element));
    const whole = `${prefix}:${element}`;
    if (whole === 'w:style') this.styleId = attributes.find((each) => each.name === 'styleId')?.value ?? '';
    let kept = '';
    for (const attribute of attributes) {
      const of = KNOWN.get(attribute.space)?.prefix;
      const key = attribute.space === '' || attribute.space === space ? attribute.name : `${of}:${attribute.name}`;
      /** @type {string | null | undefined} */
      let value = null;
      if (attribute.space === XML) {
        if (attribute.name === 'space') kept += ' xml:space="preserve"';
        continue;
      }
      if (attribute.space === CHOICES) {
        kept += this.ignorable(attribute, spaces);
        continue;
      }
      if (listed.has(key)) {
        const place = { prefix, element, key, names: this.names, attributes, owner: this.owner };
        if (of === 'r') value = attribute.value && this.related(attribute.value);
        else value = valueOf(attribute.value, place);
        if (value === null && of === 'r' && !STAYS.has(whole)) return null;
      }
      if (value === null) {
        this.learn('other');
        continue;
      }
      if (value === PLACEHOLDER_AUTHOR && attribute.value !== PLACEHOLDER_AUTHOR) this.learn('author', attribute.value);
      if (whole === 'w:name' && this.open.at(-1)?.whole === 'w:style') {
        value = this.names.title(this.styleId, attribute.value);
      }
      if (attribute.space !== '') this.used.add(of);
      kept += ` ${attribute.space === '' ? '' : `${of}:`}${attribute.name}="${escaped(/** @type {string} */ (value), true)}"`;
    }
    return kept;
  }

  /**
   * Which of the prefixes may be passed over by a reader that does not know them.
   * @param {Attribute} attribute
   * @param {Spaces} spaces
   */
  ignorable({ name, value }, spaces) {
    if (name === 'MustUnderstand') throw new Unreadable('what must be understood');
    const kept = value
      .split(/\s+/)
      .map((prefix) => KNOWN.get(spaces.get(prefix))?.prefix)
      .filter(Boolean);
    if (name !== 'Ignorable' || !kept.length) return '';
    for (const prefix of [...kept, 'mc']) this.used.add(prefix);
    return ` mc:Ignorable="${kept.join(' ')}"`;
  }

  /**
   * @param {string} name
   * @param {Attribute[]} attributes
   * @param {Spaces} spaces
   */
  choices(name, attributes, spaces) {
    const level = { whole: `mc:${name}`, end: `</mc:${name}>` };
    const around = /** @type {Begun} */ (this.open.at(-1));
    if (name === 'AlternateContent') {
      this.open.push({ ...level, start: this.write('<mc:AlternateContent>'), taken: 0, lost: false });
      return;
    }
    if (around?.whole !== 'mc:AlternateContent') throw new Unreadable('a choice of nothing');
    if (name === 'Fallback') {
      around.taken += 1;
      this.open.push({ ...level, start: this.write('<mc:Fallback>') });
      return;
    }
    const named =
      attributes
        .find((each) => each.name === 'Requires')
        ?.value.trim()
        .split(/\s+/) ?? [];
    const prefixes = named.map((prefix) => KNOWN.get(spaces.get(prefix))?.prefix);
    if (name !== 'Choice' || !prefixes.length || !prefixes.every(Boolean)) return this.skip(true);
    const choice = { from: this.out.length, failed: false, prefixes };
    this.open.push({ ...level, start: this.write(`<mc:Choice Requires="${prefixes.join(' ')}">`), choice });
  }

  close() {
    if (this.skipped) {
      this.skipped -= 1;
      return;
    }
    const level = /** @type {Begun} */ (this.open.pop());
    if (level.choice?.failed) {
      this.out.length = level.choice.from;
      return;
    }
    level.ended?.();
    if (level.choice) /** @type {Begun} */ (this.open.at(-1)).taken += 1;
    for (const prefix of level.choice?.prefixes ?? []) this.used.add(prefix);
    if (level.taken) this.used.add('mc');
    else if (level.whole === 'mc:AlternateContent') {
      if (level.lost) throw new Unreadable('nothing of a choice is known');
      level.start.text = level.end = '';
    }
    if (FILLED.has(level.whole) && !level.filled) level.start.text = level.end = '';
    if (level.rule && !this.spoken(level)) level.end = '';
    if (level.end && this.open.length) /** @type {Begun} */ (this.open.at(-1)).filled = true;
    level.last = this.write(level.end);
  }

  /**
   * The words of an element; false where the element goes.
   * @param {Begun} level
   * @returns {boolean}
   */
  spoken(level) {
    const said = level.words.join('');
    const shown = this.own.said(level.whole, said);
    if (shown !== said) this.learn('other');
    const kept = /** @type {WordsRule} */ (level.rule)(shown, this.names);
    if (kept === PLACEHOLDER_AUTHOR && said !== PLACEHOLDER_AUTHOR) this.learn('author', said);
    else if (kept === null || kept === '#REF!') this.learn(said === kept ? null : 'other');
    if (kept === null) {
      level.start.text = '';
      return false;
    }
    const piece = this.write(escaped(kept));
    if (READ.has(level.whole)) this.fields.words(piece);
    return true;
  }

  /** @param {string} said */
  text(said) {
    const level = /** @type {Begun} */ (this.open.at(-1));
    if (this.skipped) {
      if (!READ.has(this.inside) || !said.trim()) return;
      if (!this.silent) throw new Unreadable('words that would be lost');
      const around = this.nearest(({ whole }) => whole === 'mc:AlternateContent');
      if (around) around.lost = true;
    } else if (level.rule) level.words.push(said);
    else if (/^w:(del)?[iI]nstrText$/.test(level.whole)) this.fields.said(said, this.write(''));
    else if (said.trim()) this.learn('other');
  }
}

/**
 * A part's text as it may stay. `root` is what it must begin with ("w:document"). Throws Unreadable.
 * @param {string} text
 * @param {Around} around
 * @returns {Promise<string>}
 */
export async function cleanMarkup(text, around) {
  const part = new Part(around);
  const { names } = around;
  let read = 0;
  for (const mark of marks(text)) {
    read += 1;
    names.marks += 1;
    if (names.marks > MARKS_MAX) throw new Unreadable('too much inside');
    if (read % AT_ONCE === 0) await new Promise((done) => setTimeout(done));
    if (mark.open) part.element(mark.open);
    else if (mark.close) part.close();
    else if (mark.comment) part.learn('other');
    else part.text(/** @type {string} */ (mark.text));
  }
  part.fields.end();
  const [root] = part.out;
  const spaces = [...part.used].sort().map((prefix) => {
    return ` xmlns${prefix === 'x' ? '' : `:${prefix}`}="${SPACES.get(/** @type {string} */ (prefix))}"`;
  });
  root.text = root.text.replace(/^<[\w:]+/, (tag) => tag + spaces.join(''));
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${part.out.map((piece) => piece.text).join('')}`;
}
