// How the page says numbers and days, in languages whose browsers would say them otherwise.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { speaker } from '../../app/reporter/client/src/app/page.js';

const phrases = {
  days: { one: '{count} दिन है', other: '{count} दिन हैं' },
  room: { other: '{count}' },
};

test('a day has the year of the information pack, not that of the Thai calendar', () => {
  assert.equal(speaker({ lang: 'th', phrases }).day('2026-11-24'), '24 พฤศจิกายน ค.ศ. 2026');
});

test('digits can be typed on any keyboard', () => {
  for (const lang of ['ar', 'th', 'hi', 'zh-Hans', 'vi']) {
    const { count, day } = speaker({ lang, phrases });
    assert.match(count('room', 4711), /^4\D?711$/, lang);
    assert.match(day('2026-11-24'), /2026/, lang);
    assert.doesNotMatch(day('2026-11-24'), /(?![0-9])\p{Nd}/u, lang);
  }
});

test('Hindi puts zero with one', () => {
  const { count } = speaker({ lang: 'hi', phrases });
  assert.deepEqual(
    [0, 1, 2].map((n) => count('days', n)),
    ['0 दिन है', '1 दिन है', '2 दिन हैं'],
  );
});

test('a file’s name does not turn the sentence round that it stands in', () => {
  const { say } = speaker({ lang: 'en', phrases: { large: '{name} is larger than {limit}.' } });
  const name = 'photo\u202egpj.exe';
  assert.equal(say('large', { name, limit: '2 GB' }), 'photogpj.exe is larger than 2 GB.');
});

test('a file without a byte in it is told as such', () => {
  const { bytes } = speaker({ lang: 'en', phrases: { 'bytes.kilo': '{number} kB' } });
  assert.deepEqual([0, 1, 2400].map(bytes), ['0 kB', '1 kB', '2 kB']);
});
