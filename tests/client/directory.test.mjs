/** The signed directory and the bundles of an epoch: nothing is trusted because a server said so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  directoryState,
  looksOld,
  openDirectory,
  requireCurrent,
  senderIndex,
} from '../../app/reporter/client/src/protocol/directory.js';
import { b64u, concat, fromUtf8, hex, jsonBytes, utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope, seal } from '../../app/reporter/client/src/protocol/envelope.js';
import { publicOf, reporterIdentity, sign } from '../../app/reporter/client/src/protocol/identities.js';
import { bundleMessage, openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import { fingerprint, recipientOfIdentity } from '../../app/reporter/client/src/protocol/recipients.js';
import {
  NOW,
  agency,
  bundlesFor,
  codeOf,
  directoryFields,
  entry,
  flip,
  investigator,
  nextRoot,
  seededRng,
  signDirectory,
} from './fixtures.mjs';

const { seed, lineId, next } = agency();
const people = ['ana', 'ben', 'chi'].map((name) => investigator(name));
const entries = people.map((one, i) => entry(one, ['active', 'former', 'active'][i]));
const signed = (changes, by = seed) => signDirectory(directoryFields(lineId, entries, changes), by);
const open = (file) => openDirectory(file, lineId);
const file = signed();
const day = (text) => Date.parse(`${text}T12:34:56Z`) / 1000;

test('a directory says who reads', () => {
  for (const given of [file, utf8(file)]) {
    const directory = open(given);
    assert.deepEqual(directory.active, [0, 2]);
    assert.equal(directory.version, 3);
    assert.equal(directory.expires, '2027-02-28');
    assert.deepEqual(directory.desks[0].members, [0, 1, 2]);
    assert.equal(directory.investigators[1].label, 'ben');
    assert.equal(hex(directory.lineId), hex(lineId));
  }
});

test('the next root, and the one after it, may sign', async () => {
  const third = seededRng('third')(32);
  const chain = [nextRoot(seed, next), nextRoot(next, third)];
  assert.deepEqual(open(signed({ roots: chain }, third)).root, publicOf(third));
  assert.equal(await codeOf(() => open(signed({ roots: chain }, next))), 'bad-signature');
  assert.equal(await codeOf(() => open(signed({ roots: [] }, next))), 'bad-signature');
  assert.equal(await codeOf(() => open(signed({ roots: [nextRoot(next, third)] }, third))), 'bad-signature');
  assert.equal(await codeOf(() => open(signed({ roots: [nextRoot(third, third)] }, third))), 'bad-signature');
});

test('a byte changed anywhere is noticed', async () => {
  const outer = JSON.parse(file);
  const bytes = new Uint8Array(Buffer.from(outer.directory, 'base64url'));
  for (let at = 0; at < bytes.length; at += 401) {
    const changed = JSON.stringify({ ...outer, directory: b64u(flip(bytes, at)) });
    assert.equal(await codeOf(() => open(changed)), 'bad-signature');
  }
  const signature = hex(flip(new Uint8Array(Buffer.from(outer.signature, 'hex')), 40));
  assert.equal(await codeOf(() => open(JSON.stringify({ ...outer, signature }))), 'bad-signature');
  assert.equal(await codeOf(() => open(JSON.stringify({ ...outer, root: hex(publicOf(next)) }))), 'bad-signature');
});

test('another line’s directory is refused', async () => {
  const other = agency('other');
  const theirs = signDirectory(directoryFields(other.lineId, entries), other.seed);
  assert.equal(await codeOf(() => open(theirs)), 'bad-signature');
  assert.equal(await codeOf(() => open(signed({ line_id: b64u(other.lineId) }))), 'bad-directory');
});

test('keys swapped or made up are refused, though the root signed them', async () => {
  const [ana, ben] = entries;
  const swapped = { ...ana, fetch: ben.fetch };
  assert.equal(await codeOf(() => open(signed({ investigators: [swapped] }))), 'bad-signature');
  const identity = { ...ana, fetch: b64u(new Uint8Array(32)) };
  assert.equal(await codeOf(() => open(signed({ investigators: [identity] }))), 'bad-point');
  const short = { ...ana, mlkem: b64u(new Uint8Array(1183)) };
  assert.equal(await codeOf(() => open(signed({ investigators: [short] }))), 'wrong-length');
});

test('malformed directories, each with a code and never a stack of its own', async () => {
  const desk = { id: 'a', members: [0], name: { en: 'A' }, about: { en: 'B' } };
  assert.equal(await codeOf(() => open(signed({ desks: [desk] }))), null);
  const wrong = {
    'unknown version': { v: 3 },
    'the first version': { v: 1 },
    'a version that is no number': { v: true },
    'a day of no year': { issued: '0000-01-01' },
    'roots that are no list': { roots: {} },
    'a label of nothing': { investigators: [{ ...entries[0], label: '' }] },
    'a label of two lines': { investigators: [{ ...entries[0], label: 'a\nb' }] },
    'a label that is too long': { investigators: [{ ...entries[0], label: 'a'.repeat(65) }] },
    'a member twice': { desks: [{ ...desk, members: [0, 0] }] },
    'members that are no list': { desks: [{ ...desk, members: 'ab' }] },
    'an id with a space': { desks: [{ ...desk, id: 'a b' }] },
    'a name that is no text': { desks: [{ ...desk, name: { en: 1 } }] },
    'a name in no language': { desks: [{ ...desk, name: {} }] },
    'parameters that are a list': { params: [] },
    'no time to live': { params: { message_days: 0, window_seconds: 3600 } },
    'half hours': { params: { message_days: 90, window_seconds: 1800 } },
    'no version': { version: '3' },
    'version zero': { version: 0 },
    'not a date': { expires: '28.2.2027' },
    'no such day': { expires: '2027-02-30' },
    'no roots': { roots: undefined },
    'roots of another form': { roots: [null] },
    'no investigators': { investigators: {} },
    'an investigator of another form': { investigators: [null] },
    'unknown status': { investigators: [{ ...entries[0], status: 'retired' }] },
    'listed twice': { investigators: [entries[0], entries[0]] },
    'a desk of strangers': { desks: [{ ...desk, members: [7] }] },
    'a desk twice': { desks: [desk, desk] },
    'a desk without words': { desks: [{ id: 'a', members: [0] }] },
    'no parameters': { params: null },
  };
  for (const [name, changes] of Object.entries(wrong)) {
    assert.equal(await codeOf(() => open(signed(changes))), 'bad-directory', name);
  }
  assert.equal(await codeOf(() => open(signDirectory(utf8('[]'), seed))), 'bad-directory');
  assert.equal(await codeOf(() => open(signDirectory(utf8('{'), seed))), 'bad-directory');
  assert.equal(await codeOf(() => open(signDirectory(Uint8Array.of(0xff), seed))), 'bad-directory');
  const twice = fromUtf8(jsonBytes(directoryFields(lineId, entries))).replace('"v":2', '"v":2,"v":2');
  assert.equal(await codeOf(() => open(signDirectory(utf8(twice), seed))), 'bad-directory');
  for (const text of ['', 'null', '[]', '"x"']) assert.equal(await codeOf(() => open(text)), 'bad-directory');
  assert.equal(await codeOf(() => open('{}')), 'bad-encoding');
});

test('warned about from 45 days before, usable 14 days after', async () => {
  const directory = open(signed({ expires: '2027-02-28' }));
  for (const [on, state] of [
    ['2026-10-01', 'ok'],
    ['2027-01-14', 'ok'],
    ['2027-01-15', 'expiring'],
    ['2027-02-28', 'expiring'],
    ['2027-03-01', 'grace'],
    ['2027-03-14', 'grace'],
    ['2027-03-15', 'expired'],
  ]) {
    assert.equal(directoryState(directory, day(on)), state, on);
    const refused = state === 'expired' ? 'expired-directory' : null;
    assert.equal(await codeOf(() => requireCurrent(directory, day(on))), refused);
  }
});

test('bundles are checked against the directory they name', async () => {
  const directory = open(file);
  const both = [
    [0, people[0]],
    [2, people[2]],
  ];
  const bytes = bundlesFor(file, both, 42);
  const { epoch, byIndex, referenceTime } = openBundles(bytes, directory);
  assert.deepEqual([epoch, [...byIndex.keys()], referenceTime], [42, [0, 2], NOW]);

  const read = (given) => codeOf(() => openBundles(given, directory));
  assert.equal(await read(bundlesFor(signed({ version: 4 }), both)), 'other-directory');
  assert.equal(await read(bundlesFor(file, [[1, people[1]]])), 'bad-bundle'); // former
  assert.equal(await read(bundlesFor(file, [[9, people[0]]])), 'bad-bundle');
  assert.equal(await read(bundlesFor(file, [both[1], both[0]])), 'bad-bundle'); // one spelling only
  assert.equal(await read(bundlesFor(file, [both[0], both[0]])), 'bad-bundle');
  assert.equal(await read(bundlesFor(file, [[0, people[2]]])), 'bad-signature'); // somebody else's
  for (const at of [44, 100, 1500, 2490, 2500]) {
    assert.equal(await read(flip(bytes, at)), 'bad-signature', String(at));
  }
  for (const size of [0, 41, bytes.length - 1]) assert.equal(await read(bytes.slice(0, size)), 'wrong-length');
  assert.equal(await read(concat(bytes, new Uint8Array(1))), 'wrong-length');
  assert.equal(openBundles(bundlesFor(file, []), directory).referenceTime, null);
});

const three = ['ana', 'ben', 'chi', 'dan', 'eve'].map((name) => investigator(name));
const fileOf = (count) =>
  signDirectory(
    directoryFields(
      lineId,
      three.slice(0, count).map((one) => entry(one)),
    ),
    seed,
  );

/** Opens a file in which these investigators' windows begin so many days after NOW. */
function shown(count, days) {
  const file = fileOf(count);
  const begun = Object.entries(days).map(([i, at]) => {
    const notBefore = NOW + at * 86400;
    return [Number(i), investigator(three[i].label, { notBefore, notAfter: notBefore + 3600 })];
  });
  return openBundles(bundlesFor(file, begun), open(file));
}

