/** What the cleaners read of odd files: nothing that is not there, and everything that is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readExif } from '../../app/reporter/client/src/clean/exif.js';
import { marks } from '../../app/reporter/client/src/clean/xml.js';

/** A TIFF block with one folder of entries, [tag, type, value], each a number of one or two bytes. */
function block(entries) {
  const bytes = new Uint8Array(8 + 2 + 12 * entries.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]); // big-endian, the folder at 8
  view.setUint16(8, entries.length);
  for (const [n, [tag, type, value]] of entries.entries()) {
    const at = 10 + 12 * n;
    view.setUint16(at, tag);
    view.setUint16(at + 2, type);
    view.setUint32(at + 4, 1);
    if (type === 3) view.setUint16(at + 8, value);
    else view.setUint8(at + 8, value);
  }
  return bytes;
}

const SHORT = 3;

test('a model that is a number keeps nobody from reading which way up the photo is', () => {
  const told = readExif(
    block([
      [0x0110, SHORT, 7],
      [0x0112, SHORT, 6],
    ]),
  );
  assert.equal(told.orientation, 6);
  assert.equal(told.device, null);
});

test('a time that is a number is no time', () => {
  assert.equal(readExif(block([[0x0132, SHORT, 2031]])).time, null);
});

test('a folder that is words leads nowhere', () => {
  const told = readExif(
    block([
      [0x8769, 2, 0x41],
      [0x8825, 2, 0x41],
      [0x0112, SHORT, 3],
    ]),
  );
  assert.deepEqual(told, { place: null, time: null, device: null, orientation: 3 });
});

test('an entity that only JavaScript knows is one of its own', () => {
  for (const name of ['toString', 'valueOf', '__proto__', 'nobody']) {
    assert.throws(() => [...marks(`<a>&${name};</a>`)], { unreadable: true }, name);
  }
  assert.deepEqual([...marks('<a>&lt;&#65;</a>')][1], { text: '<A' });
});
