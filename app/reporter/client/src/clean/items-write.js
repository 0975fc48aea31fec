// The lists of a HEIC or AVIF file, written anew with what is kept of them: names, notes and whatever
// stood between are not in them.

import { concat } from '../protocol/encoding.js';
import { Unreadable } from './bytes.js';

/**
 * @import { Bytes } from './bytes.js'
 * @import { Group, Items, Kinds, Links, Place, Ref } from './items.js'
 */
/** @typedef {Set<number>} Ids */
/** @typedef {(number[] | null)[]} Properties the bytes of each, or null for what goes */

/**
 * @param {number} size
 * @param {number} value
 */
const big = (size, value) => Array.from({ length: size }, (_, n) => Math.floor(value / 256 ** (size - 1 - n)) & 255);
const [u8, u16, u32] = [1, 2, 4].map((size) => (/** @type {number} */ value) => big(size, value));
/** @param {string} text */
const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));
const PLAIN = u32(0); // version 0, no flags

/**
 * @param {string} type
 * @param {...(number | number[] | number[][])} parts
 * @returns {number[]}
 */
function box(type, ...parts) {
  const body = /** @type {number[]} */ (parts.flat());
  return [...u32(body.length + 8), ...letters(type), ...body];
}

/**
 * "meta", `size` bytes as before: what `items` (see items.js) says of those in the Set `kept`; `idat` are
 * the bytes that lie here, `properties` those of each property, or null for what goes.
 * @param {Items} items
 * @param {{kept: Ids, properties: Properties, idat: Bytes | undefined, size: number}} rest
 * @returns {Bytes}
 */
export function writeItems({ primary, kinds, places, refs, groups, links }, { kept, properties, idat, size }) {
  const ids = [...kept];
  const located = ids.filter((id) => places.has(id));
  if (ids.some((id) => id > 0xffff)) throw new Unreadable('numbers of an odd size');
  const parts = [
    box('pitm', PLAIN, u16(primary)),
    writePlaces(located, places),
    box(
      'iinf',
      PLAIN,
      u16(ids.length),
      ids.flatMap((id) => item(id, /** @type {{type: string, hidden: number}} */ (kinds.get(id)))),
    ),
    ...writeRefs(refs, kept),
    box(
      'iprp',
      box(
        'ipco',
        properties.flatMap((each) => each ?? box('free')),
      ),
      writeLinks(ids, links, properties),
    ),
    ...(idat ? [box('idat', [...idat])] : []),
    ...writeGroups(groups, kept),
  ];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const name = size - 12 - 33 - length; // room that is left, behind the kind of what this describes
  if (name < 0) throw new Unreadable('longer than before');
  const head = [...u32(size), ...letters('meta'), ...PLAIN];
  const handler = [...u32(33), ...letters('hdlr'), ...PLAIN, ...PLAIN, ...letters('pict'), ...Array(13).fill(0)];
  const rest = name >= 8 ? [...u32(name), ...letters('free')] : [];
  if (name < 8) handler.splice(3, 1, 33 + name);
  const whole = concat(head, handler, Array(name < 8 ? name : 0).fill(0), ...parts, rest);
  return concat(whole, new Uint8Array(size - whole.length));
}

/**
 * @param {number} id
 * @param {{type: string, hidden: number}} kind
 */
const item = (id, { type, hidden }) => box('infe', [2, 0, 0, hidden], u16(id), u16(0), letters(type), [0]);

/**
 * @param {number[]} ids
 * @param {Map<number, Place>} places
 */
function writePlaces(ids, places) {
  const version = ids.some((id) => /** @type {Place} */ (places.get(id)).inside) ? 1 : 0;
  const rows = ids.flatMap((id) => {
    const { inside, where } = /** @type {Place} */ (places.get(id));
    const extents = where.flatMap(({ from, size }) => [...u32(from), ...u32(size)]);
    return [...u16(id), ...(version ? u16(inside ? 1 : 0) : []), ...u16(0), ...u16(where.length), ...extents];
  });
  return box('iloc', [version, 0, 0, 0], u16(0x4400), u16(ids.length), rows);
}

/**
 * @param {Ref[]} refs
 * @param {Ids} kept
 */
function writeRefs(refs, kept) {
  const mine = refs
    .filter(({ type, from }) => kept.has(from) && /^(dimg|auxl|prem)$/.test(type))
    .map(({ type, from, to }) => ({ type, from, to: to.filter((id) => kept.has(id)) }))
    .filter(({ to }) => to.length > 0);
  if (mine.length === 0) return [];
  const rows = mine.flatMap(({ type, from, to }) => box(type, u16(from), u16(to.length), to.flatMap(u16)));
  return [box('iref', PLAIN, rows)];
}

/**
 * "ipma": which properties each item has.
 * @param {number[]} ids
 * @param {Links} links
 * @param {Properties} properties
 */
function writeLinks(ids, links, properties) {
  const wide = properties.length > 127;
  const rows = ids.flatMap((id) => {
    const mine = (links.get(id) ?? []).filter(([which]) => properties[which]);
    const each = mine.flatMap(([which, needed]) => {
      return wide ? u16((needed ? 0x8000 : 0) + which + 1) : u8((needed ? 0x80 : 0) + which + 1);
    });
    return [...u16(id), ...u8(mine.length), ...each];
  });
  return box('ipma', [0, 0, 0, wide ? 1 : 0], u32(ids.length), rows);
}

/**
 * Which of two pictures a screen may choose.
 * @param {Group[]} groups
 * @param {Ids} kept
 */
function writeGroups(groups, kept) {
  const mine = groups.filter(({ type, ids }) => type === 'altr' && ids.every((id) => kept.has(id)));
  if (mine.length === 0) return [];
  return [
    box(
      'grpl',
      mine.flatMap(({ id, ids }) => box('altr', PLAIN, u32(id), u32(ids.length), ids.flatMap(u32))),
    ),
  ];
}
