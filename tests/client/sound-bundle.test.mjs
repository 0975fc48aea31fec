// A bundle of recordings, as the page takes it apart.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Changed, readBundle } from '../../app/reporter/client/src/app/sound-bundle.js';

const PART = 64;

function bundle(index, sounds) {
  const text = new TextEncoder().encode(typeof index === 'string' ? index : JSON.stringify(index));
  const whole = new Uint8Array(PART * Math.ceil((4 + text.length + sounds.length) / PART));
  new DataView(whole.buffer).setUint32(0, text.length);
  whole.set(text, 4);
  whole.set(sounds, 4 + text.length);
  return [whole.slice(0, PART), whole.slice(PART)];
}

const screens = { safety: [0, 3], text: [3, 2] };

test('a screen has its own sound, and others have none', () => {
  const sounds = readBundle(bundle({ v: 1, screens }, [1, 2, 3, 4, 5]));
  assert.deepEqual([...new Uint8Array(sounds.of('safety'))], [1, 2, 3]);
  assert.deepEqual([...new Uint8Array(sounds.of('text'))], [4, 5]);
  for (const name of ['files', 'constructor', '__proto__']) assert.equal(sounds.of(name), null);
});

test('what was handed over is emptied, and so is the rest when it is wiped', () => {
  const parts = bundle({ v: 1, screens }, [1, 2, 3, 4, 5]);
  const sounds = readBundle(parts);
  assert.ok(parts.every((part) => part.every((byte) => byte === 0)));
  sounds.wipe();
  assert.deepEqual([...new Uint8Array(sounds.of('safety'))], [0, 0, 0]);
});

test('what says more of itself than there is is not believed', () => {
  const beyond = readBundle(bundle({ v: 1, screens: { a: [0, 1e6], b: [-9, 3], c: [0, 0], d: 'x' } }, [1]));
  for (const name of ['a', 'b', 'c', 'd']) assert.equal(beyond.of(name), null);
  for (const index of [{ v: 2, screens }, { v: 1 }, { v: 1, screens: null }, [], 'no', 'null'])
    assert.throws(() => readBundle(bundle(index, [1])), Changed);
  const long = bundle({ v: 1, screens }, [1]);
  new DataView(long[0].buffer).setUint32(0, 0xffffffff);
  assert.throws(() => readBundle(long), Changed);
  assert.throws(() => readBundle([new Uint8Array(2)]), Changed);
});
