// JPEG, PNG and WebP without what they tell: the picture's own bytes stay as they are, everything
// that is not needed to draw it is left out. What is kept is a list; what nobody knows goes.

import { reader, Unreadable } from './bytes.js';
import { exifOf, readExif } from './exif.js';

const nothing = () => ({ place: null, time: null, device: null, orientation: 1, other: false });
const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const number = (value, little) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return bytes;
};

/** Remember what a block told; what stands first counts. */
function learn(told, block) {
  const more = readExif(block);
  for (const key of ['place', 'time', 'device']) told[key] ??= more[key];
  if (told.orientation === 1) told.orientation = more.orientation;
}

/** JPEG: {parts, told}. Kept: JFIF, the colour profile, Adobe's colour mark, tables, the picture. */
export function jpeg(bytes) {
  const data = reader(bytes);
  const told = nothing();
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  for (;;) {
    while (data.u8(at) === 0xff && data.u8(at + 1) === 0xff) at += 1; // filling
    if (data.u8(at) !== 0xff) throw new Unreadable('no marker');
    const marker = data.u8(at + 1);
    if (marker === 0xd9) break; // what follows the picture's end is not the picture
    const size = data.u16(at + 2) + 2;
    const segment = data.part(at, size);
    const name = data.text(at + 4, Math.min(12, size - 4));
    if (marker === 0xe1 && name.startsWith('Exif\0\0')) learn(told, segment.subarray(10));
    else if (marker === 0xe1 || marker === 0xed || marker === 0xfe) told.other = true;
    const drawing = marker < 0xe0 || (marker > 0xef && marker !== 0xfe);
    const jfif = marker === 0xe0 && name.startsWith('JFIF\0');
    const colour = marker === 0xe2 && name.startsWith('ICC_PROFILE');
    const adobe = marker === 0xee && name.startsWith('Adobe');
    if (drawing || colour || adobe) parts.push(segment);
    if (jfif) parts.push(withoutThumbnail(segment));
    at += size;
    if (marker === 0xda) {
      const end = endOfScan(bytes, at);
      parts.push(bytes.subarray(at, end));
      at = end;
    }
  }
  parts.push(Uint8Array.of(0xff, 0xd9));
  if (told.orientation !== 1) {
    const block = exifOf(told.orientation);
    const head = [0xff, 0xe1, 0, block.length + 8, ...latin('Exif\0\0')];
    parts.splice(1, 0, Uint8Array.from([...head, ...block]));
  }
  return { parts, told };
}

function withoutThumbnail(segment) {
  const kept = segment.slice(0, 18);
  kept[2] = 0;
  kept[3] = 16;
  kept[16] = 0;
  kept[17] = 0;
  return kept;
}

/** Where the next marker stands that is neither a stuffed byte nor a restart. */
function endOfScan(bytes, from) {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new Unreadable('the picture has no end');
}

const PNG_KEPT = new Set([
  'IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'bKGD',
  'pHYs', 'acTL', 'fcTL', 'fdAT',
]);

/** PNG: {parts, told}. Kept: what draws the picture. */
export function png(bytes) {
  const data = reader(bytes);
  const told = nothing();
  const parts = [bytes.subarray(0, 8)];
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const size = data.u32(at) + 12;
    type = data.text(at + 4, 4);
    if (PNG_KEPT.has(type)) parts.push(data.part(at, size));
    else if (type === 'eXIf') learn(told, data.part(at + 8, size - 12));
    else told.other = true;
    at += size;
  }
  return { parts, told };
}

const WEBP_KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ANIM', 'ANMF', 'ALPH', 'ICCP']);
const WEBP_TELLS = 0x08 | 0x04; // "has Exif", "has XMP"

/** WebP: {parts, told}. Kept: what draws the picture. */
export function webp(bytes) {
  const data = reader(bytes);
  const told = nothing();
  const kept = [];
  const end = Math.min(data.length, data.u32(4, true) + 8);
  for (let at = 12; at + 8 <= end; ) {
    const type = data.text(at, 4);
    const size = data.u32(at + 4, true);
    data.part(at, 8 + size);
    const whole = 8 + size + (size % 2);
    const chunk = data.part(at, Math.min(whole, bytes.length - at)); // the last filling may lack
    if (WEBP_KEPT.has(type)) kept.push(type === 'VP8X' ? withoutFlags(chunk) : chunk);
    else if (type === 'EXIF') learn(told, exifInside(data.part(at + 8, size)));
    else told.other = true;
    at += whole;
  }
  const head = kept.find((chunk) => reader(chunk).text(0, 4) === 'VP8X');
  if (told.orientation !== 1 && head) {
    const block = exifOf(told.orientation);
    head[8] |= 0x08;
    kept.push(Uint8Array.from([...latin('EXIF'), ...number(block.length, true), ...block]));
  }
  const size = kept.reduce((sum, chunk) => sum + chunk.length, 4);
  return { parts: [latin('RIFF'), number(size, true), latin('WEBP'), ...kept], told };
}

function withoutFlags(chunk) {
  const copy = chunk.slice();
  copy[8] &= ~WEBP_TELLS;
  return copy;
}

/** Some programs put JPEG's "Exif\0\0" before the block. */
function exifInside(block) {
  return String.fromCharCode(...block.subarray(0, 4)) === 'Exif' ? block.subarray(6) : block;
}
