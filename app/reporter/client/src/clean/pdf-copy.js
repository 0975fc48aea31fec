// A PDF made anew out of what its pages show. An asset of its own (dist/pdf.js), loaded with the first
// PDF. Everything is reached from the document's beginning, so old versions, and what was deleted, stay
// behind; the numbers of objects are new; there is no description of the file, and no id.

import PDFContext from '../../node_modules/@cantoo/pdf-lib/es/core/PDFContext.js';
import PDFArray from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFArray.js';
import PDFBool from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFBool.js';
import PDFDict from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFDict.js';
import PDFHexString from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFHexString.js';
import PDFName from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFName.js';
import PDFNull from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFNull.js';
import PDFNumber from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFNumber.js';
import PDFRawStream from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFRawStream.js';
import PDFRef from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFRef.js';
import PDFString from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFString.js';
import PDFParser from '../../node_modules/@cantoo/pdf-lib/es/core/parser/PDFParser.js';
import { decodePDFRawStream } from '../../node_modules/@cantoo/pdf-lib/es/core/streams/decode.js';
import PDFWriter from '../../node_modules/@cantoo/pdf-lib/es/core/writers/PDFWriter.js';
import { concat } from '../protocol/encoding.js';
import { Unreadable } from './bytes.js';
import {
  ACTIONS, ADDRESS, DEAD, FIELD_NAME, HOLDERS, KEPT, LEADING, MARKS, NAMED, PACKED, REMARKS, SIGNED, TELLING, UNKNOWN,
} from './pdf-keys.js';
import { day } from './pdf.js';
import { jpeg } from './pictures.js';

const AT_ONCE = 200; // objects between two breaths: the page goes on meanwhile
// A picture inside a drawing, packed as a photo: its notes would go with it.
const PHOTO_INSIDE = /(^|\s)BI\s[^]{0,400}?\/(DCT|DCTDecode)\b/;

// Said in words of their own, or of nobody.
const NAMED_APART = new Set(['Author', 'Creator', 'Producer', 'CreationDate', 'ModDate', 'Trapped']);

