/** A photo chosen while the network is gone: not one that cannot be cleaned, but one not looked into yet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { examine } from '../../app/reporter/client/src/app/cleaning.js';

test('what looks into files could not be loaded: so it is told, and nothing is called clean', async () => {
  // Here is no server that would have /assets/clean.js.
  const found = await examine(new File([Uint8Array.of(0xff, 0xd8, 0xff)], 'photo.jpg', { type: 'image/jpeg' }));
  assert.deepEqual(found, { revealed: null, clean: null, ending: null, kind: null, isUnreached: true });
});
