// What a PDF's streams hold: what pages show, without what programs write into it, and photos.

import { PDFArray, PDFDict } from '@cantoo/pdf-lib';
import { Unreadable } from './bytes.js';
import { plainContent } from './pdf-content.js';
import { decoded } from './pdf-filters.js';
import { FILTERS } from './pdf-keys.js';
import { N } from './pdf-kinds.js';
import { jpeg } from './pictures.js';

/**
 * @import { PDFContext, PDFRawStream } from '@cantoo/pdf-lib'
 * @import { Bytes } from './bytes.js'
 * @import { Kinds } from './pdf-kinds.js'
 */

// An inline image that is a photo (JPEG): its notes would go with it.
const PHOTO_INSIDE = /(^|\s)BI\s[^]{0,400}?\/(DCT|DCTDecode)\b/;

/**
 * The names of a stream's filters, in the order in which they are applied to decode it.
 * @param {PDFRawStream} stream
 * @param {Kinds} kinds
 */
export function filtersOf({ dict }, kinds) {
  const found = kinds.look(dict.get(N('Filter')));
  const values = found instanceof PDFArray ? found.asArray() : found ? [found] : [];
  const names = values.map((each) => kinds.nameOf(each));
  if (!names.every((each) => FILTERS.has(/** @type {string} */ (each)))) throw new Unreadable('an unknown filter');
  return names;
}

/**
 * A content stream without what programs write into it; null for one that is well as it is.
 * @param {PDFRawStream} stream
 */
export function contentOf(stream) {
  const bytes = decoded(stream);
  if (PHOTO_INSIDE.test(new TextDecoder('latin1').decode(bytes))) throw new Unreadable('a photo as an inline image');
  const plain = plainContent(bytes);
  return plain.length === bytes.length && plain.every((byte, n) => byte === bytes[n]) ? null : plain;
}

/**
 * A photo without its notes: {parts, revealed}.
 * @param {PDFRawStream} stream
 * @param {(string | null)[]} filters
 * @param {PDFContext} context the stream's own
 */
export function photoOf(stream, filters, context) {
  if (filters.at(-1) !== 'DCTDecode') throw new Unreadable('a photo under another filter');
  const outer = PDFDict.withContext(context);
  outer.set(N('Filter'), context.obj(filters.slice(0, -1)));
  const bytes = filters.length > 1 ? decoded(stream, outer) : stream.getContents();
  return jpeg(/** @type {Bytes} */ (bytes));
}
