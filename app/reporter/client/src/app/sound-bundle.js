// A language's recordings in the form they are served in (docs/spec/site.md, listening). Bounded: what it
// says of itself is believed only as far as there are bytes.

import { fromUtf8 } from '../protocol/encoding.js';

/** @typedef {ReturnType<typeof readBundle>} Sounds */

/** What came is not what this page knows of: the site is another one by now. */
export class Changed extends Error {}

const HEAD = 4;
const VERSION = 1;

/**
 * @param {Uint8Array} index
 * @returns {Map<string, *>} by screen: its offset and size, unchecked
 */
function placesOf(index) {
  try {
    const { v, screens } = JSON.parse(fromUtf8(index));
    if (v === VERSION) return new Map(Object.entries(screens));
  } catch {
    // said below
  }
  throw new Changed();
}

/**
 * Take the parts over: they are emptied. `of(screen)` is a copy of that screen's sound, or null.
 * Throws Changed where this is no bundle.
 * @param {Uint8Array[]} parts
 */
export function readBundle(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
    part.fill(0);
  }
  const behind = whole.length < HEAD ? Infinity : HEAD + new DataView(whole.buffer).getUint32(0);
  if (behind > whole.length) throw new Changed();
  const places = placesOf(whole.subarray(HEAD, behind));
  return {
    /**
     * @param {string} screen
     * @returns {ArrayBuffer | null}
     */
    of(screen) {
      const [offset, size] = places.get(screen) ?? [];
      const end = behind + offset + size;
      if (!(size > 0) || !(offset >= 0) || !(end <= whole.length)) return null;
      return whole.slice(behind + offset, end).buffer;
    },
    wipe: () => whole.fill(0),
  };
}
