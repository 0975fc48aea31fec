// What a PDF says of itself in plain sight: told of one that cannot be cleaned, because it is locked,
// signed, or holds what pdf-copy.js does not know.

/** @import { Source, Revealed } from './bytes.js' */

const FIELD = /\/(Author|Creator|Producer|CreationDate|ModDate)\s*\(((?:[^()\\]|\\.){1,400})\)/g;
const LOOKED_AT = 4 * 1024 * 1024; // bytes at either end

/**
 * A text string: Latin, or UTF-16 behind its mark.
 * @param {string} raw
 * @returns {string}
 */
function plain(raw) {
  const letters = raw.replace(/\\([()\\])/g, '$1');
  if (!letters.startsWith('\u00fe\u00ff')) return letters.replace(/[^\x20-\x7e\xa0-\xff]/g, '').trim();
  let text = '';
  for (let at = 2; at + 1 < letters.length; at += 2) {
    text += String.fromCharCode(letters.charCodeAt(at) * 256 + letters.charCodeAt(at + 1));
  }
  return text.trim();
}

/**
 * A PDF's date, as people read it: "D:20310506070809Z" is "2031-05-06 07:08"; null for none.
 * @param {string} text
 * @returns {string | null}
 */
export function day(text) {
  const found = /^D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?/.exec(text);
  if (!found) return null;
  const [, year, month, date, hour, minute] = found;
  return `${year}-${month}-${date} ${hour ?? ''}${minute ? `:${minute}` : ''}`.trim();
}

/**
 * {time, device, author, …} as far as it stands there under no filter.
 * @param {Source} blob
 * @returns {Promise<Revealed>}
 */
export async function pdf(blob) {
  const ends = [blob.slice(0, LOOKED_AT), blob.slice(Math.max(LOOKED_AT, blob.size - LOOKED_AT))];
  const bytes = new Uint8Array(await new Blob(ends).arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  /** @type {Record<string, string>} */
  const found = {};
  for (const [, name, raw] of text.matchAll(FIELD)) found[name] ??= plain(raw);
  return {
    place: null,
    time: day(found.CreationDate ?? found.ModDate ?? ''),
    device: found.Creator || found.Producer || null,
    author: found.Author || null,
    other: false,
  };
}
