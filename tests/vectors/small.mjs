/**
 * The small things of quietline.json: points, signatures, codes, bodies, and one file.
 */
import { FileSealer } from '../../app/reporter/client/src/protocol/attachments.js';
import { concat, hex, utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { base, randomScalar } from '../../app/reporter/client/src/protocol/group.js';
import { publicOf, sign } from '../../app/reporter/client/src/protocol/identities.js';
import { toNumbers, toWords } from '../../app/reporter/client/src/protocol/receipt.js';
import { tagged } from '../../app/reporter/client/src/protocol/signatures.js';
import { flip } from '../client/fixtures.mjs';
import { MID, mk, rngOf } from './cast.mjs';
import { sha256Hex, shake256, wordLists } from './material.mjs';
import { sealAll } from './sealing.mjs';

/** @returns {object} one that is good, and those that are refused */
export function points() {
  const good = base(randomScalar(rngOf('points')));
  const set = (at, value) => {
    const out = good.slice();
    out[at] = value;
    return out;
  };
  const p = (low) => Uint8Array.from([low, ...new Array(30).fill(255), 127]);
  return {
    good: hex(good),
    bad: [
      ['the identity', new Uint8Array(32)],
      ['the top bit is set', set(31, good[31] | 128)],
      ['a negative field element', set(0, good[0] | 1)],
      ['p, which is zero once more', p(0xed)],
      ['p + 2', p(0xef)],
      ['31 bytes', good.slice(1)],
      ['33 bytes', concat(good, new Uint8Array(1))],
    ].map(([why, point]) => [why, hex(point)]),
  };
}

/** S + ℓ: the same number modulo the order, which RFC 8032 refuses (5.1.7). */
function plusOrder(signature) {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = order;
  for (let i = 31; i >= 0; i--) s += BigInt(signature[32 + i]) << BigInt(8 * i);
  const out = signature.slice();
  for (let i = 0; i < 32; i++) out[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
  return out;
}

/** @returns {object} one that holds, and those that are refused */
export function signatures() {
  const seed = shake256('quietline-signer', 32);
  const vk = publicOf(seed);
  const message = utf8('what was signed');
  const signature = sign(seed, 'j-sig-ltk', message);
  const one = Uint8Array.from([1, ...new Array(31).fill(0)]);
  const oneAgain = Uint8Array.from([0xee, ...new Array(30).fill(255), 127]);
  const untagged = sign(seed, '', message);
  const bad = [
    ['S + ℓ', vk, plusOrder(signature)],
    ['one bit of R flipped', vk, flip(signature, 3)],
    ['63 bytes', vk, signature.slice(0, 63)],
    ['65 bytes', vk, concat(signature, new Uint8Array(1))],
    ['made with another tag', vk, sign(seed, 'j-sig-eph-w1', message)],
    ['made with an empty tag', vk, untagged],
    ['a key of small order: the identity, with R the identity and S zero', one, concat(one, new Uint8Array(32))],
    ['a key of small order in a spelling that is not canonical', oneAgain, concat(one, new Uint8Array(32))],
    ['a key of 31 bytes', vk.slice(1), signature],
  ];
  return {
    tag: 'j-sig-ltk',
    message: hex(message),
    signed: hex(tagged('j-sig-ltk', message)),
    good: { vk: hex(vk), signature: hex(signature) },
    bad: bad.map(([why, key, made]) => ({ why, vk: hex(key), signature: hex(made) })),
  };
}

/** @returns {object} the reporter’s code in many forms, and damaged */
export function codes() {
  const lists = wordLists();
  const words = toWords(mk, lists.english).split(' ');
  const numbers = toNumbers(mk).split(' ');
  const without = (list, at, ...put) => [...list.slice(0, at), ...put, ...list.slice(at + 1)].join(' ');
  const numbered = (from) => words.map((word, i) => `${from + i}. ${word}`).join('\n');
  const arabic = (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
  const bare = (text) => text.normalize('NFD').replace(/\p{M}/gu, '');
  return {
    good: [
      words.join(' '),
      words.join('-').toUpperCase(),
      words.map((word) => word.slice(0, 4)).join(', '),
      numbered(1),
      numbered(1).replace(/\. /g, ''),
      ...Object.entries(lists)
        .filter(([name]) => name !== 'english')
        .map(([, list]) => toWords(mk, list)),
      bare(toWords(mk, lists.spanish)).toUpperCase(),
      toWords(mk, lists.japanese).normalize('NFD'),
      toWords(mk, lists.chinese_simplified).replace(/ /g, ''),
      numbers.join(' '),
      numbers.join(''),
      numbers.map(Number).join('\n'),
      arabic(numbers.join(' ')),
      `\u2068${numbers.join(' ')}\u2069`,
    ],
    bad: [
      ['eleven words', words.slice(1).join(' ')],
      ['thirteen words', [...words, words[0]].join(' ')],
      ['a word of no list', without(words, 4, 'quietline')],
      ['a word cut after three letters', without(words, 4, words[4].slice(0, 3))],
      ['two words in each other’s place', [words[0], words[2], words[1], ...words.slice(3)].join(' ')],
      ['one word of another code', without(words, 11, words[11] === 'abandon' ? 'ability' : 'abandon')],
      ['a number among the words', without(words, 3, numbers[3])],
      ['a number beside the words', `${words.join(' ')} 7`],
      ['the numbers of a list that begins with 0', numbered(0)],
      ['words of two languages', [...words.slice(0, 6), ...toWords(mk, lists.korean).split(' ').slice(6)].join(' ')],
      ['eleven numbers', numbers.slice(1).join(' ')],
      ['47 digits', numbers.join('').slice(1)],
      ['49 digits', `${numbers.join('')}1`],
      ['the number 0000', without(numbers, 5, '0000')],
      ['the number 2049', without(numbers, 5, '2049')],
      ['a number of five digits', without(numbers, 5, `0${numbers[5]}`)],
      ['two numbers in each other’s place', [numbers[0], numbers[2], numbers[1], ...numbers.slice(3)].join(' ')],
      ['nothing', ''],
    ],
  };
}

/** @returns {object} bodies that are read, not guessed, refused */
export function bodies() {
  const text = (inside) => `{"kind":"report","v":1,"mid":"${MID}"${inside}}`;
  return {
    good: [
      ['an empty report', text('')],
      ['a kind that nobody knows', `{"kind":"song","v":1,"mid":"${MID}"}`],
      ['fields that nobody knows', text(',"later":[null,{"x":true}],"text":"\\ud83d"')],
      ['white space and another order', ` {"v" : 1,\n"mid":"${MID}","kind":"reply"} `],
      ['32 levels', text(`,"x":${'['.repeat(31)}${']'.repeat(31)}`)],
      ['the largest number', text(',"x":9007199254740991')],
    ],
    newer: [
      ['v is 2', text(',"text":"not shown"').replace('"v":1', '"v":2')],
      ['v is 0', text('').replace('"v":1', '"v":0')],
    ],
    bad: [
      ['not an object', '[]'],
      ['no kind', `{"v":1,"mid":"${MID}"}`],
      ['no v', `{"kind":"report","mid":"${MID}"}`],
      ['no mid', '{"kind":"report","v":1}'],
      ['mid in capitals', text('').replace(MID, MID.toUpperCase())],
      ['v is 1.0', text('').replace('"v":1', '"v":1.0')],
      ['v is true', text('').replace('"v":1', '"v":true')],
      ['v is a text', text('').replace('"v":1', '"v":"1"')],
      ['a member twice', text(',"text":"a","text":"b"')],
      ['a member twice, once escaped', text(',"text":"a","\\u0074ext":"b"')],
      ['a member twice, deep inside', text(',"x":[{"y":{"z":1,"z":1}}]')],
      ['a byte order mark', `\ufeff${text('')}`],
      ['33 levels', text(`,"x":${'['.repeat(32)}${']'.repeat(32)}`)],
      ['a number too large', text(',"x":9007199254740992')],
      ['a number with an exponent', text(',"x":1e3')],
      ['minus zero', text(',"x":-0')],
      ['NaN', text(',"x":NaN')],
      ['cut off', text('').slice(0, -1)],
    ],
  };
}

/** @returns {Promise<object>} a file of 17 pieces, and sizes that do not agree */
export async function attachment() {
  const size = 16 * 262128 - 8 + 1; // 17 pieces, padded to 18 chunks
  const label = 'quietline-attachment';
  const key = shake256('quietline-attachment-key', 32);
  const blob = new Blob([shake256(label, size)]);
  const sealer = new FileSealer({ blob, key, size, subtle: globalThis.crypto.subtle });
  const { chunks, tree } = await sealAll(sealer);
  return {
    plaintext: `SHAKE256('${label}', ${size} bytes)`,
    size,
    key: hex(key),
    chunks: sealer.total,
    first_id: hex(sealer.chunkId(0)),
    last_id: hex(sealer.chunkId(sealer.total - 1)),
    ciphertext_sha256: sha256Hex(...chunks),
    tree: hex(tree),
    bad_sizes: [
      ['a chunk too few', size, 17],
      ['not rounded up', 262128 * 17 - 8, 17],
      ['2 GiB and a byte', 2 ** 31 + 1, 9216],
      ['less than nothing', -1, 1],
    ].map(([why, bytes, count]) => ({ why, size: bytes, chunks: count })),
  };
}
