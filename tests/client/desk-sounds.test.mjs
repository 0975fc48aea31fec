/** What a desk's recording is tied to is the same text here and where the site is made. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { saidOf } from '../../app/reporter/client/src/app/desk-sounds.js';

// tests/reporter/listening/test_desk_scripts.py has the same desk and the same hash.
const DESK = {
  name: { en: 'Support workers', es: 'Equipo de apoyo' },
  about: { en: 'They listen.' },
  hours: [{ days: [1, 2, 3], from: '09:00', to: '17:30' }],
  languages: ['en', 'zh-Hans'],
  tellsImmigration: 'no',
};
const SHA256 = '0f706807637f64bc6115e6a2a449fad4b4c5a8691a5a90a9bb9f77f9863aed05';

test('what the directory says of a desk has the hash that the build wrote down', () => {
  const text = saidOf(DESK, 'es');
  assert.equal(text, 'Equipo de apoyo\nThey listen.\n1,2,3 09:00-17:30\nen,zh-Hans\nno');
  assert.equal(createHash('sha256').update(text).digest('hex'), SHA256);
});
