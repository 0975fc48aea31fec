/** A receipt code as people write it down and type it in again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { entropyToMnemonic } from '../../app/reporter/client/node_modules/@scure/bip39/index.js';
import { wordlist as english } from '../../app/reporter/client/node_modules/@scure/bip39/wordlists/english.js';
import {
  countTyped,
  listNamesFor,
  readCode,
  readsAs,
  replaceWord,
} from '../../app/reporter/client/src/protocol/reading.js';
import { newEntropy, toNumbers, toWords } from '../../app/reporter/client/src/protocol/receipt.js';
import { wordLists } from '../vectors/material.mjs';
import { seededRng } from './fixtures.mjs';

const lists = wordLists();
const rng = seededRng('receipt');
const entropy = newEntropy(rng);

function error(text, among = lists) {
  try {
    readCode(text, among);
  } catch (caught) {
    return caught;
  }
  return assert.fail('the code was read');
}

function reads(text, expected = entropy, among = lists) {
  assert.deepEqual(readCode(text, among), [expected]);
}

for (const [name, list] of Object.entries(lists)) {
  test(`a code in ${name} is read again, whole or without marks and in capitals`, () => {
    for (let i = 0; i < 10; i++) {
      const one = newEntropy(rng);
      const words = toWords(one, list);
      assert.equal(words.split(' ').length, 12);
      const found = readCode(words, lists);
      assert.ok(found.some((reading) => Buffer.from(reading).equals(Buffer.from(one))));
      const bare = words.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
      assert.deepEqual(readCode(bare, { [name]: list }), [one]);
      reads(words.normalize('NFKD'), one, { [name]: list });
    }
  });
}

test('the words are BIP-39', () => {
  for (let i = 0; i < 20; i++) {
    const one = newEntropy(rng);
    assert.equal(toWords(one, lists.english), entropyToMnemonic(one, english));
  }
});

test('extra spaces, commas, hyphens, lines and list numbers between words', () => {
  const words = toWords(entropy, lists.english).split(' ');
  for (const between of ['   ', ', ', '-', '\n', '\t', '\u3000', ' – ', '.', ';', '\u00a0', ' / ', '\r\n', '\u200b']) {
    reads(`  ${words.join(between)} \n`);
  }
  reads(words.map((word, i) => `${i + 1}. ${word}`).join('\n'));
  reads(words.map((word, i) => `${i + 1}${word}`).join(' '));
  reads(`\u2068${words.join(' ')}\u2069\ufeff`);
});

test('numbers in digits of any script, in groups or in one piece', () => {
  const numbers = toNumbers(entropy);
  const inScript = (zero) => numbers.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
  const listed = (between) =>
    numbers
      .split(' ')
      .map((number, i) => `${i + 1}${between}${number}`)
      .join('   ');
  const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0xff10, 0x1d7ce];
  for (const zero of zeros) reads(inScript(zero), entropy, {});
  for (const text of [
    numbers.replace(/ /g, ''),
    numbers.replace(/ /g, '-'),
    numbers.replace(/ /g, '\n'),
    numbers.replace(/ /g, '、'),
    numbers.replace(/(\d{4}) (\d{4}) /g, '$1$2 '),
    numbers.replace(/\b0+/g, ''),
    ...[' ', '. ', ') '].map(listed),
  ]) {
    reads(text, entropy, {});
  }
});

test('Chinese without spaces, in either list', () => {
  for (const name of ['chinese_simplified', 'chinese_traditional']) {
    const words = toWords(entropy, lists[name]).replace(/ /g, '');
    reads(words, entropy, { [name]: lists[name] });
    assert.ok(readCode(words, lists).some((one) => Buffer.from(one).equals(Buffer.from(entropy))));
  }
});

test('a code that fits several lists is read in each; the same reading is given once', () => {
  const { english: en, french: fr, chinese_simplified: hans, chinese_traditional: hant } = lists;
  const pick = seededRng('shared');
  const search = (shared, wanted) => {
    for (let tries = 0; tries < 5000; tries++) {
      const text = [...pick(12)].map((byte, i) => shared[(byte * 7 + i) % shared.length]).join(' ');
      try {
        const readings = readCode(text, lists);
        if (readings.length === wanted) return readings;
      } catch {
        // the checksum fits no list: try others
      }
    }
    return assert.fail('nothing found');
  };
  const [first, second] = search(
    en.filter((word) => fr.includes(word)),
    2,
  );
  assert.notDeepEqual(first, second);
  const shared = hans.filter((word) => hant.includes(word));
  assert.equal(shared.length, 1275);
  assert.equal(search(shared, 1).length, 1); // those characters have the same place in both lists
});

test('katakana, full-width letters, a dotless i', () => {
  const japanese = toWords(entropy, lists.japanese).normalize('NFC');
  const katakana = japanese.replace(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
  reads(katakana);
  const words = toWords(entropy, lists.english);
  reads(words.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)));
  reads(words.replace(/i/g, 'ı').toUpperCase());
});

test('words cut after four letters, where that tells them', () => {
  for (const name of ['english', 'spanish', 'french', 'italian', 'portuguese', 'czech']) {
    const words = toWords(entropy, lists[name]);
    reads(
      words.replace(/[^ ]+/g, (word) => word.slice(0, 4)),
      entropy,
      { [name]: lists[name] },
    );
  }
});

test('a mistyped word: which one, as typed, and what it may have been', () => {
  const words = toWords(entropy, lists.english).split(' ');
  for (let at = 0; at < 12; at++) {
    const right = words[at];
    const typed = `${right.slice(0, -1)}zq`;
    const caught = error([...words.slice(0, at), typed, ...words.slice(at + 1)].join(' '));
    assert.equal(caught.code, 'unknown-word');
    assert.equal(caught.position, at + 1);
    assert.equal(caught.word, typed);
    assert.ok(caught.suggestions.length <= 3);
    assert.ok(!caught.message.includes(right), 'the message holds no word of the code');
  }
  const digit = error([...words.slice(0, 8), 'weir1d', ...words.slice(9)].join(' '));
  assert.deepEqual([digit.code, digit.position, digit.word], ['unknown-word', 9, 'weir1d']);
  const swapped = error(['beleive', ...words.slice(1)].join(' '));
  assert.equal(swapped.suggestions[0], 'believe');
});

test('a mistyped word is looked for in the list of the others', () => {
  const words = toWords(entropy, lists.spanish).split(' ');
  words[6] = 'xilofono';
  const caught = error(words.join(' '));
  assert.equal(caught.position, 7);
  assert.ok(caught.suggestions.every((word) => lists.spanish.includes(word)));
});

test('a number out of range, too few words, words that do not belong together', () => {
  const numbers = toNumbers(entropy).split(' ');
  for (const wrong of ['0000', '2049', '9999', '00012', '10q6', 'x']) {
    const caught = error([...numbers.slice(0, 4), wrong, ...numbers.slice(5)].join(' '));
    assert.deepEqual([caught.code, caught.position, caught.word], ['unknown-word', 5, wrong]);
  }
  const words = toWords(entropy, lists.english).split(' ');
  for (const count of [0, 1, 11, 13, 24]) {
    const caught = error(Array.from({ length: count }, (_, i) => words[i % 12]).join(' '));
    assert.deepEqual([caught.code, caught.count], ['word-count', count]);
  }
  const [first, second, ...rest] = words;
  assert.equal(error([second, first, ...rest].join(' ')).code, 'checksum');
  assert.equal(error([numbers[1], numbers[0], ...numbers.slice(2)].join(' ')).code, 'checksum');
  assert.equal(error('').code, 'word-count');
  assert.equal(error('!?').code, 'word-count');
});

test('numbers among words are a list’s, or wrong', () => {
  const words = toWords(entropy, lists.english).split(' ');
  const numbers = toNumbers(entropy).split(' ');
  const mixed = error([...words.slice(0, 3), numbers[3], ...words.slice(4)].join(' '));
  assert.deepEqual([mixed.code, mixed.position, mixed.word], ['unknown-word', 4, numbers[3]]);
  assert.equal(error(`${words.join(' ')} 7`).count, 13);
  assert.equal(error(words.map((word, i) => `${i + 2}. ${word}`).join(' ')).code, 'word-count');
  assert.equal(error(words.map((word, i) => `${word} ${i + 1}`).join(' ')).code, 'word-count');
  reads(
    words
      .map((word, i) => `${'٠١٢٣٤٥٦٧٨٩'[(i + 1) % 10]} ${word}`)
      .slice(0, 9)
      .join(' ') +
      words
        .slice(9)
        .map((word, i) => ` ${10 + i} ${word}`)
        .join(''),
  );
});

test('which lists a text can be of', () => {
  assert.deepEqual(listNamesFor('0001 ٠٠٠١'), []);
  assert.deepEqual(listNamesFor('闷多'), ['chinese_simplified', 'chinese_traditional']);
  assert.deepEqual(listNamesFor('よけい'), ['japanese']);
  assert.deepEqual(listNamesFor('가격'), ['korean']);
  assert.equal(listNamesFor('vacío').length, 6);
});

test('what is typed is counted as it will be read', () => {
  assert.equal(countTyped(''), 0);
  const words = toWords(entropy, lists.english).split(' ');
  assert.equal(countTyped(words.slice(0, 5).join(', ')), 5);
  assert.equal(countTyped(words.map((word, i) => `${i + 1}. ${word}`).join('\n')), 12);
  assert.equal(countTyped(toNumbers(entropy).replaceAll(' ', '')), 12);
  assert.equal(countTyped(toWords(entropy, lists.chinese_simplified).replaceAll(' ', '')), 12);
});

test('the word that was wrong is put right, and no other', () => {
  const words = toWords(entropy, lists.english).split(' ');
  const wrong = [...words.slice(0, 6), 'weir1d', ...words.slice(7)];
  const { position } = error(wrong.join(' '));
  assert.equal(replaceWord(wrong.join(' '), position, words[6]), words.join(' '));
  const listed = (all) => all.map((word, i) => `${i + 1}. ${word}`).join('\n');
  assert.equal(replaceWord(listed(wrong), position, words[6]), listed(words));
  const han = toWords(entropy, lists.chinese_simplified).replaceAll(' ', '');
  assert.equal(replaceWord(han, 3, '的'), `${han.slice(0, 2)}的${han.slice(3)}`);
});

test('one word or number alone is read as forgivingly as a whole code', () => {
  const at = lists.english.indexOf('vintage');
  for (const typed of ['vintage', ' VINTAGE ', 'vint', 'vintage.']) assert.ok(readsAs(typed, at, lists.english), typed);
  for (const typed of ['', 'vin', 'virus', 'vintage virus', String(at + 1)]) {
    assert.ok(!readsAs(typed, at, lists.english), typed);
  }
  const japanese = lists.japanese[7];
  assert.ok(readsAs(japanese.normalize('NFD'), 7, lists.japanese));
  for (const typed of ['8', '0008', ' 08', '٨']) assert.ok(readsAs(typed, 7, null), typed);
  for (const typed of ['', '9', '00008', '8 8', 'eight']) assert.ok(!readsAs(typed, 7, null), typed);
});