const N = (text) => PDFName.of(text);
const isText = (value) => value instanceof PDFString || value instanceof PDFHexString;
const PLAIN = [PDFName, PDFNumber, PDFBool, PDFString, PDFHexString];

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
  constructor(whole) {
    this.from = whole;
    this.to = PDFContext.create();
    this.told = { place: null, time: null, device: null, author: null, other: false };
    this.numbers = new Map();
    this.waiting = [];
  }

  /** Copy everything that a part leads to; its new reference. */
  async all(part) {
    const root = this.later(part, 'document');
    for (let n = 0; n < this.waiting.length; n += 1) {
      const { number, value, kind } = this.waiting[n];
      this.to.assign(number, this.copy(value, kind));
      if (n % AT_ONCE === 0) await new Promise((done) => setTimeout(done));
    }
    return root;
  }

  later(value, kind) {
    const number = this.to.nextRef();
    this.waiting.push({ number, value, kind });
    return number;
  }

  look(value) {
    return this.from.lookup(value);
  }

  nameOf(value) {
    const found = this.look(value);
    return found instanceof PDFName ? found.decodeText() : null;
  }

  copy(value, kind) {
    if (value === PDFNull || value === undefined) return PDFNull;
    if (PLAIN.some((each) => value instanceof each)) return value;
    if (value instanceof PDFRef) return this.reference(value, kind);
    if (value instanceof PDFArray) return this.list(value, kind);
    if (value instanceof PDFRawStream) return this.stream(value, kind);
    if (value instanceof PDFDict) return this.part(value, kind);
    throw new Unreadable('an object that is none');
  }

  reference(reference, kind) {
    const known = this.numbers.get(reference);
    if (known) return known;
    const value = this.look(reference);
    if (value === undefined || this.leftOut(value)) return PDFNull;
    const number = this.later(value, kind);
    this.numbers.set(reference, number);
    return number;
  }

  list(array, kind) {
    const copied = PDFArray.withContext(this.to);
    for (const value of array.asArray()) {
      if (!this.leftOut(this.look(value))) copied.push(this.copy(value, kind));
    }
    return copied;
  }

  /** A window for a remark shows nothing that the remark does not. */
  leftOut(value) {
    return value instanceof PDFDict && this.nameOf(value.get(N('Subtype'))) === 'Popup';
  }

  /** What a dictionary is, wherever it was found: a page is reached from a chapter, too. */
  kindOf(dict, kind) {
    const type = this.nameOf(dict.get(N('Type')));
    if (type === 'Page' || type === 'Pages') return 'pages';
    if (type === 'Annot' || (dict.has(N('Subtype')) && dict.has(N('Rect'))) || dict.has(N('FT'))) return 'remark';
    return kind;
  }

  part(dict, asked) {
    const kind = this.kindOf(dict, asked);
    const type = this.nameOf(dict.get(N('Type')));
    if (kind !== 'document' && UNKNOWN.has(type)) throw new Unreadable(`a ${type}`);
    if (HOLDERS.some((key) => dict.has(N(key)))) throw new Unreadable('another file inside');
    if (kind === 'remark') this.remark(dict);
    const copied = PDFDict.withContext(this.to);
    for (const [key, value] of dict.entries()) {
      const leads = this.leads(dict, kind, key.decodeText());
      if (leads) copied.set(key, this.copy(value, leads));
    }
    return copied;
  }

  /** The kind of what a key leads to; null for one that is not copied. */
  leads(dict, kind, name) {
    if (kind === 'resources' && name === MARKS) return 'layers';
    if (NAMED[kind]) return NAMED[kind];
    if (TELLING.has(name)) {
      this.told.other = true;
      return null;
    }
    if (DEAD.has(name)) return null;
    if (kind === 'remark' && name === FIELD_NAME && this.isField(dict)) return 'shown';
    const leads = KEPT[kind] ? KEPT[kind][name] : (LEADING[name] ?? 'shown');
    if (leads === 'action' && !this.isHarmless(this.look(dict.get(N(name))))) return null;
    return leads ?? null;
  }

  isField(dict) {
    return dict.has(N('FT')) || dict.has(N('Kids')) || this.nameOf(dict.get(N('Subtype'))) === 'Widget';
  }

  remark(dict) {
    const subtype = this.nameOf(dict.get(N('Subtype')));
    if (subtype !== null && !REMARKS.has(subtype)) throw new Unreadable(`a ${subtype}`);
    if (this.nameOf(dict.get(N('FT'))) === 'Sig' && dict.has(N('V'))) throw new Unreadable('signed');
    if (this.isField(dict)) return;
    for (const key of SIGNED) this.told.other ||= dict.has(N(key));
    const who = this.look(dict.get(N('T')));
    if (isText(who)) this.told.author ??= who.decodeText().trim() || null;
  }

  isHarmless(action) {
    if (!(action instanceof PDFDict)) return false;
    const does = this.nameOf(action.get(N('S')));
    if (does !== 'URI') return ACTIONS.has(does);
    const address = this.look(action.get(N('URI')));
    return isText(address) && ADDRESS.test(address.decodeText());
  }

  /** The names of a stream's packings, in the order in which they are taken off. */
  packings({ dict }) {
    const found = this.look(dict.get(N('Filter')));
    const names = found instanceof PDFArray ? found.asArray() : found ? [found] : [];
    return names.map((each) => this.nameOf(each));
  }

  stream(stream, kind) {
    const { dict } = stream;
    if (dict.has(N('F'))) throw new Unreadable('what it shows lies elsewhere');
    const packings = this.packings(stream);
    if (!packings.every((each) => PACKED.has(each))) throw new Unreadable('packed in a way of its own');
    if (kind === 'drawing' || dict.has(N('BBox'))) this.drawing(stream); // a form or a pattern has that
    const copied = this.part(dict, 'shown');
    if (!packings.includes('DCTDecode')) return PDFRawStream.of(copied, stream.getContents());
    copied.set(N('Filter'), N('DCTDecode'));
    copied.delete(N('DecodeParms'));
    return PDFRawStream.of(copied, this.photo(stream, packings));
  }

  drawing(stream) {
    const bytes = this.unpacked(stream, stream.dict);
    if (PHOTO_INSIDE.test(new TextDecoder('latin1').decode(bytes))) throw new Unreadable('a photo in a drawing');
  }

  unpacked(stream, dict) {
    try {
      return decodePDFRawStream(PDFRawStream.of(dict, stream.getContents())).decode();
    } catch {
      throw new Unreadable('packed in another way');
    }
  }

  photo(stream, packings) {
    if (packings.at(-1) !== 'DCTDecode') throw new Unreadable('packed in another way');
    const outer = PDFDict.withContext(this.from);
    outer.set(N('Filter'), this.from.obj(packings.slice(0, -1)));
    const bytes = packings.length > 1 ? this.unpacked(stream, outer) : stream.getContents();
    const { parts, told } = jpeg(bytes);
    for (const what of ['place', 'time', 'device']) this.told[what] ??= told[what];
    this.told.other ||= told.other;
    return concat(...parts);
  }
}

/** What the file says of itself at its end. */
function described(whole, told) {
  const info = whole.lookup(whole.trailerInfo.Info);
  if (!(info instanceof PDFDict)) return;
  const said = (key) => {
    const value = info.lookup(N(key));
    return isText(value) ? value.decodeText().trim() || null : null;
  };
  told.author = said('Author') ?? told.author;
  told.device = said('Creator') ?? said('Producer') ?? told.device;
  told.time = day(said('CreationDate') ?? said('ModDate') ?? '') ?? told.time;
  told.other ||= info.keys().some((key) => !NAMED_APART.has(key.decodeText()));
}

/** A PDF's bytes: {parts, told}. Throws Unreadable for one that is locked, signed, broken, or holds
 * what is not known here. */
export async function copy(bytes) {
  const { whole, root } = await parsed(bytes);
  const made = new Copy(whole);
  made.to.trailerInfo.Root = await made.all(root);
  described(whole, made.told);
  const written = await PDFWriter.forContext(made.to, AT_ONCE).serializeToBuffer();
  return { parts: [written], told: made.told };
}
