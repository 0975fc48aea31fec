/**
 * What is signed, for quietline.json: directories, bundles of an epoch, manifests of a site.
 */
import { b64u, concat, fromUtf8, hex, jsonBytes, utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { publicOf, sign } from '../../app/reporter/client/src/protocol/identities.js';
import { bundleMessage } from '../../app/reporter/client/src/protocol/bundles.js';
import { fingerprint } from '../../app/reporter/client/src/protocol/recipients.js';
import { directoryState, looksOld } from '../../app/reporter/client/src/protocol/directory.js';
import {
  NOW,
  bundlesFor,
  directoryFields,
  entry,
  flip,
  investigator,
  nextRoot,
  signDirectory,
} from '../client/fixtures.mjs';
import { directory, entries, fields, line, other, people, rngOf } from './cast.mjs';
import { sha256Hex } from './material.mjs';

/** A desk as an older directory has it: of what a reporter reads before choosing only the words. */
const withoutFacts = ({ id, members, name, about }) => ({ id, members, name, about });

/** @returns {object} one signed by a later root, one whose desk says no more than its name, and those that must be
 *   refused */
export function directories() {
  const next = rngOf('next-root')(32);
  const third = rngOf('third-root')(32);
  const chain = [nextRoot(line.seed, next), nextRoot(next, third)];
  const changed = (changes, seed = line.seed) => signDirectory({ ...fields, ...changes }, seed);
  const text = fromUtf8(jsonBytes(fields));
  const outer = JSON.parse(directory);
  const signedBy = (signature) => JSON.stringify({ ...outer, signature });
  const desk = fields.desks[0];
  const [ana, ben] = entries;
  const withHours = (changes) => changed({ desks: [{ ...desk, hours: [{ ...desk.hours[0], ...changes }] }] });
  const alone = (changes) => changed({ investigators: [{ ...ana, ...changes }] });
  return {
    rotated: { file: changed({ roots: chain, version: 4 }, third), root: hex(publicOf(third)), version: 4 },
    silent: changed({ desks: [withoutFacts(desk)] }),
    bad: [
      ['signed by a root that no chain leads to', changed({}, other.seed)],
      ['a chain that lacks its first link', changed({ roots: [chain[1]] }, third)],
      ['a chain in the wrong order', changed({ roots: [chain[1], chain[0]] }, third)],
      ['signed by the first root after a rotation', changed({ roots: chain }, line.seed)],
      ['of another line', changed({ line_id: b64u(other.lineId) })],
      ['one bit of the signature flipped', signedBy(hex(flip(Buffer.from(outer.signature, 'hex'), 40)))],
      ['the signature in capitals', signedBy(outer.signature.toUpperCase())],
      ['a member twice', signDirectory(utf8(text.replace('"v":2', '"v":2,"v":2')), line.seed)],
      ['v is 2.0', signDirectory(utf8(text.replace('"v":2', '"v":2.0')), line.seed)],
      ['v is true', changed({ v: true })],
      ['v is 1', changed({ v: 1 })],
      ['v is 3', changed({ v: 3 })],
      ['a byte order mark', signDirectory(utf8(`\ufeff${text}`), line.seed)],
      ['version is zero', changed({ version: 0 })],
      ['a day that there is not', changed({ expires: '2027-02-29' })],
      ['an investigator twice', changed({ investigators: [...entries, ana] })],
      ['the keys of another investigator', alone({ fetch: ben.fetch })],
      ['a fetch key that is the identity', alone({ fetch: b64u(new Uint8Array(32)) })],
      ['a label of two lines', alone({ label: 'A\nB' })],
      ['a status that is none', alone({ status: 'away' })],
      ['a former investigator without a day of leaving', alone({ status: 'former' })],
      ['an active investigator with a day of leaving', alone({ left: '2026-08-15' })],
      ['a day of leaving that there is not', alone({ status: 'former', left: '2026-02-30' })],
      ['a day of leaving after the directory', alone({ status: 'former', left: '2026-09-02' })],
      ['a desk twice', changed({ desks: [desk, desk] })],
      ['a member of a desk twice', changed({ desks: [{ ...desk, members: [0, 0] }] })],
      ['a member who is not listed', changed({ desks: [{ ...desk, members: [3] }] })],
      ['a desk without a name', changed({ desks: [{ ...desk, name: {} }] })],
      ['a desk whose id is in capitals', changed({ desks: [{ ...desk, id: 'Support' }] })],
      ['hours on the eighth day', withHours({ days: [8] })],
      ['hours on no day', withHours({ days: [] })],
      ['hours on one day twice', withHours({ days: [1, 1] })],
      ['hours from 24:00', withHours({ from: '24:00' })],
      ['hours to 25:00', withHours({ to: '25:00' })],
      ['hours of no length', withHours({ to: '09:00' })],
      ['fifteen spans of hours', changed({ desks: [{ ...desk, hours: Array(15).fill(desk.hours[0]) }] })],
      ['a language that is no tag', changed({ desks: [{ ...desk, languages: ['English'] }] })],
      ['a language twice', changed({ desks: [{ ...desk, languages: ['en', 'en'] }] })],
      ['a desk that perhaps tells immigration', changed({ desks: [{ ...desk, tells_immigration: 'maybe' }] })],
      ['windows of half an hour', changed({ params: { message_days: 90, window_seconds: 1800 } })],
    ],
  };
}

/** @returns {Array<object>} in whose name an answer is shown: the `desk` that it names, its `sender` */
export function speakers() {
  const from = (sender, desk, shown, left = null) => ({ sender, desk, shown, left });
  return [
    from(0, 'support', 'support'),
    from(0, 'police', null),
    from(0, null, null),
    from(1, 'support', null, entries[1].left),
  ];
}

/** @returns {object} what an investigator asks, of which line, and what two people compare then */
export function enrolment() {
  const { vk, dhPk: dh, mlkem, fetchPk: fetch, sig } = people[0].identity;
  const keys = { vk, dh, mlkem: mlkem.publicKey, fetch, sig };
  const label = 'Ana Núñez';
  const addresses = { name: 'Línea del puerto', server: 'https://tips.example.org', onion: null };
  const investigators = `http://${'a'.repeat(56)}.onion`;
  const asked = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, b64u(key)]));
  return {
    line: JSON.stringify({ v: 1, line_id: b64u(line.lineId), ...addresses, investigators }),
    request: JSON.stringify({ v: 2, kind: 'quietline-enrolment', line: b64u(line.lineId), label, ...asked }),
    fingerprint: hex(fingerprint({ ...keys, label }, { lineId: line.lineId, ...addresses, investigators })),
  };
}

