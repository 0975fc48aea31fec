// MP4 and MOV: what plays is kept, by lists; the tables tell which bytes are pictures and sound, and
// everything else is emptied where it stands. Tracks of anything else (the way on a map, the time of
// day) go with all that lies in them.

import { bytesOf, reader, Unreadable } from './bytes.js';
import { boxesIn, empty, hush, plainBrands, SMALL, top, vacate, vacateBox } from './boxes.js';
import { quietEntries } from './entries.js';
import { quietFragment } from './fragments.js';
import { quietTable } from './leaves.js';
import { Patched } from './patches.js';
import { readTables, Samples } from './tables.js';

/**
 * @import { Bytes, Cleaned, Source, Revealed } from './bytes.js'
 * @import { Box, Found, TopBox } from './boxes.js'
 * @import { Entry } from './entries.js'
 * @import { Run } from './tables.js'
 */
/** @typedef {{entry: number, size: number}} Usual what a track's fragments have where they say nothing */
/** @typedef {{id: number, handler: string, entries: Entry[], usual?: Usual | null}} Track */

/** @param {string} names */
const listed = (names) => new Set(names.split(' '));
// What plays, by where it stands.
/** @type {Record<string, Set<string>>} */
const KEPT = {
  moov: listed('mvhd trak mvex'),
  mvex: listed('mehd trex'),
  trak: listed('tkhd edts mdia tapt'),
  edts: listed('elst'),
  tapt: listed('clef prof enof'),
  mdia: listed('mdhd hdlr minf'),
  minf: listed('vmhd smhd hdlr dinf stbl'),
  dinf: listed('dref'),
  stbl: listed('stsd stts ctts cslg stss stps sdtp stsc stsz stz2 stco co64'),
};
/** Without a word: many programs write them, and they are the same in all films. */
const COMMON = listed('iods tref sbgp sgpd mfra ssix pdin elng load');
const CLOCKS = listed('mvhd tkhd mdhd');
const PLAYED = listed('vide soun');
const QUICK_EPOCH = 2_082_844_800; // seconds from 1904 to 1970
const UNDETERMINED = 0x55c4; // no language
const TOGETHER = 4 * 1024 * 1024; // bytes read at once

/**
 * MP4, MOV, M4A: {copy, revealed, ending, type}. Throws Unreadable for films with samples of kinds that nobody here
 * can look into, or that lie where the tables do not say.
 * @param {Source} blob
 * @returns {Promise<Cleaned>}
 */
export async function film(blob) {
  const revealed = { place: null, time: null, device: null, other: false };
  const found = { patches: new Patched(blob), revealed };
  const boxes = await top(blob);
  const whole = async (/** @type {TopBox} */ box) => {
    if (box.size > SMALL || box.head !== 8) throw new Unreadable('too large to look into');
    const bytes = await bytesOf(blob, box.at, box.at + box.size);
    found.patches.put(box.at, bytes);
    return bytes;
  };
  const heads = boxes.filter(({ type }) => type === 'moov');
  if (heads.length !== 1) throw new Unreadable('no movie');
  const samples = new Samples();
  const tracks = readMovie(await whole(heads[0]), samples, revealed);
  for (const box of boxes) {
    if (box.type === 'moov' || box.type === 'mdat') continue;
    if (box.type === 'ftyp' || box.type === 'styp') await plainBrands(blob, box, 'isom', found.patches);
    else if (box.type === 'moof') quietFragment(await whole(box), box.at, tracks, samples, revealed);
    else if (box.type === 'sidx') quietTable(await whole(box), { ...box, at: 0 });
    else if (box.type !== 'wide' || box.size > 8) await vacateBox(blob, box, quietly(found, box));
  }
  for (const [from, to] of samples.gaps(boxes.filter(({ type }) => type === 'mdat'))) {
    await vacate(blob, from, to, found);
  }
  await lookInto(blob, samples.runs, found);
  const copy = found.patches.finish();
  const seen = [...tracks.values()].some(({ handler }) => handler === 'vide');
  return seen ? { copy, revealed } : { copy, revealed, ending: 'm4a', type: 'audio/mp4' };
}

/**
 * What programs leave empty or for speed is emptied without a word.
 * @param {Found} found
 * @param {Box} box
 * @returns {Found}
 */
const quietly = (found, { type }) => (COMMON.has(type) ? { ...found, revealed: { other: true } } : found);

/**
 * Clean "moov" where it stands. A Map from the number of each track that is kept to {entries, handler, all, …}.
 * @param {Bytes} bytes
 * @param {Samples} samples
 * @param {Revealed} revealed
 * @returns {Map<number, Track>}
 */
function readMovie(bytes, samples, revealed) {
  /** @type {Map<number, Track>} */
  const tracks = new Map();
  for (const box of boxesIn(bytes, 8, bytes.length)) {
    if (box.type === 'trak') {
      const track = readTrack(bytes, box, samples, revealed);
      if (!track) continue;
      if (tracks.has(track.id)) throw new Unreadable('two tracks of one number');
      tracks.set(track.id, track);
    } else keep(bytes, box, 'moov', revealed);
  }
  if (tracks.size === 0) throw new Unreadable('nothing that plays');
  for (const track of tracks.values()) track.usual = usualOf(bytes, track.id);
  return tracks;
}

/**
 * "trex": what a track's fragments have where they say nothing: {entry, size}.
 * @param {Bytes} bytes
 * @param {number} id
 * @returns {Usual | null}
 */
