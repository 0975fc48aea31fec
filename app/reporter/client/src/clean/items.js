// The lists of a HEIC or AVIF file: what items there are, what each is, where its bytes lie. Read
// whole, and written anew with some of them only.

import { reader, Unreadable } from './bytes.js';
import { boxesIn } from './boxes.js';

/**
 * @import { Bytes } from './bytes.js'
 * @import { Box } from './boxes.js'
 */
/**
 * Where an item's bytes lie: `at` in the file, `from` as the list says it; `inside` "idat", or not.
 * @typedef {{inside: boolean, where: {at: number, from: number, size: number}[]}} Place
 */
/** @typedef {{type: string, from: number, to: number[]}} Ref */
/** @typedef {{type: string, id: number, ids: number[]}} Group */
/**
 * @typedef {Map<number, [number, boolean][]>} Links from an item to its properties: which, and whether it is essential
 */
/** @typedef {Map<number, {type: string, hidden: number}>} Kinds */
/**
 * Everything that "meta" says of items.
 * @typedef {{primary: number, kinds: Kinds, places: Map<number, Place>, refs: Ref[], groups: Group[],
 *   properties: Box[], links: Links, idat: Box | undefined}} Items
 */

const ITEMS_MAX = 20_000;

/**
 * Everything that "meta" says of items: {primary, kinds, places, refs, groups, properties, links, idat}. Throws
 * Unreadable.
 * @param {Bytes} bytes
 * @param {Pick<Box, 'at' | 'size'>} meta
 * @returns {Items}
 */
export function readItems(bytes, { at, size }) {
  const data = reader(bytes);
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  for (const box of boxesIn(bytes, at + 12, at + size)) {
    if (boxes.has(box.type) && box.type !== 'free') throw new Unreadable('a list that is there twice');
    boxes.set(box.type, box);
  }
  for (const type of ['hdlr', 'pitm', 'iloc', 'iinf', 'iprp']) if (!boxes.has(type)) throw new Unreadable(`no ${type}`);
  if (data.text(/** @type {Box} */ (boxes.get('hdlr')).at + 16, 4) !== 'pict') throw new Unreadable('no picture');
  const idat = boxes.get('idat');
  const numbered = data.u8(/** @type {Box} */ (boxes.get('pitm')).at + 8) > 0;
  const first = /** @type {Box} */ (boxes.get('pitm')).at + 12;
  return {
    primary: numbered ? data.u32(first) : data.u16(first),
    kinds: kindsOf(bytes, /** @type {Box} */ (boxes.get('iinf'))),
    places: placesOf(bytes, /** @type {Box} */ (boxes.get('iloc')), idat),
    refs: boxes.has('iref') ? refsOf(bytes, /** @type {Box} */ (boxes.get('iref'))) : [],
    groups: boxes.has('grpl') ? groupsOf(bytes, /** @type {Box} */ (boxes.get('grpl'))) : [],
    ...propertiesOf(bytes, /** @type {Box} */ (boxes.get('iprp'))),
    idat,
  };
}

/**
 * @param {Bytes} bytes
 * @param {Box} list
 * @returns {Kinds}
 */
function kindsOf(bytes, { at, size }) {
  const data = reader(bytes);
  const head = data.u8(at + 8) === 0 ? 14 : 16;
  /** @type {Kinds} */
  const kinds = new Map();
  for (const entry of boxesIn(bytes, at + head, at + size)) {
    const version = data.u8(entry.at + 8);
    if (entry.type !== 'infe' || version < 2) throw new Unreadable('an old list of items');
    const wide = version > 2;
    const id = wide ? data.u32(entry.at + 12) : data.u16(entry.at + 12);
    const next = entry.at + (wide ? 16 : 14);
    if (data.u16(next) || kinds.has(id)) throw new Unreadable('an item that is locked, or there twice');
    kinds.set(id, { type: data.text(next + 2, 4), hidden: bytes[entry.at + 11] & 1 });
  }
  return kinds;
}

/**
 * @param {Bytes} bytes
 * @param {Box} list
 * @param {Box | undefined} idat
 * @returns {Map<number, Place>}
 */