test('more than half of the active investigators must vouch for a time', () => {
  for (const [count, days, expected] of [
    [1, { 0: 0 }, 0],
    [1, {}, null],
    [2, { 0: 0, 1: 20 }, 0],
    [2, { 0: 0 }, null],
    [3, { 0: 0, 1: 0, 2: 29 }, 0],
    [3, { 0: 0, 1: 0, 2: -29 }, 0],
    [3, { 2: -30 }, null],
    [4, { 0: 0, 1: 0, 2: -29, 3: -29 }, -29],
    [5, { 0: 20, 1: 20, 2: 0, 3: 0, 4: 0 }, 0],
    [5, { 0: 0, 1: 0 }, null],
  ]) {
    const { byIndex, referenceTime } = shown(count, days);
    assert.equal(byIndex.size, Object.keys(days).length);
    assert.equal(referenceTime, expected === null ? null : NOW + expected * 86400, JSON.stringify([count, days]));
  }
});

test('windows that serve at no one moment are refused: one key would choose who reads', async () => {
  assert.equal(shown(2, { 0: 0, 1: -30 }).byIndex.size, 2); // its hour ended less than 30 days ago
  for (const days of [
    { 0: 0, 1: 0, 2: 40 },
    { 0: 0, 1: -60, 2: -60 },
    { 0: 0, 1: -31 },
  ]) {
    assert.equal(await codeOf(() => shown(3, days)), 'bad-bundle', JSON.stringify(days));
  }
});

