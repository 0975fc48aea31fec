// HEIC, AVIF: the picture, and what it is made of. Other items (Exif, XMP, small previews, what a second
// lens saw) are left out of the lists, and what nobody names any more is overwritten where it lay.

import { concat } from '../protocol/encoding.js';
import { bytesOf, reader, Unreadable } from './bytes.js';
import { plainBrands, SMALL, top, vacate, vacateBox } from './boxes.js';
import { colour } from './entries.js';
import { readExif } from './exif.js';
import { readItems } from './items.js';
import { writeItems } from './items-write.js';
import { quietSets, quietUnits } from './nal.js';
import { Patched } from './patches.js';
import { quietObus } from './streams.js';
import { Samples } from './tables.js';

/**
 * @import { Bytes, Cleaned, Source, Revealed } from './bytes.js'
 * @import { Box, Found } from './boxes.js'
 * @import { Items, Place } from './items.js'
 */

/**
 * Kinds of items that a picture is made of, and the bytes at most of those that are numbers only.
 * @type {Record<string, number>}
 */
const DRAWN = { hvc1: Infinity, av01: Infinity, grid: 12, iden: 0, iovl: 4096, tmap: 512 };
/**
 * Properties that may stay, and the bytes that mean something in each.
 * @type {Record<string, number>}
 */
const PROPERTIES = {
  hvcC: Infinity,
  av1C: Infinity,
  colr: Infinity,
  auxC: Infinity,
  ispe: 12,
  pixi: 9,
  pasp: 8,
  irot: 1,
  imir: 1,
  clap: 32,
  clli: 4,
  mdcv: 24,
  cclv: 32,
  amve: 8,
  lsel: 2,
  a1op: 1,
  a1lx: 13,
};
const LISTS_MAX = 8 * 1024 * 1024; // bytes of what is written anew
const ALPHA = /^urn:mpeg:(hevc:2015:auxid:1|mpegB:cicp:systems:auxiliary:alpha)$/;

/**
 * HEIC, AVIF: {copy, revealed}. Throws Unreadable for series of pictures, and where what is drawn is unknown.
 * @param {Source} blob
 * @returns {Promise<Cleaned>}
 */
export async function heic(blob) {
  /** @type {Revealed} */
  const revealed = { place: null, time: null, device: null, other: false };
  const found = { patches: new Patched(blob), revealed };
  const boxes = await top(blob);
  const metas = boxes.filter(({ type }) => type === 'meta');
  if (metas.length !== 1 || blob.size > SMALL) throw new Unreadable('no meta');
  const [meta] = metas;
  if (meta.size > LISTS_MAX) throw new Unreadable('too many lists');
  if (meta.head !== 8 || boxes.some(({ type }) => type === 'moov')) throw new Unreadable('more than a picture');
  const bytes = await bytesOf(blob);
  const items = readItems(bytes, meta);
  const kept = keptOf(items, bytes);
  for (const [id, { type }] of items.kinds) if (!kept.has(id)) learn(revealed, type, itemBytes(bytes, items, id));
  const properties = propertiesOf(bytes, items, kept, revealed);
  for (const id of kept) quietItem(bytes, items, id, found);
  if (items.idat) emptyUnused(bytes, items, kept);
  const idat = items.idat && bytes.subarray(items.idat.at + 8, items.idat.at + items.idat.size);
  found.patches.put(meta.at, writeItems(items, { kept, properties, idat, size: meta.size }));
  for (const box of boxes) {
    if (box.type === 'ftyp') await plainBrands(blob, box, 'mif1', found.patches);
    else if (box.type !== 'meta' && box.type !== 'mdat') await vacateBox(blob, box, found);
  }
  const samples = new Samples();
  for (const { at, size } of extentsOf(items, kept, false)) samples.addBytes(at, at + size);
  for (const [from, to] of samples.gaps(boxes.filter(({ type }) => type === 'mdat'))) {
    const known = extentsOf(items, items.places.keys(), false).some(({ at, size }) => at <= from && to <= at + size);
    await vacate(blob, from, to, known ? { ...found, revealed: { other: true } } : found);
  }
  return { copy: found.patches.finish(), revealed };
}

/**
 * The first picture, what it is put together from, its transparency, and the brighter one of the same.
 * @param {Items} items
 * @param {Bytes} bytes
 * @returns {Set<number>}
 */
function keptOf({ primary, kinds, refs, groups, properties, links }, bytes) {
  /** @type {Set<number>} */
  const kept = new Set();
  const take = (/** @type {number} */ id) => {
    if (kept.has(id)) return;
    kept.add(id);
    for (const { type, from, to } of refs) if (type === 'dimg' && from === id) to.forEach(take);
  };
  take(primary);
  for (const { type, ids } of groups) {
    const bright = ids.filter((id) => kinds.get(id)?.type === 'tmap');
    if (type === 'altr' && ids.includes(primary)) bright.forEach(take);
  }
  for (const { type, from, to } of refs) {
    const isAlpha = (links.get(from) ?? []).some(([which]) => ALPHA.test(auxiliary(bytes, properties[which])));
    if (type === 'auxl' && to.some((id) => kept.has(id)) && isAlpha) take(from);
  }
  for (const id of kept) {
    const type = /** @type {string} */ (kinds.get(id)?.type);
    if (!(type in DRAWN)) throw new Unreadable('a picture of an unknown kind');
  }
  return kept;
}

