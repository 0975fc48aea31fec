// What an Exif block (a TIFF, really) tells of a photo: where, when, with what, and which way up.

import { reader, Unreadable } from './bytes.js';

/** @import { Bytes, Reader } from './bytes.js' */
/** @typedef {{place: number[] | null, time: string | null, device: string | null, orientation: number}} Exif */
/** @typedef {Map<number, string | number[]>} Folder by tag: words, or numbers */

const EXIF_FOLDER = 0x8769;
const GPS_FOLDER = 0x8825;
const ORIENTATION = 0x0112;
const UNIT = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]; // bytes of each TIFF type
const ENTRIES_MAX = 500;

/**
 * What a block tells: {place: [latitude, longitude] | null, time, device, orientation: 1…8}.
 * @param {Bytes} block
 * @returns {Exif}
 */
export function readExif(block) {
  /** @type {Exif} */
  const revealed = { place: null, time: null, device: null, orientation: 1 };
  try {
    const data = reader(block);
    const little = data.text(0, 2) === 'II';
    const main = folder(data, data.u32(4, little), little);
    const exif = inner(data, main.get(EXIF_FOLDER), little);
    const gps = inner(data, main.get(GPS_FOLDER), little);
    revealed.place = placeOf(gps);
    revealed.time = words(exif.get(0x9003)) || words(exif.get(0x9004)) || words(main.get(0x0132)) || null;
    const make = words(main.get(0x010f));
    const model = words(main.get(0x0110));
    revealed.device = (model.startsWith(make) ? model : `${make} ${model}`).trim() || null;
    const turned = main.get(ORIENTATION)?.[0];
    if (typeof turned === 'number' && turned >= 1 && turned <= 8) revealed.orientation = turned;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return revealed;
}

/**
 * Whatever has another type than TIFF gives it says nothing: it must not keep the rest from being read.
 * @param {string | number[] | undefined} value
 */
const words = (value) => (typeof value === 'string' ? value : '');

/**
 * The folder that an entry leads to; an empty one where none does.
 * @param {Reader} data
 * @param {string | number[] | undefined} place
 * @param {boolean} little
 * @returns {Folder}
 */
const inner = (data, place, little) => (Array.isArray(place) ? folder(data, place[0], little) : new Map());

/**
 * A block that says nothing but which way up the picture is.
 * @param {number} orientation
 */
export function exifOf(orientation) {
  return Uint8Array.from([
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8, // "MM": big-endian; the folder is at 8
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0, // one entry: a short
    0,
    0,
    0,
    0,
  ]);
}

/**
 * @param {Reader} data
 * @param {number} at
 * @param {boolean} little
 * @returns {Folder}
 */
function folder(data, at, little) {
  const entries = new Map();
  const count = Math.min(data.u16(at, little), ENTRIES_MAX);
  for (let n = 0; n < count; n += 1) {
    const entry = at + 2 + 12 * n;
    const type = data.u16(entry + 2, little);
    const length = data.u32(entry + 4, little);
    const size = (UNIT[type] ?? 0) * length;
    if (size === 0 || size > data.length) continue;
    const where = size <= 4 ? entry + 8 : data.u32(entry + 8, little);
    entries.set(data.u16(entry, little), valueOf(data, { where, type, length, little }));
  }
  return entries;
}

/**
 * @param {Reader} data
 * @param {{where: number, type: number, length: number, little: boolean}} entry
 * @returns {string | number[]}
 */
function valueOf(data, { where, type, length, little }) {
  if (type === 2) return data.text(where, Math.min(length, 200)).split('\0')[0].trim();
  const each = (/** @type {number} */ n) => {
    const at = where + UNIT[type] * n;
    if (type === 3) return data.u16(at, little);
    if (type === 5) return data.u32(at, little) / data.u32(at + 4, little);
    return UNIT[type] === 4 ? data.u32(at, little) : data.u8(at);
  };
  return Array.from({ length: Math.min(length, 16) }, (_, n) => each(n));
}

/**
 * @param {Folder} gps
 * @returns {number[] | null}
 */
function placeOf(gps) {
  /**
   * @param {string | number[] | undefined} value degrees, minutes, seconds
   * @param {string | number[] | undefined} letter
   * @param {string} negative the letter of the half that counts below zero
   */
  const degrees = (value, letter, negative) => {
    if (!Array.isArray(value) || value.length < 3) return NaN;
    const sum = value[0] + value[1] / 60 + value[2] / 3600;
    return letter === negative ? -sum : sum;
  };
  const place = [degrees(gps.get(2), gps.get(1), 'S'), degrees(gps.get(4), gps.get(3), 'W')];
  return place.every(Number.isFinite) ? place : null;
}
