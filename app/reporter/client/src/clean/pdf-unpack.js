// What is packed in a PDF, unpacked within bounds: a kilobyte can swell to gigabytes, and the page would be gone
// with what was written in it.

import PDFRawStream from '../../node_modules/@cantoo/pdf-lib/es/core/objects/PDFRawStream.js';
import DecodeStream from '../../node_modules/@cantoo/pdf-lib/es/core/streams/DecodeStream.js';
import { decodePDFRawStream } from '../../node_modules/@cantoo/pdf-lib/es/core/streams/decode.js';
import { Unreadable } from './bytes.js';

const ONE_MAX = 64 * 1024 * 1024; // bytes of one stream: a drawing of a whole town has ten
const ALL_MAX = 512 * 1024 * 1024; // of all of a file, as often as they are unpacked

const grow = DecodeStream.prototype.ensureBuffer;

/** From here on, so much of a file: the library's parser unpacks by itself, too, and every stream grows here. */
export function beginUnpacking() {
  let left = ALL_MAX;
  DecodeStream.prototype.ensureBuffer = function within(requested) {
    if (requested <= this.buffer.byteLength) return this.buffer;
    const before = this.buffer.byteLength;
    if (requested > ONE_MAX) throw new Unreadable('too large inside');
    const buffer = grow.call(this, requested);
    left -= buffer.byteLength - before;
    if (left < 0) throw new Unreadable('too large inside');
    return buffer;
  };
}

/** A stream's bytes, by what `dict` says of its packing. Throws Unreadable. */
export function unpacked(stream, dict = stream.dict) {
  try {
    return decodePDFRawStream(PDFRawStream.of(dict, stream.getContents())).decode();
  } catch {
    throw new Unreadable('packed in another way');
  }
}