/**
 * @param {Bytes} bytes
 * @param {Box | undefined} property
 * @returns {string}
 */
function auxiliary(bytes, property) {
  if (property?.type !== 'auxC') return '';
  return reader(bytes)
    .text(property.at + 12, property.size - 12)
    .split('\0')[0];
}

/**
 * @param {Pick<Items, 'places'>} items
 * @param {Iterable<number>} ids
 * @param {boolean} inside
 */
const extentsOf = ({ places }, ids, inside) =>
  [...ids].map((id) => places.get(id)).flatMap((place) => (place?.inside === inside ? place.where : []));

/**
 * @param {Bytes} bytes
 * @param {Pick<Items, 'places'>} items
 * @param {number} id
 * @returns {Bytes}
 */
function itemBytes(bytes, { places }, id) {
  const data = reader(bytes);
  return concat(...(places.get(id)?.where ?? []).map(({ at, size }) => data.part(at, size)));
}

/**
 * @param {Revealed} revealed
 * @param {string} type
 * @param {Bytes} bytes
 */
function learn(revealed, type, bytes) {
  if (type !== 'Exif' || bytes.length < 4) {
    revealed.other = true;
    return;
  }
  const more = readExif(bytes.subarray(4 + reader(bytes).u32(0)));
  revealed.place ??= more.place;
  revealed.time ??= more.time;
  revealed.device ??= more.device;
}

/**
 * Clean what an item's own bytes hold.
 * @param {Bytes} bytes
 * @param {Items} items
 * @param {number} id
 * @param {Found} found
 */
function quietItem(bytes, items, id, { patches, revealed }) {
  const { type } = /** @type {{type: string}} */ (items.kinds.get(id));
  const place = items.places.get(id);
  const whole = itemBytes(bytes, items, id);
  if (place?.where.some(({ size }) => size === 0) || whole.length > DRAWN[type]) throw new Unreadable('an odd item');
  if (type !== 'hvc1' && type !== 'av01') return;
  let changed = false;
  const hear = () => (changed = true);
  if (type === 'av01') quietObus(whole, revealed, hear);
  else quietUnits(whole, { kind: 'hevc', lengthSize: lengthSizeOf(bytes, items, id) }, revealed, hear);
  if (!changed) return;
  let from = 0;
  for (const { at, size } of /** @type {Place} */ (place).where) {
    const part = whole.subarray(from, from + size);
    if (/** @type {Place} */ (place).inside) bytes.set(part, at);
    else patches.put(at, part);
    from += size;
  }
}

/**
 * @param {Bytes} bytes
 * @param {Items} items
 * @param {number} id
 * @returns {number}
 */
function lengthSizeOf(bytes, { properties, links }, id) {
  const config = (links.get(id) ?? []).map(([which]) => properties[which]).find((each) => each?.type === 'hvcC');
  if (!config) throw new Unreadable('a picture of an unknown kind');
  return (reader(bytes).u8(config.at + 8 + 21) & 3) + 1;
}

/**
 * The bytes of each property that is kept, cleaned; null for others.
 * @param {Bytes} bytes
 * @param {Items} items
 * @param {Set<number>} kept
 * @param {Revealed} revealed
 * @returns {(number[] | null)[]}
 */
function propertiesOf(bytes, { properties, links }, kept, revealed) {
  const linked = new Set([...kept].flatMap((id) => (links.get(id) ?? []).map(([which]) => which)));
  return properties.map(({ type, at, size }, n) => {
    if (!linked.has(n)) return null;
    if (!(type in PROPERTIES) || (type === 'auxC' && !ALPHA.test(auxiliary(bytes, { type, at, size })))) {
      revealed.other = true;
      return null;
    }
    const whole = bytes.slice(at, at + size);
    const body = whole.subarray(8);
    let length = PROPERTIES[type];
    if (type === 'hvcC') quietSets(body, 'hvcC', revealed);
    if (type === 'av1C') quietObus(body.subarray(4), revealed, () => {});
    if (type === 'colr') length = colour(reader(body));
    if (type === 'auxC') length = body.indexOf(0, 4) + 1 || body.length;
    body.fill(0, Math.min(length, body.length));
    return [...whole];
  });
}

/**
 * What lies in "idat" and belongs to nothing.
 * @param {Bytes} bytes
 * @param {Items} items
 * @param {Set<number>} kept
 */
function emptyUnused(bytes, items, kept) {
  const { at, size } = /** @type {Box} */ (items.idat);
  const used = extentsOf(items, kept, true).sort((a, b) => a.at - b.at);
  let from = at + 8;
  for (const each of used) {
    if (each.at < at + 8 || each.at + each.size > at + size) throw new Unreadable('an item outside its box');
    if (each.at > from) bytes.fill(0, from, each.at);
    from = Math.max(from, each.at + each.size);
  }
  bytes.fill(0, from, at + size);
}