test('only a clock that is plainly later says that a line is of the past', () => {
  const directory = open(file); // until 2027-02-28
  for (const [reference, clock, old] of [
    [NOW, NOW, false],
    [NOW, 0, false],
    [NOW, NOW + 45 * 86400, false],
    [NOW, NOW + 45 * 86400 + 1, true],
    [null, day('2027-03-14'), false],
    [null, day('2027-03-15'), true],
    [null, 0, false],
  ]) {
    assert.equal(looksOld(directory, reference, clock), old, JSON.stringify([reference, clock]));
  }
});

test('a signed bundle that nobody can seal to counts as none', () => {
  const directory = open(file);
  const [ana, , chi] = people;
  for (const [what, broken] of [
    ['dh', { dhPk: new Uint8Array(32) }],
    ['mlkem', { mlkem: { publicKey: new Uint8Array(1184).fill(255) } }],
    ['xwing', { xwing: { publicKey: concat(ana.bundle.xwing.publicKey.slice(0, 1184), new Uint8Array(32)) } }],
  ]) {
    const bad = { ...ana.bundle, ...broken, notBefore: NOW + 3600, notAfter: NOW + 7200 };
    const message = bundleMessage({ ...bad, dh: bad.dhPk, mlkem: bad.mlkem.publicKey, xwing: bad.xwing.publicKey });
    bad.signature = sign(ana.identity.sigSeed, 'j-sig-eph-w1', message);
    const { byIndex, referenceTime } = openBundles(
      bundlesFor(file, [
        [0, { bundle: bad }],
        [2, chi],
      ]),
      directory,
    );
    assert.deepEqual([[...byIndex.keys()], referenceTime], [[2], null], what);
  }
});

