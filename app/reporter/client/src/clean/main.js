// Looking into a chosen file: what it tells besides what it shows, and a copy that does not.
// An asset of its own (dist/clean.js), loaded when the first file is chosen. Nothing is drawn anew:
// a picture, a film or a page keeps its own bytes. Never here: the network, the page.

import { heic, video } from './boxes.js';
import { bytesOf, Unreadable } from './bytes.js';
import { office } from './office.js';
import { pdf } from './pdf.js';
import { jpeg, png, webp } from './pictures.js';

const WHOLE_MAX = 200 * 1024 * 1024; // a picture larger than this is no picture
const PDF_MAX = 64 * 1024 * 1024; // it is in memory three times
const HEIC = /^(heic|heix|hevc|hevx|heim|heis|mif1|msf1|avif)$/;

const whole = (read) => async (blob) => {
  if (blob.size > WHOLE_MAX) throw new Unreadable('too large');
  return read(await bytesOf(blob));
};

/** By its first bytes, whatever it is called. */
function kindOf(head) {
  const text = String.fromCharCode(...head);
  if (head[0] === 0xff && head[1] === 0xd8) return { ending: 'jpg', type: 'image/jpeg', read: whole(jpeg) };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { ending: 'png', type: 'image/png', read: whole(png) };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') {
    return { ending: 'webp', type: 'image/webp', read: whole(webp) };
  }
  if (text.slice(4, 8) === 'ftyp') {
    const brand = text.slice(8, 12);
    if (HEIC.test(brand)) return { ending: 'heic', type: 'image/heic', read: heic };
    const quick = brand === 'qt  ';
    return { ending: quick ? 'mov' : 'mp4', type: quick ? 'video/quicktime' : 'video/mp4', read: video };
  }
  if (text.startsWith('PK\x03\x04')) return { read: whole(office) };
  return null;
}

const tells = ({ place, time, device, author, other }) => Boolean(place || time || device || author || other);

/** Read, write without what it tells, and read again: a copy is trusted only after a look into it.
 * Throws Unreadable. */
async function cleaned(file, kind) {
  const { parts, told, type = kind.type, ending = kind.ending } = await kind.read(file);
  const clean = new Blob(parts, { type });
  const again = await kind.read(clean);
  if (tells(again.told)) throw new Unreadable('the copy still tells');
  return { told, clean, ending, kind: null };
}

/** What a file tells, and its clean copy.
 * {told: {place: [latitude, longitude], time, device, author, other} | null, clean: Blob | null,
 * ending, kind}; `clean` is null where this kind cannot be cleaned, or where cleaning did not clean.
 * `kind` is "pdf" for a PDF of which nothing is taken out, but told what stands in plain sight.
 * `pdfPart()` loads what cleans PDFs (dist/pdf.js), which is larger than all else here. */
export async function examine(file, pdfPart) {
  const head = await bytesOf(file, 0, 16);
  const isPdf = String.fromCharCode(...head).startsWith('%PDF-');
  const kind = isPdf ? { ending: 'pdf', type: 'application/pdf' } : kindOf(head);
  const cannot = { told: null, clean: null, ending: null, kind: isPdf ? 'pdf' : null };
  if (!kind) return cannot;
  try {
    if (isPdf && file.size > PDF_MAX) throw new Unreadable('too large');
    if (isPdf) kind.read = whole((await pdfPart()).pdfCopy);
    return await cleaned(file, kind);
  } catch (error) {
    if (!error.unreadable) throw error;
    const told = isPdf ? await pdf(file) : null;
    return { ...cannot, told: told && tells(told) ? told : null };
  }
}
