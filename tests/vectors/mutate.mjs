/**
 * Does a changed byte make a vectors file fail? For the tests of the runner.
 *
 * Lives here: changing one place of a file, and running only as many sections as it takes to
 * notice, the likely ones first.
 */
import { fromUtf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { irregularities } from './layout.mjs';
import { SECTIONS } from './sections.mjs';

async function fails(section, v) {
  try {
    for await (const [, passed] of section(v)) if (!passed) return true;
    return false;
  } catch {
    return true;
  }
}

/**
 * @param {Uint8Array} bytes a changed vectors file
 * @param {string} [likely] the section to begin with
 * @returns {Promise<string|null>} what noticed: parsing, layout or a section; null for nothing
 */
export async function noticedBy(bytes, likely) {
  let text;
  let v;
  try {
    text = fromUtf8(bytes);
    v = JSON.parse(text);
  } catch {
    return 'parsing';
  }
  if (irregularities(text).length) return 'layout';
  if (Object.keys(v).some((name) => !Object.hasOwn(SECTIONS, name))) return 'sections';
  const names = Object.keys(SECTIONS).sort((a, b) => (b === likely) - (a === likely));
  for (const name of names) if (!(name in v) || (await fails(SECTIONS[name], v))) return name;
  return null;
}

/**
 * @param {*} value a vectors file or a part of it
 * @param {Array<string|number>} [path]
 * @yields {Array<string|number>} the way to every leaf
 */
export function* leaves(value, path = []) {
  if (value === null || typeof value !== 'object') yield path;
  else for (const name of Object.keys(value)) yield* leaves(value[name], [...path, name]);
}

/** Another value of the same kind: one character or one number further. */
export function changed(value, at) {
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string' || !value.length) return 'x';
  const digits = /^[0-9a-f]+$/.test(value);
  const letter = value[at % value.length];
  const next = String.fromCodePoint(letter.charCodeAt(0) + 1);
  const other = digits ? (parseInt(letter, 16) ^ 1).toString(16) : next;
  return value.slice(0, at % value.length) + other + value.slice((at % value.length) + 1);
}