function placesOf(bytes, { at }, idat) {
  const data = reader(bytes);
  const version = data.u8(at + 8);
  const sizes = data.u16(at + 12);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  let next = at + 14;
  const take = (/** @type {number} */ size) => {
    const value = /** @type {Record<number, () => number>} */ ({
      0: () => 0,
      2: () => data.u16(next),
      4: () => data.u32(next),
      8: () => data.u64(next),
    })[size];
    if (!value) throw new Unreadable('a number of an odd size');
    const found = value();
    next += size;
    return found;
  };
  const count = take(version < 2 ? 2 : 4);
  /** @type {Map<number, Place>} */
  const places = new Map();
  let parts = 0;
  for (let n = 0; n < count; n += 1) {
    const id = take(version < 2 ? 2 : 4);
    const method = version > 0 ? take(2) & 15 : 0;
    if (take(2) !== 0) throw new Unreadable('an item that is elsewhere');
    const base = take(baseSize);
    const extents = take(2);
    parts += extents + 1;
    if (method > 1 || (method === 1 && !idat) || parts > ITEMS_MAX) throw new Unreadable('an item made of items');
    const inside = method === 1;
    const where = Array.from({ length: extents }, () => {
      take(indexSize);
      const from = base + take(offsetSize);
      const length = take(lengthSize);
      return { at: from + (inside ? /** @type {Box} */ (idat).at + 8 : 0), from, size: length };
    });
    places.set(id, { inside, where });
  }
  return places;
}

/**
 * @param {Bytes} bytes
 * @param {Box} list
 * @returns {Ref[]}
 */
function refsOf(bytes, { at, size }) {
  const data = reader(bytes);
  const wide = data.u8(at + 8) > 0;
  const id = (/** @type {number} */ place) => (wide ? data.u32(place) : data.u16(place));
  const each = wide ? 4 : 2;
  return [...boxesIn(bytes, at + 12, at + size)].map((ref) => {
    const count = data.u16(ref.at + 8 + each);
    const to = Array.from({ length: count }, (_, n) => id(ref.at + 10 + each * (n + 1)));
    return { type: ref.type, from: id(ref.at + 8), to };
  });
}

/**
 * @param {Bytes} bytes
 * @param {Box} list
 * @returns {Group[]}
 */
function groupsOf(bytes, { at, size }) {
  const data = reader(bytes);
  return [...boxesIn(bytes, at + 8, at + size)].map((group) => {
    const count = Math.min(data.u32(group.at + 16), group.size / 4);
    const ids = Array.from({ length: count }, (_, n) => data.u32(group.at + 20 + 4 * n));
    return { type: group.type, id: data.u32(group.at + 12), ids };
  });
}

/**
 * {properties: boxes in their order, links: Map from item to [[which, essential]]}.
 * @param {Bytes} bytes
 * @param {Box} list
 * @returns {Pick<Items, 'properties' | 'links'>}
 */
function propertiesOf(bytes, { at, size }) {
  const data = reader(bytes);
  /** @type {Box[]} */
  let properties = [];
  /** @type {Links} */
  const links = new Map();
  for (const list of boxesIn(bytes, at + 8, at + size)) {
    if (list.type === 'ipco') properties = [...boxesIn(bytes, list.at + 8, list.at + list.size)];
    if (list.type !== 'ipma') continue;
    const each = bytes[list.at + 11] & 1 ? 2 : 1;
    const wide = data.u8(list.at + 8) > 0 ? 4 : 2;
    let next = list.at + 16;
    for (let left = data.u32(list.at + 12); left > 0; left -= 1) {
      const id = wide === 4 ? data.u32(next) : data.u16(next);
      const count = data.u8(next + wide);
      next += wide + 1;
      const mine = links.get(id) ?? [];
      for (let n = 0; n < count; n += 1, next += each) {
        const value = each === 2 ? data.u16(next) : data.u8(next);
        const top = each === 2 ? 0x8000 : 0x80;
        mine.push([(value & (top - 1)) - 1, Boolean(value & top)]);
      }
      links.set(id, mine);
    }
  }
  return { properties, links };
}