test('a window that ends before it begins', async () => {
  const directory = open(file);
  const odd = investigator('ana', { notBefore: NOW, notAfter: NOW });
  assert.equal(await codeOf(() => openBundles(bundlesFor(file, [[0, odd]]), directory)), 'bad-bundle');
});

test('an answer is accepted from those listed only, former members too', () => {
  const directory = open(file);
  const rng = seededRng('answer');
  const reporter = reporterIdentity(rng(16));
  const from = (sender) => {
    const envelope = seal(sender, recipientOfIdentity(reporter), jsonBytes({ kind: 'reply' }), lineId, rng);
    return senderIndex(openEnvelope(envelope, reporter, lineId), directory);
  };
  assert.equal(from(people[1].identity), 1);
  assert.equal(from(investigator('stranger').identity), -1);
  const half = { ...people[0].identity, mlkem: investigator('stranger').identity.mlkem };
  assert.equal(from(half), -1);
});

test('a fingerprint is of all four keys, the label and line.json', () => {
  const directory = open(file);
  const line = { lineId, name: 'Harbour', server: 'https://tips.example.org', onion: null, investigators: null };
  const prints = directory.investigators.map((one) => hex(fingerprint(one, line)));
  assert.equal(new Set(prints).size, 3);
  const [ana] = directory.investigators;
  assert.equal(fingerprint(ana, line).length, 16);
  for (const key of ['vk', 'dh', 'mlkem', 'fetch']) {
    assert.notEqual(hex(fingerprint({ ...ana, [key]: flip(ana[key], 3) }, line)), prints[0]);
  }
  assert.notEqual(hex(fingerprint({ ...ana, label: 'anna' }, line)), prints[0]);
  const onion = `http://${'a'.repeat(56)}.onion`;
  const others = [{ lineId: flip(lineId, 3) }, { name: 'H' }, { server: onion }, { onion }, { investigators: onion }];
  const more = others.map((changes) => hex(fingerprint(ana, { ...line, ...changes })));
  assert.equal(new Set([prints[0], ...more]).size, 6);
});
