// What a PDF says of itself in plain sight. It is only told, never taken out: a PDF keeps old
// versions, packs its notes away, and is signed; whoever claims to have cleaned one had better be sure.

const FIELD = /\/(Author|Creator|Producer|CreationDate|ModDate)\s*\(((?:[^()\\]|\\.){1,400})\)/g;
const LOOKED_AT = 4 * 1024 * 1024; // bytes at either end

/** A text string: Latin, or UTF-16 behind its mark. */
function plain(raw) {
  const letters = raw.replace(/\\([()\\])/g, '$1');
  if (!letters.startsWith('\u00fe\u00ff')) return letters.replace(/[^\x20-\x7e\xa0-\xff]/g, '').trim();
  let text = '';
  for (let at = 2; at + 1 < letters.length; at += 2) {
    text += String.fromCharCode(letters.charCodeAt(at) * 256 + letters.charCodeAt(at + 1));
  }
  return text.trim();
}

/** {time, device, author, …} as far as it stands there unpacked. */
export async function pdf(blob) {
  const ends = [blob.slice(0, LOOKED_AT), blob.slice(Math.max(LOOKED_AT, blob.size - LOOKED_AT))];
  const bytes = new Uint8Array(await new Blob(ends).arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  const found = {};
  for (const [, name, raw] of text.matchAll(FIELD)) found[name] ??= plain(raw);
  const day = /^D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?/.exec(found.CreationDate ?? found.ModDate ?? '');
  return {
    place: null,
    time: day ? `${day[1]}-${day[2]}-${day[3]} ${day[4] ?? ''}${day[5] ? `:${day[5]}` : ''}`.trim() : null,
    device: found.Creator || found.Producer || null,
    author: found.Author || null,
    other: false,
  };
}
