// A PDF made anew out of what its pages show. An asset of its own (dist/pdf.js), loaded with the first
// PDF. Everything is reached from the document's beginning, so old versions, and what was deleted, stay
// behind; the numbers of objects are new; there is no description of the file, and no id.

import {
  PDFArray,
  PDFBool,
  PDFContext,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNull,
  PDFNumber,
  PDFParser,
  PDFRawStream,
  PDFRef,
  PDFString,
  PDFWriter,
} from '@cantoo/pdf-lib';
import { zlibSync } from 'fflate';
import { concat } from '../protocol/encoding.js';
import { Unreadable } from './bytes.js';
import { beginDecoding } from './pdf-filters.js';
import { ANNOTATIONS, DEAD, FILTER_KEYS, HOLDERS, KEPT, NAMED, SIGNED, UNKNOWN } from './pdf-keys.js';
import { isText, Kinds, N } from './pdf-kinds.js';
import { holdsFiles, leaves, Reach } from './pdf-reach.js';
import { contentOf, filtersOf, photoOf } from './pdf-streams.js';
import { day } from './pdf.js';

/**
 * @import { PDFObject, PDFStream } from '@cantoo/pdf-lib'
 * @import { Bytes, Cleaned, Revealed } from './bytes.js'
 * @import { Keys } from './pdf-keys.js'
 */

const AT_ONCE = 200; // objects between two breaths: the page goes on meanwhile

// Said in words of their own, or of no person.
const NAMED_APART = new Set(['Author', 'Creator', 'Producer', 'CreationDate', 'ModDate', 'Trapped']);

const PLAIN = [PDFName, PDFNumber, PDFBool, PDFString, PDFHexString];

/**
 * @param {Bytes} bytes
 * @returns {Promise<{whole: PDFContext, root: PDFDict}>}
 */
async function parsed(bytes) {
  try {
    const whole = await PDFParser.forBytesWithOptions(bytes, AT_ONCE, true).parseDocument();
    const root = whole.lookup(whole.trailerInfo.Root);
    if (whole.trailerInfo.Encrypt || !(root instanceof PDFDict)) throw new Unreadable('locked, or no document');
    return { whole, root };
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('not as a PDF is written');
  }
}

/** One PDF on its way into another. */
class Copy {
  /**
   * Throws Unreadable for a document with files inside, or without a page.
   * @param {PDFContext} whole
   * @param {PDFDict} root
   */
  constructor(whole, root) {
    this.from = whole;
    this.to = PDFContext.create();
    /** @type {Revealed} */
    this.revealed = { place: null, time: null, device: null, author: null, other: false };
    /** @type {Map<string, PDFRef>} */
    this.numbers = new Map();
    /** @type {Record<string, number>} */
    this.counts = {};
    /** @type {{number: PDFRef, value: PDFObject, kind: string}[]} */
    this.waiting = [];
    /** @type {Map<string, PDFObject>} */
    this.destinations = new Map();
    const look = (/** @type {PDFObject | undefined} */ value) => this.look(value);
    if (holdsFiles(look, root)) throw new Unreadable('another file inside');
    this.reach = new Reach(look, root);
    this.kinds = new Kinds(look);
  }

  /**
   * Copy everything that a part leads to; its new reference.
   * @param {PDFDict} part
   */
  async all(part) {
    this.named(part);
    const root = this.later(part, 'document');
    for (let n = 0; n < this.waiting.length; n += 1) {
      const { number, value, kind } = this.waiting[n];
      this.to.assign(number, this.copy(value, kind));
      if (n % AT_ONCE === 0) await new Promise((done) => setTimeout(done));
    }
    return root;
  }

  /**
   * What the names of destinations stand for: a dictionary in old files, else a tree of lists.
   * @param {PDFDict} part
   */
  named(part) {
    const old = this.look(part.get(N('Dests')));
    for (const [key, value] of old instanceof PDFDict ? old.entries() : [])
      this.destinations.set(key.decodeText(), value);
    const names = this.look(part.get(N('Names')));
    if (!(names instanceof PDFDict)) return;
    for (const [name, value] of leaves((each) => this.look(each), names.get(N('Dests')))) {
      if (isText(name)) this.destinations.set(name.decodeText(), value);
    }
  }

