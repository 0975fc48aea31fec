// A PDF's streams decoded by their filters, within bounds: a kilobyte can swell to gigabytes, and the page would be gone
// with what was written in it.

import { decodePDFRawStream, PDFContext, PDFRawStream } from '@cantoo/pdf-lib';
import { Unreadable } from './bytes.js';

/**
 * @import { PDFDict } from '@cantoo/pdf-lib'
 * @import { Bytes } from './bytes.js'
 */

const ONE_MAX = 64 * 1024 * 1024; // bytes of one stream: a map of a whole town has ten
const ALL_MAX = 512 * 1024 * 1024; // of all of a file, as often as they are decoded

/** What all decoding streams of the library have in common; it has no public name. */
const common = Object.getPrototypeOf(Object.getPrototypeOf(stream('ASCIIHexDecode')));
const grow = common.ensureBuffer;
if (!Object.hasOwn(common, 'ensureBuffer')) throw new Error('streams grow in another way');

/** @param {string} filter */
function stream(filter) {
  return decodePDFRawStream(PDFRawStream.of(PDFContext.create().obj({ Filter: filter }), new Uint8Array()));
}

/** From here on, so much of a file: the library's parser decodes by itself, too, and every stream grows here. */
export function beginDecoding() {
  let left = ALL_MAX;
  /**
   * @this {{buffer: Uint8Array}}
   * @param {number} requested
   * @returns {Uint8Array}
   */
  common.ensureBuffer = function within(requested) {
    if (requested <= this.buffer.byteLength) return this.buffer;
    const before = this.buffer.byteLength;
    if (requested > ONE_MAX) throw new Unreadable('too large inside');
    const buffer = grow.call(this, requested);
    left -= buffer.byteLength - before;
    if (left < 0) throw new Unreadable('too large inside');
    return buffer;
  };
}

/**
 * A stream's bytes, decoded by the filters that `dict` names. Throws Unreadable.
 * @param {PDFRawStream} stream
 * @param {PDFDict} dict
 * @returns {Bytes}
 */
export function decoded(stream, dict = stream.dict) {
  try {
    return /** @type {Bytes} */ (decodePDFRawStream(PDFRawStream.of(dict, stream.getContents())).decode());
  } catch {
    throw new Unreadable('a filter that fails');
  }
}