/** @returns {object} files of an epoch: those that are read, and those that are refused */
export function bundles() {
  const [ana, , chi] = people;
  const all = bundlesFor(
    directory,
    [
      [0, ana],
      [2, chi],
    ],
    29833333,
  );
  const later = { ...chi.bundle, dhPk: new Uint8Array(32), notBefore: NOW + 3600, notAfter: NOW + 7200 };
  const { dhPk: dh, mlkem, xwing, ...window } = later;
  const message = bundleMessage({ ...window, dh, mlkem: mlkem.publicKey, xwing: xwing.publicKey });
  const signature = sign(chi.identity.sigSeed, 'j-sig-eph-w1', message);
  const unusable = { bundle: { ...later, signature } };
  const at = (name, days) => {
    const notBefore = NOW + days * 86400;
    return investigator(`quietline-${name}`, { notBefore, notAfter: notBefore + 3600 });
  };
  const none = bundlesFor(directory, [], 1);
  const backwards = investigator('quietline-ana', { notBefore: NOW, notAfter: NOW });
  const names = ['ana', 'ben', 'chi'];
  const active = directoryFields(
    line.lineId,
    names.map((name) => entry(at(name, 0))),
  );
  const three = signDirectory(active, line.seed);
  const ofThree = (why, days, time) => ({
    why,
    directory: three,
    file: hex(
      bundlesFor(
        three,
        Object.entries(days).map(([i, day]) => [Number(i), at(names[i], day)]),
        4,
      ),
    ),
    epoch: 4,
    indexes: Object.keys(days).map(Number),
    reference_time: time,
  });
  return {
    good: [
      { why: 'two in service', file: hex(all), epoch: 29833333, indexes: [0, 2], reference_time: NOW },
      { why: 'nobody in service', file: hex(none), epoch: 1, indexes: [], reference_time: null },
      {
        why: 'a signed one that nobody can seal to counts as none: one of two vouches for no time',
        file: hex(
          bundlesFor(
            directory,
            [
              [0, ana],
              [2, unusable],
            ],
            2,
          ),
        ),
        epoch: 2,
        indexes: [0],
        reference_time: null,
      },
      {
        why: 'of two the earlier one: neither moves it ahead alone',
        file: hex(
          bundlesFor(
            directory,
            [
              [0, ana],
              [2, at('chi', 20)],
            ],
            3,
          ),
        ),
        epoch: 3,
        indexes: [0, 2],
        reference_time: NOW,
      },
      ofThree('one of three, 29 days ahead, moves nothing', { 0: 0, 1: 0, 2: 29 }, NOW),
      ofThree('one of three, 29 days behind, holds nothing back', { 0: -29, 1: 0, 2: 0 }, NOW),
      ofThree('one of three alone is no time', { 1: -400 }, null),
      ofThree('two of three are', { 0: 0, 2: -29 }, NOW - 29 * 86400),
      ofThree('one that ended less than 30 days before another began', { 0: 0, 1: 0, 2: -30 }, NOW),
    ],
    bad: [
      ['another directory', hex(flip(all, 8))],
      ['a byte too few', hex(all.slice(0, -1))],
      ['a byte too many', hex(concat(all, new Uint8Array(1)))],
      ['a count of one too many', hex(flip(all, 41, 0))],
      [
        'indexes that do not grow',
        hex(
          bundlesFor(
            directory,
            [
              [2, chi],
              [0, ana],
            ],
            1,
          ),
        ),
      ],
      [
        'an index twice',
        hex(
          bundlesFor(
            directory,
            [
              [0, ana],
              [0, ana],
            ],
            1,
          ),
        ),
      ],
      ['somebody who is not active', hex(bundlesFor(directory, [[1, people[1]]], 1))],
      ['somebody who is not listed', hex(bundlesFor(directory, [[3, ana]], 1))],
      ['somebody else’s bundle', hex(bundlesFor(directory, [[0, chi]], 1))],
      ['a window that ends when it begins', hex(bundlesFor(directory, [[0, backwards]], 1))],
      ['a window made longer', hex(flip(all, 44 + 2440 + 6, 7))],
      ['one bit of a signature flipped', hex(flip(all, all.length - 1))],
      [
        'one that begins 31 days after another ended',
        hex(
          bundlesFor(
            directory,
            [
              [0, ana],
              [2, at('chi', 31)],
            ],
            1,
          ),
        ),
      ],
      [
        'one that ended 31 days before another began',
        hex(
          bundlesFor(
            directory,
            [
              [0, at('ana', -31)],
              [2, chi],
            ],
            1,
          ),
        ),
      ],
    ],
  };
}

