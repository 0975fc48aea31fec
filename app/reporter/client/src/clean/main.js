// Looking into a chosen file: what it tells besides what it shows, and a copy that does not.
// An asset of its own (dist/clean.js), loaded when the first file is chosen. Nothing is drawn anew:
// a picture or a film keeps its own bytes. Never here: the network, the page.

import { heic, video } from './boxes.js';
import { bytesOf, Unreadable } from './bytes.js';
import { office } from './office.js';
import { pdf } from './pdf.js';
import { jpeg, png, webp } from './pictures.js';

const WHOLE_MAX = 200 * 1024 * 1024; // a picture larger than this is no picture
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

/** What a file tells, and its clean copy.
 * {told: {place: [latitude, longitude], time, device, author, other} | null, clean: Blob | null,
 * ending, kind}; `clean` is null where this kind cannot be cleaned, or where cleaning did not clean.
 * `kind` is "pdf" for one of which nothing is taken out, but told what stands in plain sight. */
export async function examine(file) {
  const head = await bytesOf(file, 0, 16);
  const kind = kindOf(head);
  const cannot = { told: null, clean: null, ending: null, kind: null };
  if (String.fromCharCode(...head).startsWith('%PDF-')) {
    const told = await pdf(file);
    return { ...cannot, told: tells(told) ? told : null, kind: 'pdf' };
  }
  if (!kind) return cannot;
  try {
    const { parts, told, type = kind.type, ending = kind.ending } = await kind.read(file);
    const clean = new Blob(parts, { type });
    const again = await kind.read(clean); // trust the copy only after looking into it, too
    if (tells(again.told)) return cannot;
    return { told, clean, ending, kind: null };
  } catch (error) {
    if (error instanceof Unreadable) return cannot;
    throw error;
  }
}
