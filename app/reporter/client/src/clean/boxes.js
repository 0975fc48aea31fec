// MP4, MOV and HEIC: boxes within boxes. What tells is overwritten where it stands, so that nothing
// else moves: videos of gigabytes are cleaned by changing a few kilobytes of them.

import { bytesOf, reader, Unreadable } from './bytes.js';
import { exifOf, readExif } from './exif.js';

const SMALL = 64 * 1024 * 1024; // what is read whole
const TOP_MAX = 10_000; // boxes at the top
const INSIDE = new Set(['moov', 'moof', 'traf', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf']);
const TELLING = new Set(['udta', 'meta', 'uuid', 'free', 'skip']);
// What plays, by where it stands. Anything else there is some maker's own (the way that a car's
// camera went, a film behind a photo) and is emptied. Elsewhere are tables only.
const listed = (names) => new Set(names.split(' '));
const KEPT = {
  film: listed('ftyp styp pdin moov moof mfra sidx ssix mdat wide'),
  photo: listed('ftyp meta mdat'),
  moov: listed('mvhd trak mvex iods'),
  trak: listed('tkhd edts mdia tref tapt load trgr clip matt'),
  mdia: listed('mdhd hdlr minf elng'),
  minf: listed('vmhd smhd nmhd gmhd hdlr dinf stbl'),
  moof: listed('mfhd traf'),
  traf: listed('tfhd tfdt trun sbgp sgpd subs saiz saio'),
  meta: listed('hdlr dinf pitm iloc iinf iref iprp idat ipro grpl'),
};
const DRAWN = listed('hvc1 hev1 lhv1 vvc1 av01 avc1 jpeg j2k1 unci grid iden iovl tmap');
const SAYING = listed('udes uuid itai'); // properties in words, or with a clock
const tellsAt = (place, type) => TELLING.has(type) ? !KEPT[place]?.has(type) : KEPT[place]?.has(type) === false;
const PLAIN = new Set(['vide', 'auxv', 'soun']);
const CLOCKS = new Set(['mvhd', 'tkhd', 'mdhd']);
const QUICK_EPOCH = 2_082_844_800; // seconds from 1904 to 1970

/** Where the boxes at the top stand: [{type, at, head, size}]. */
async function top(blob) {
  const boxes = [];
  for (let at = 0; at < blob.size; ) {
    const data = reader(await bytesOf(blob, at, at + 16));
    const type = data.text(4, 4);
    let size = data.u32(0);
    const head = size === 1 ? 16 : 8;
    if (size === 1) size = data.u64(8);
    if (size === 0) size = blob.size - at;
    if (size < head || at + size > blob.size || boxes.length > TOP_MAX) throw new Unreadable(type);
    boxes.push({ type, at, head, size });
    at += size;
  }
  return boxes;
}

/** Put new bytes over parts of a blob: [{at, bytes}]. */
function over(blob, patches) {
  const parts = [];
  let from = 0;
  for (const { at, bytes } of patches.sort((a, b) => a.at - b.at)) {
    parts.push(blob.slice(from, at), bytes);
    from = at + bytes.length;
  }
  return [...parts, blob.slice(from)];
}

function* boxesIn(bytes, from, to) {
  const data = reader(bytes);
  for (let at = from; at + 8 <= to; ) {
    const size = data.u32(at) || to - at;
    if (size < 8 || at + size > to) throw new Unreadable('a box is longer than its place');
    yield { type: data.text(at + 4, 4), at, size };
    at += size;
  }
}

/** Overwrite a box with emptiness of the same length. */
function hush(bytes, { at, size }) {
  bytes.set([0x66, 0x72, 0x65, 0x65], at + 4); // "free"
  bytes.fill(0, at + 8, at + size);
}

/** MP4, MOV: {parts, told}. Emptied: user data, metadata, clocks, what is not known. Throws Unreadable for videos with
 * a track of anything but pictures and sound (a path on the map, the time of day): that lies among
 * the pictures. */
export async function video(blob) {
  const told = { place: null, time: null, device: null, other: false };
  const patches = [];
  for (const box of await top(blob)) {
    const telling = tellsAt('film', box.type);
    if (!telling && !INSIDE.has(box.type)) continue;
    if (box.size > SMALL || box.head !== 8) throw new Unreadable('too large to look into');
    const bytes = await bytesOf(blob, box.at, box.at + box.size);
    if (!telling) movie(bytes, 8, bytes.length, told, box.type);
    else empty(bytes, { type: box.type, at: 0, size: bytes.length }, told);
    patches.push({ at: box.at, bytes });
  }
  if (patches.length === 0) throw new Unreadable('no movie');
  return { parts: over(blob, patches), told };
}

function movie(bytes, from, to, told, parent) {
  for (const box of boxesIn(bytes, from, to)) {
    const { type, at, size } = box;
    if (tellsAt(parent, type)) empty(bytes, box, told);
    else if (INSIDE.has(type)) movie(bytes, at + 8, at + size, told, type);
    else if (CLOCKS.has(type)) stopClock(bytes, at, type, told);
    else if (type === 'hdlr' && parent === 'mdia' && !PLAIN.has(reader(bytes).text(at + 16, 4))) {
      throw new Unreadable('a track of neither pictures nor sound');
    }
  }
}

function empty(bytes, box, told) {
  const inside = bytes.subarray(box.at + 8, box.at + box.size);
  if (inside.some((byte) => byte !== 0)) {
    const words = new TextDecoder('latin1').decode(inside);
    const place = /([+-]\d{2}\.\d+)([+-]\d{3}\.\d+)/.exec(words);
    if (place) told.place ??= [Number(place[1]), Number(place[2])];
    const more = !place || box.type === 'meta'; // a phone's "meta" has its model beside the place
    if (more && box.type !== 'free' && box.type !== 'skip') told.other = true;
  }
  hush(bytes, box);
}

function stopClock(bytes, at, type, told) {
  const long = reader(bytes).u8(at + 8) === 1;
  const data = reader(bytes);
  const seconds = (long ? data.u64(at + 12) : data.u32(at + 12)) - QUICK_EPOCH;
  if (type === 'mvhd' && seconds > 0) told.time = new Date(seconds * 1000).toISOString().slice(0, 16);
  bytes.fill(0, at + 12, at + 12 + (long ? 16 : 8));
}

/** HEIC, AVIF: {parts, told}. Emptied: every item that is no picture ("Exif", XMP), wherever it lies,
 * and every box that is not the picture's: phones put a film with its place behind a photo. */
export async function heic(blob) {
  const told = { place: null, time: null, device: null, other: false };
  const boxes = await top(blob);
  const box = boxes.find(({ type }) => type === 'meta');
  if (!box || box.size > SMALL || blob.size > SMALL) throw new Unreadable('no meta');
  const bytes = await bytesOf(blob);
  for (const each of boxes.filter(({ type }) => tellsAt('photo', type))) {
    if (each.type === 'moov' || each.head !== 8) throw new Unreadable('more than a picture');
    empty(bytes, each, told);
  }
  const inside = [...boxesIn(bytes, box.at + 12, box.at + box.size)];
  for (const each of inside) if (tellsAt('meta', each.type)) empty(bytes, each, told);
  quietProperties(bytes, inside, told);
  const find = (type) => inside.find((each) => each.type === type);
  if (!find('iinf') || !find('iloc')) throw new Unreadable('no items');
  const kinds = kindsOf(bytes, find('iinf'));
  for (const { id, where } of placesOf(bytes, find('iloc'), find('idat'))) {
    if (DRAWN.has(kinds.get(id))) continue;
    for (const [at, size] of where) {
      const part = reader(bytes).part(at, size);
      if (kinds.get(id) === 'Exif' && part.some((byte) => byte !== 0)) {
        const skip = 4 + reader(part).u32(0);
        const more = readExif(part.subarray(skip));
        for (const key of ['place', 'time', 'device']) told[key] ??= more[key];
      } else if (part.some((byte) => byte !== 0)) told.other = true;
      part.fill(0);
      // Some programs refuse a picture whose block is no block: one that says nothing is left.
      const block = exifOf(1);
      if (kinds.get(id) === 'Exif' && part.length >= 4 + block.length) part.set(block, 4);
    }
  }
  return { parts: [bytes], told };
}

function quietProperties(bytes, boxes, told) {
  for (const { at, size } of boxes.filter(({ type }) => type === 'iprp')) {
    for (const list of boxesIn(bytes, at + 8, at + size)) {
      if (list.type !== 'ipco') continue;
      for (const one of boxesIn(bytes, list.at + 8, list.at + list.size)) {
        if (SAYING.has(one.type)) empty(bytes, one, told);
      }
    }
  }
}

function kindsOf(bytes, { at, size }) {
  const data = reader(bytes);
  const head = data.u8(at + 8) === 0 ? 14 : 16;
  const kinds = new Map();
  for (const entry of boxesIn(bytes, at + head, at + size)) {
    const version = data.u8(entry.at + 8);
    if (entry.type !== 'infe' || version < 2) throw new Unreadable('an old list of items');
    const wide = version > 2;
    const id = wide ? data.u32(entry.at + 12) : data.u16(entry.at + 12);
    kinds.set(id, data.text(entry.at + (wide ? 18 : 16), 4));
  }
  return kinds;
}

function placesOf(bytes, { at }, idat) {
  const data = reader(bytes);
  const version = data.u8(at + 8);
  const sizes = data.u16(at + 12);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  let next = at + 14;
  const take = (size) => {
    const value = { 0: () => 0, 2: () => data.u16(next), 4: () => data.u32(next), 8: () => data.u64(next) }[size];
    if (!value) throw new Unreadable('a number of an odd size');
    const found = value();
    next += size;
    return found;
  };
  const count = take(version < 2 ? 2 : 4);
  const places = [];
  for (let n = 0; n < count; n += 1) {
    const id = take(version < 2 ? 2 : 4);
    const method = version > 0 ? take(2) & 15 : 0;
    take(2); // which file: this one
    const base = take(baseSize);
    const start = method === 1 && idat ? idat.at + 8 : 0;
    const where = Array.from({ length: take(2) }, () => {
      take(indexSize);
      return [start + base + take(offsetSize), take(lengthSize)];
    });
    if (method > 1) throw new Unreadable('an item made of items');
    places.push({ id, where });
  }
  return places;
}