/** @returns {Array<object>} how `directory` stands at a reference time, and by a device's clock */
export function clocks() {
  const { expires } = fields;
  const end = Date.parse(`${expires}T00:00:00Z`) / 1000 + 15 * 86400; // the first second after its grace
  return [
    [NOW, NOW],
    [NOW, 0],
    [NOW, NOW + 45 * 86400],
    [NOW, NOW + 45 * 86400 + 1],
    [end - 60 * 86400, end - 60 * 86400],
    [end - 59 * 86400, NOW],
    [end - 15 * 86400, end],
    [end - 1, end - 1],
    [end, NOW],
    [null, end - 1],
    [null, end],
  ].map(([reference, clock]) => ({
    reference_time: reference,
    clock,
    state: reference === null ? null : directoryState({ expires }, reference),
    looks_old: looksOld({ expires }, reference, clock),
  }));
}

/** @returns {object} a manifest with the files it lists, and those that must be refused */
export function manifests() {
  const files = { 'index.html': '<!doctype html>\n', 'en/index.html': '<!doctype html><html lang="en">\n' };
  const inner = {
    v: 1,
    line_id: b64u(line.lineId),
    version: 4,
    issued: '2026-09-01',
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256Hex(utf8(text))])),
  };
  const made = (changes = {}, { seed = line.seed, tag = 'nr-site-v1' } = {}) => {
    const bytes = jsonBytes({ ...inner, ...changes });
    const signature = hex(sign(seed, tag, bytes));
    return JSON.stringify({ manifest: b64u(bytes), signature, root: hex(publicOf(seed)) });
  };
  return {
    good: { file: made(), version: 4, contents: files },
    bad: [
      ['signed by another root', made({}, { seed: other.seed })],
      ['signed with the directory’s tag', made({}, { tag: 'nr-directory-v1' })],
      ['of another line', made({ line_id: b64u(other.lineId) })],
      ['v is 2', made({ v: 2 })],
      ['a file with another hash', made({ files: { ...inner.files, 'index.html': sha256Hex(utf8('')) } })],
      ['a file that is not there', made({ files: { ...inner.files, 'x.html': sha256Hex(utf8('')) } })],
    ],
  };
}