function usualOf(bytes, id) {
  const data = reader(bytes);
  for (const box of boxesIn(bytes, 8, bytes.length)) {
    if (box.type !== 'mvex') continue;
    for (const { type, at } of boxesIn(bytes, box.at + 8, box.at + box.size)) {
      if (type === 'trex' && data.u32(at + 12) === id) return { entry: data.u32(at + 16), size: data.u32(at + 24) };
    }
  }
  return null;
}

/**
 * @param {Bytes} bytes
 * @param {Box} box
 * @param {Samples} samples
 * @param {Revealed} revealed
 * @returns {Track | null}
 */
function readTrack(bytes, box, samples, revealed) {
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  collect(bytes, box, boxes);
  const handler = boxes.has('hdlr') && reader(bytes).text(/** @type {Box} */ (boxes.get('hdlr')).at + 16, 4);
  if (!PLAYED.has(/** @type {string} */ (handler))) {
    empty(bytes, box, revealed);
    revealed.other = true;
    return null;
  }
  if (!boxes.has('stsd') || !boxes.has('tkhd')) throw new Unreadable('a track of nothing');
  keep(bytes, box, 'moov', revealed);
  const entries = quietEntries(
    bytes,
    /** @type {Box} */ (boxes.get('stsd')),
    /** @type {string} */ (handler),
    revealed,
  );
  readTables(bytes, boxes, entries, samples);
  const head = /** @type {Box} */ (boxes.get('tkhd')).at;
  const id = reader(bytes).u32(head + (bytes[head + 8] === 1 ? 28 : 20));
  return { id, handler: /** @type {string} */ (handler), entries };
}

/**
 * The boxes of a track that matter here, by type. Throws Unreadable for two of one type.
 * @param {Bytes} bytes
 * @param {Box} box
 * @param {Map<string, Box>} boxes
 */
function collect(bytes, { type, at, size }, boxes) {
  for (const box of boxesIn(bytes, at + 8, at + size)) {
    if (!KEPT[type].has(box.type) || (type === 'minf' && box.type === 'hdlr')) continue;
    if (boxes.has(box.type)) throw new Unreadable('a table that is there twice');
    boxes.set(box.type, box);
    if (KEPT[box.type]) collect(bytes, box, boxes);
  }
}

/**
 * Empty what is not listed, and in what is listed all that means nothing.
 * @param {Bytes} bytes
 * @param {Box} box
 * @param {string} place
 * @param {Revealed} revealed
 */
function keep(bytes, box, place, revealed) {
  const { type, at, size } = box;
  if (!KEPT[place].has(type)) {
    if (COMMON.has(type)) hush(bytes, box);
    else empty(bytes, box, revealed);
  } else if (KEPT[type]) for (const each of boxesIn(bytes, at + 8, at + size)) keep(bytes, each, type, revealed);
  else if (type === 'hdlr')
    bytes.fill(0, at + 20, at + size); // its name is a maker's
  else if (type === 'dref') quietPlaces(bytes, box);
  else if (type !== 'stsd') {
    if (CLOCKS.has(type)) stopClock(bytes, at, type, revealed);
    quietTable(bytes, box);
  }
}

/**
 * @param {Bytes} bytes
 * @param {number} at
 * @param {string} type
 * @param {Revealed} revealed
 */
function stopClock(bytes, at, type, revealed) {
  const long = reader(bytes).u8(at + 8) === 1;
  const data = reader(bytes);
  const seconds = (long ? data.u64(at + 12) : data.u32(at + 12)) - QUICK_EPOCH;
  if (type === 'mvhd' && seconds > 0 && seconds < 2 ** 33) {
    revealed.time = new Date(seconds * 1000).toISOString().slice(0, 16);
  }
  bytes.fill(0, at + 12, at + 12 + (long ? 16 : 8));
  if (type === 'mdhd') data.part(at + (long ? 40 : 28), 2).set([UNDETERMINED >> 8, UNDETERMINED & 255]);
}

/**
 * "dref": here. An alias may hold the name of a disk, a path, a person.
 * @param {Bytes} bytes
 * @param {Box} box
 */
function quietPlaces(bytes, { at, size }) {
  for (const place of boxesIn(bytes, at + 16, at + size)) {
    const here = reader(bytes).u32(place.at + 8) & 1;
    if (!here || !/^(url |alis)$/.test(place.type)) throw new Unreadable('pictures that are elsewhere');
    bytes.fill(0, place.at + 12, place.at + place.size);
  }
}

/**
 * Samples of kinds that can hold notes, read in the order in which they lie, some together.
 * @param {Source} blob
 * @param {Run[]} runs
 * @param {Found} found
 */
async function lookInto(blob, runs, { patches, revealed }) {
  let [start, window] = [0, new Uint8Array(0)];
  for (const { at, count, sizeOf, quiet } of runs.sort((a, b) => a.at - b.at)) {
    let from = at;
    for (let n = 0; n < count; n += 1) {
      const size = sizeOf(n);
      if (from < start || from + size > start + window.length) {
        window = await bytesOf(blob, from, Math.min(blob.size, from + Math.max(size, TOGETHER)));
        start = from;
      }
      const sample = window.subarray(from - start, from - start + size);
      const place = from;
      quiet(sample, revealed, (a, b) => patches.put(place + a, sample.slice(a, b)));
      from += size;
    }
  }
}
