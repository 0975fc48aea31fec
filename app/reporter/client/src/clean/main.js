// Looking into a chosen file: what it tells besides what it shows, and a copy that does not.
// An asset of its own (dist/clean.js), loaded when the first file is chosen. Nothing is drawn anew:
// a picture, a film or a page keeps its own bytes. Never here: the network, the page.

import { bytesOf, Unreadable } from './bytes.js';
import { webm } from './ebml.js';
import { film } from './film.js';
import { aac, amr, mp3 } from './frames.js';
import { gif } from './gif.js';
import { heic } from './heic.js';
import { ogg } from './ogg.js';
import { pdf } from './pdf.js';
import { jpeg, png, webp } from './pictures.js';
import { wav } from './riff.js';

/** @import { Bytes, Cleaned, Source, Revealed } from './bytes.js' */
/**
 * A kind of file: how it is read, or which part of the page has to be loaded for that.
 * @typedef {{ending?: string, type?: string, read?: (file: Source) => Promise<Cleaned>, part?: 'office' | 'pdf'}} Kind
 */
/** @typedef {{copy: (bytes: Bytes) => Promise<Cleaned>}} Part dist/pdf.js, dist/office.js */

const WHOLE_MAX = 200 * 1024 * 1024; // a picture larger than this is no picture
const PDF_MAX = 64 * 1024 * 1024; // it is in memory three times

/**
 * @param {(bytes: Bytes) => Cleaned | Promise<Cleaned>} read
 * @returns {(file: Source) => Promise<Cleaned>}
 */
const whole = (read) => async (blob) => {
  if (blob.size > WHOLE_MAX) throw new Unreadable('too large');
  return read(await bytesOf(blob));
};

/** @type {[RegExp, Kind][]} */
const KINDS = [
  [/^\xff\xd8/, { ending: 'jpg', type: 'image/jpeg', read: whole(jpeg) }],
  [/^\x89PNG\r\n\x1a\n/, { ending: 'png', type: 'image/png', read: whole(png) }],
  [/^RIFF[^]{4}WEBP/, { ending: 'webp', type: 'image/webp', read: whole(webp) }],
  [/^GIF8[79]a/, { ending: 'gif', type: 'image/gif', read: whole(gif) }],
  [/^[^]{4}ftyp(avif)/, { ending: 'avif', type: 'image/avif', read: heic }],
  [/^[^]{4}ftyp(hei[cxms]|hev[cx]|mif[12]|msf1)/, { ending: 'heic', type: 'image/heic', read: heic }],
  [/^[^]{4}ftypqt {2}/, { ending: 'mov', type: 'video/quicktime', read: film }],
  [/^[^]{4}ftyp/, { ending: 'mp4', type: 'video/mp4', read: film }],
  [/^\x1a\x45\xdf\xa3/, { ending: 'webm', type: 'video/webm', read: webm }],
  [/^OggS/, { ending: 'ogg', type: 'audio/ogg', read: whole(ogg) }],
  [/^RIFF[^]{4}WAVE/, { ending: 'wav', type: 'audio/wav', read: wav }],
  [/^#!AMR/, { ending: 'amr', type: 'audio/amr', read: whole(amr) }],
  [/^\xff[\xf0\xf1\xf8\xf9]/, { ending: 'aac', type: 'audio/aac', read: whole(aac) }],
  [/^(ID3|\xff[\xe0-\xff])/, { ending: 'mp3', type: 'audio/mpeg', read: whole(mp3) }],
  [/^PK\x03\x04/, { part: 'office' }],
];

/**
 * By its first bytes, whatever it is called.
 * @param {Uint8Array} head
 * @returns {Kind | null}
 */
function kindOf(head) {
  const text = String.fromCharCode(...head);
  const found = KINDS.find(([mark]) => mark.test(text));
  return found ? { ...found[1] } : null;
}

/** @param {Revealed} revealed */
const tells = ({ place, time, device, author, other }) => Boolean(place || time || device || author || other);

/**
 * Read, write without what it tells, and read again: a copy is trusted only after a look into it.
 * Throws Unreadable.
 * @param {Source} file
 * @param {Kind} kind
 */
async function cleaned(file, kind) {
  const {
    parts,
    copy,
    revealed,
    type = kind.type,
    ending = kind.ending,
  } = await /** @type {Required<Kind>} */ (kind).read(file);
  const clean = copy ?? new Blob(parts, { type });
  if (copy) copy.type = /** @type {string} */ (type);
  const again = await /** @type {Required<Kind>} */ (kind).read(clean);
  if (tells(again.revealed)) throw new Unreadable('the copy still tells');
  return { revealed, clean, ending, kind: null };
}

/**
 * What a file tells, and its clean copy.
 * {revealed: {place: [latitude, longitude], time, device, author, other} | null, clean, ending, kind}; `clean` is a
 * Blob, or what is like one for its parts (see patches.js); null where this kind cannot be cleaned, or where
 * cleaning did not clean.
 * `kind` is "pdf" for a PDF of which nothing is taken out, but told what stands in plain sight.
 * `load` has what is loaded with the first file of its kind: `pdf()` is dist/pdf.js, `office()` dist/office.js.
 * @param {File} file
 * @param {Record<'office' | 'pdf', () => Promise<Part>>} load
 */
export async function examine(file, load) {
  const head = await bytesOf(file, 0, 16);
  const isPdf = String.fromCharCode(...head).startsWith('%PDF-');
  /** @type {Kind | null} */
  const kind = isPdf ? { ending: 'pdf', type: 'application/pdf', part: 'pdf' } : kindOf(head);
  const cannot = { revealed: null, clean: null, ending: null, kind: isPdf ? 'pdf' : null };
  if (!kind) return cannot;
  try {
    if (isPdf && file.size > PDF_MAX) throw new Unreadable('too large');
    if (kind.part) kind.read = whole((await load[kind.part]()).copy);
    return await cleaned(file, kind);
  } catch (error) {
    if (!(/** @type {Partial<Unreadable>} */ (error).unreadable)) throw error;
    const revealed = isPdf ? await pdf(file) : null;
    return { ...cannot, revealed: revealed && tells(revealed) ? revealed : null };
  }
}

export { disguise, readAdpcm } from './voice.js';