  /**
   * @param {PDFObject} value
   * @param {string} kind
   */
  later(value, kind) {
    const number = this.to.nextRef();
    this.waiting.push({ number, value, kind });
    return number;
  }

  /**
   * @param {PDFObject | undefined} value
   * @returns {PDFObject | undefined}
   */
  look(value) {
    return this.from.lookup(value);
  }

  /**
   * @param {PDFObject | undefined} value
   * @param {string} kind
   * @returns {PDFObject}
   */
  copy(value, kind) {
    if (value === PDFNull || value === undefined) return PDFNull;
    if (value instanceof PDFRef) return this.reference(value, kind);
    if (PLAIN.some((each) => value instanceof each)) return this.plain(value, kind);
    if (value instanceof PDFArray) return this.list(value, kind);
    const isStream = value instanceof PDFRawStream;
    if (!isStream && !(value instanceof PDFDict)) throw new Unreadable('an object that is none');
    const actual = this.kinds.of(isStream ? value.dict : value, kind);
    if (!KEPT.has(actual) && !NAMED.has(actual)) return this.lost();
    return isStream ? this.stream(value, actual) : this.part(value, actual);
  }

  /**
   * Words stand only where words are listed: not among layers, nor where a page is led to.
   * @param {PDFObject} value
   * @param {string} kind
   * @returns {PDFObject}
   */
  plain(value, kind) {
    if (kind === 'dest' && (isText(value) || value instanceof PDFName)) return this.destination(value);
    return isText(value) && kind === 'layer' ? this.lost() : value;
  }

  /**
   * A destination by its name is given as what the name stands for: [page, …].
   * @param {PDFName | PDFString | PDFHexString} name
   * @returns {PDFObject}
   */
  destination(name) {
    const found = this.look(this.destinations.get(name.decodeText()));
    const array = found instanceof PDFDict ? this.look(found.get(N('D'))) : found;
    return array instanceof PDFArray ? this.copy(array, 'dest') : this.lost();
  }

  lost() {
    this.revealed.other = true;
    return PDFNull;
  }

  /**
   * @param {PDFRef} reference
   * @param {string} kind
   * @returns {PDFObject}
   */
  reference(reference, kind) {
    const value = this.look(reference);
    if (value === undefined || this.leftOut(value, kind)) return PDFNull;
    const dict = value instanceof PDFRawStream ? value.dict : value;
    const actual = dict instanceof PDFDict ? this.kinds.of(dict, kind) : kind;
    const known = this.numbers.get(`${reference} ${actual}`);
    if (known) return known;
    const number = this.later(value, actual);
    this.numbers.set(`${reference} ${actual}`, number);
    return number;
  }

  /**
   * @param {PDFArray} array
   * @param {string} kind
   */
  list(array, kind) {
    const copied = PDFArray.withContext(this.to);
    const names = kind === 'dest'; // the first leads to a page, the others say how it is shown
    for (const [n, value] of array.asArray().entries()) {
      const leads = names && n > 0 ? 'plain' : kind;
      if (!names && this.leftOut(this.look(value), kind)) continue;
      const kept = this.copy(value, leads);
      if (kept !== PDFNull || leads === 'plain' || kind === 'dest') copied.push(kept);
    }
    return copied;
  }

  /**
   * An annotation's window shows nothing that the annotation does not; nor does what is on no page.
   * @param {PDFObject | undefined} value
   * @param {string} kind
   * @returns {boolean}
   */
  leftOut(value, kind) {
    if (!(value instanceof PDFDict)) return false;
    if (this.kinds.nameOf(value.get(N('Subtype'))) === 'Popup') return true;
    const actual = this.kinds.of(value, kind);
    if ((actual !== 'pages' && actual !== 'annotation') || this.reach.live.has(value)) return false;
    if (actual === 'annotation') this.refuseSigned(value);
    this.revealed.other = true;
    return true;
  }

