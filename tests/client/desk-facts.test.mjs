/** What is said of a desk before it is chosen, in the reader's language. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { factsOf, hoursInWords, languagesInWords } from '../../app/reporter/client/src/app/desk-facts.js';

const WEEK = [{ days: [1, 2, 3, 4, 5, 7], from: '09:00', to: '17:30' }];
const plain = (text) => text.replace(/[\u2066-\u2069]/gu, '');
const speaker = { say: (key, values = {}) => [key, ...Object.values(values)].join(' ') };
const said = (desk, lang = 'en') =>
  factsOf({ hours: [], languages: [], tellsImmigration: 'unknown', ...desk }, speaker, lang).map(([, text]) =>
    plain(text),
  );

test('hours are said in the language of the page, in digits that all can read', () => {
  assert.equal(plain(hoursInWords(WEEK, 'en')), 'Monday – Friday, Sunday 09:00–17:30');
  assert.equal(plain(hoursInWords(WEEK, 'es')), 'lunes – viernes, domingo 09:00–17:30');
  for (const lang of ['ar', 'hi', 'th', 'zh-Hans']) assert.match(hoursInWords(WEEK, lang), /09:00–17:30/);
});

test('day and night is said so, and hours that leave a day out are not', () => {
  const whole = { from: '00:00', to: '24:00' };
  assert.deepEqual(said({ hours: [{ days: [1, 2, 3, 4, 5, 6, 7], ...whole }] }), ['desk.always', 'desk.tells-unknown']);
  assert.match(said({ hours: [{ days: [1, 2, 3, 4, 5, 6], ...whole }] })[0], /desk\.hours Monday – Saturday/);
});

test("the reader's own language stands first", () => {
  assert.equal(languagesInWords(['en', 'es', 'uk'], 'uk').split(',')[0], 'українська');
  assert.equal(languagesInWords(['en', 'es'], 'en'), 'English, Spanish');
});

test('what is not known of immigration is said, what is not known of the rest is not', () => {
  assert.deepEqual(said({}), ['desk.tells-unknown']);
  assert.deepEqual(said({ tellsImmigration: 'yes' }), ['desk.tells-yes']);
  assert.deepEqual(said({ languages: ['es'], tellsImmigration: 'no' }), ['desk.languages Spanish', 'desk.tells-no']);
});

test('each icon is in every page, and what a desk must tell has one for each answer', () => {
  const sprite = readFileSync(new URL('../../app/reporter/pages/icons.svg', import.meta.url), 'utf8');
  const whole = { from: '00:00', to: '24:00' };
  const icons = (tellsImmigration) =>
    factsOf({ hours: [{ days: [1], ...whole }], languages: ['es'], tellsImmigration }, speaker, 'en').map(
      ([name]) => name,
    );
  const all = ['yes', 'no', 'unknown'].map(icons);
  for (const name of all.flat()) assert.ok(sprite.includes(`<symbol id="i-${name}"`), name);
  assert.equal(new Set(all.map((names) => names.at(-1))).size, 3);
});