  /**
   * @param {PDFDict} dict
   * @param {string} kind
   * @param {Keys | null} [filterKeys]
   */
  part(dict, kind, filterKeys = null) {
    const type = this.kinds.nameOf(dict.get(N('Type')));
    if (kind !== 'document' && UNKNOWN.has(/** @type {string} */ (type))) throw new Unreadable(`a ${type}`);
    if (HOLDERS.some((key) => dict.has(N(key)))) throw new Unreadable('another file inside');
    if (kind === 'annotation') this.annotation(dict);
    if (kind === 'resources') this.reach.resources(dict);
    const copied = PDFDict.withContext(this.to);
    for (const [key, value] of dict.entries()) {
      const name = key.decodeText();
      if (!this.reach.draws(dict, name)) {
        this.revealed.other = true;
        continue;
      }
      const leads = filterKeys?.get(name) ?? this.kinds.leads(dict, kind, name);
      if (leads === 'anew') copied.set(key, this.anew(kind));
      else if (leads) copied.set(key, this.copy(value, leads));
      else this.revealed.other ||= !DEAD.has(name);
    }
    return copied;
  }

  /**
   * Names of layers and fields lead nowhere else, and are given in the order in which they are met.
   * @param {string} kind
   */
  anew(kind) {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return PDFString.of(`${kind === 'layer' ? 'Layer ' : 'field'}${this.counts[kind]}`);
  }

  /** @param {PDFDict} dict */
  annotation(dict) {
    const subtype = this.kinds.nameOf(dict.get(N('Subtype')));
    if (subtype !== null && !ANNOTATIONS.has(subtype)) throw new Unreadable(`a ${subtype}`);
    this.refuseSigned(dict);
    if (this.kinds.isField(dict)) return;
    for (const key of SIGNED) this.revealed.other ||= dict.has(N(key));
    const who = this.look(dict.get(N('T')));
    if (isText(who)) this.revealed.author ??= who.decodeText().trim() || null;
  }

  /** @param {PDFDict} dict */
  refuseSigned(dict) {
    if (this.kinds.nameOf(dict.get(N('FT'))) === 'Sig' && dict.has(N('V'))) throw new Unreadable('signed');
  }

  /**
   * @param {PDFRawStream} stream
   * @param {string} kind
   */
  stream(stream, kind) {
    const { dict } = stream;
    if (dict.has(N('F'))) throw new Unreadable('what it shows lies elsewhere');
    const filters = filtersOf(stream, this.kinds);
    const isContent = kind === 'content' || dict.has(N('BBox')); // a form or a pattern has that
    const content = isContent ? contentOf(stream) : null;
    const copied = this.part(dict, kind, FILTER_KEYS);
    if (content) {
      this.revealed.other = true;
      copied.set(N('Filter'), N('FlateDecode'));
      copied.delete(N('DecodeParms'));
      return PDFRawStream.of(copied, zlibSync(content));
    }
    if (!filters.includes('DCTDecode')) return PDFRawStream.of(copied, stream.getContents());
    copied.set(N('Filter'), N('DCTDecode'));
    copied.delete(N('DecodeParms'));
    const { parts, revealed } = photoOf(stream, filters, this.from);
    this.revealed.place ??= revealed.place;
    this.revealed.time ??= revealed.time;
    this.revealed.device ??= revealed.device;
    this.revealed.other ||= revealed.other;
    return PDFRawStream.of(copied, concat(...parts));
  }
}

/**
 * What the file says of itself at its end.
 * @param {PDFContext} whole
 * @param {Revealed} revealed
 */
function described(whole, revealed) {
  const info = whole.lookup(whole.trailerInfo.Info);
  if (!(info instanceof PDFDict)) return;
  const said = (/** @type {string} */ key) => {
    const value = info.lookup(N(key));
    return isText(value) ? value.decodeText().trim() || null : null;
  };
  revealed.author = said('Author') ?? revealed.author;
  revealed.device = said('Creator') ?? said('Producer') ?? revealed.device;
  revealed.time = day(said('CreationDate') ?? said('ModDate') ?? '') ?? revealed.time;
  revealed.other ||= info.keys().some((key) => !NAMED_APART.has(key.decodeText()));
}

/**
 * A PDF's bytes: {parts, revealed}. Throws Unreadable for one that is locked, signed, broken, or holds
 * what is not known here.
 * @param {Bytes} bytes
 * @returns {Promise<Cleaned>}
 */
export async function copy(bytes) {
  beginDecoding();
  const { whole, root } = await parsed(bytes);
  const made = new Copy(whole, root);
  made.to.trailerInfo.Root = await made.all(root);
  described(whole, made.revealed);
  const written = await PDFWriter.forContext(made.to, AT_ONCE).serializeToBuffer();
  return { parts: [written], revealed: made.revealed };
}
