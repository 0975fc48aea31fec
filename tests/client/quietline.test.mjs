/**
 * quietline.json holds in JavaScript: what is good is read, each thing that is not is refused, and
 * the file is what tests/vectors/make.mjs makes. The same in Python: tests/vectors/test_quietline.py.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { FileSealer, openFile } from '../../app/reporter/client/src/protocol/attachments.js';
import { readBody } from '../../app/reporter/client/src/protocol/bodies.js';
import {
  directoryState,
  looksOld,
  openDirectory,
  senderIndex,
} from '../../app/reporter/client/src/protocol/directory.js';
import {
  equal,
  fromUtf8,
  hex,
  readJson,
  unb64u,
  unhex,
  utf8,
} from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope } from '../../app/reporter/client/src/protocol/envelope.js';
import { ProtocolError } from '../../app/reporter/client/src/protocol/errors.js';
import { checkPoint } from '../../app/reporter/client/src/protocol/group.js';
import { reporterIdentity } from '../../app/reporter/client/src/protocol/identities.js';
import { readCode } from '../../app/reporter/client/src/protocol/reading.js';
import { openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import { TAG_SITE, tagged, verify } from '../../app/reporter/client/src/protocol/signatures.js';
import { make } from '../vectors/make.mjs';
import { sha256Hex, shake256, wordLists } from '../vectors/material.mjs';
import { sealAll } from '../vectors/sealing.mjs';

const text = readFileSync(new URL('../vectors/quietline.json', import.meta.url), 'utf8');
const v = JSON.parse(text);
const lineId = unhex(v.line_id);
const mk = unhex(v.reporter.mk);
const reporter = reporterIdentity(mk);
const directory = openDirectory(v.directory.file, lineId);
const subtle = globalThis.crypto.subtle;

/** Every pair of [why, input] must be refused, and by a ProtocolError. */
function refuses(pairs, read) {
  assert.ok(pairs.length > 1);
  for (const [why, given] of pairs) assert.throws(() => read(given), ProtocolError, why);
}

test('the file is what is made from its labels', async () => {
  assert.ok((await make()) === text, 'run: node tests/vectors/make.mjs > tests/vectors/quietline.json');
});

test('directories', () => {
  assert.equal(hex(directory.hash), v.directory.hash);
  assert.deepEqual([directory.version, directory.active], [v.directory.version, v.directory.active]);
  const { desk } = v.directory;
  const [told] = openDirectory(v.directory.file, lineId).desks;
  assert.deepEqual([told.hours, told.languages], [desk.hours, desk.languages]);
  assert.equal(told.tellsImmigration, desk.tells_immigration);
  const [{ hours, languages, tellsImmigration }] = openDirectory(v.silent_directory, lineId).desks;
  assert.deepEqual([hours, languages, tellsImmigration], [[], [], 'unknown']);
  const rotated = openDirectory(v.rotated_directory.file, lineId);
  assert.deepEqual([hex(rotated.root), rotated.version], [v.rotated_directory.root, v.rotated_directory.version]);
  refuses(v.bad_directories, (file) => openDirectory(file, lineId));
});

test('the bundles of an epoch', () => {
  for (const { why, directory: other, file, epoch, indexes, reference_time: time } of v.bundles) {
    const found = openBundles(unhex(file), other ? openDirectory(other, lineId) : directory);
    assert.deepEqual([found.epoch, [...found.byIndex.keys()], found.referenceTime], [epoch, indexes, time], why);
  }
  refuses(v.bad_bundles, (file) => openBundles(unhex(file), directory));
});

test('a directory by the reference time and by a clock', () => {
  for (const { reference_time: time, clock, state, looks_old: old } of v.clocks) {
    if (time !== null) assert.equal(directoryState(directory, time), state);
    assert.equal(looksOld(directory, time, clock), old, JSON.stringify([time, clock]));
  }
});

/** As site.md says; a page never does this itself. */
function checkSite(file) {
  const outer = readJson(file);
  const signed = unb64u(outer.manifest);
  const root = unhex(outer.root, 32);
  const inner = readJson(signed);
  const refuse = (why) => {
    throw new ProtocolError('bad-encoding', why);
  };
  if (!equal(root, directory.root)) refuse('another root');
  verify(TAG_SITE, root, signed, unhex(outer.signature, 64));
  if (inner.v !== 1 || !equal(unb64u(inner.line_id, 32), lineId)) refuse('another version or line');
  for (const [path, hash] of Object.entries(inner.files)) {
    const content = v.manifest.contents[path];
    if (content === undefined || sha256Hex(utf8(content)) !== hash) refuse(path);
  }
  return inner.version;
}

test('the manifest of the site', () => {
  assert.equal(checkSite(v.manifest.file), v.manifest.version);
  refuses(v.bad_manifests, checkSite);
});

test('envelopes', () => {
  const opened = openEnvelope(unhex(v.envelope.envelope), reporter, lineId);
  assert.equal(fromUtf8(opened.body), v.envelope.body);
  assert.equal(senderIndex(opened, directory), v.envelope.sender);
  refuses(v.bad_envelopes, (envelope) => openEnvelope(unhex(envelope), reporter, lineId));
});

test('points', () => {
  checkPoint(unhex(v.points.good));
  refuses(v.points.bad, (point) => checkPoint(unhex(point)));
});

test('signatures', () => {
  const { tag, message, signed, good, bad } = v.signatures;
  assert.equal(hex(tagged(tag, unhex(message))), signed);
  const check = ({ vk, signature }) => verify(tag, unhex(vk), unhex(message), unhex(signature));
  check(good);
  refuses(
    bad.map((one) => [one.why, one]),
    check,
  );
});

test('codes', () => {
  const lists = wordLists();
  for (const code of v.codes.good)
    assert.ok(
      readCode(code, lists).some((one) => equal(one, mk)),
      code,
    );
  refuses(v.codes.bad, (code) => readCode(code, lists));
});

test('bodies', () => {
  for (const [why, body] of v.bodies.good) assert.equal(readBody(utf8(body)).v, 1, why);
  refuses(v.bodies.bad, (body) => readBody(utf8(body)));
  for (const [why, body] of v.bodies.newer) assert.throws(() => readBody(utf8(body)), { newer: true }, why);
});

test('a file of 17 pieces', async () => {
  const { plaintext, size, key, chunks, first_id: first, last_id: last, tree, bad_sizes: wrong } = v.attachment;
  const blob = new Blob([shake256(plaintext.split("'")[1], size)]);
  const sealer = new FileSealer({ blob, key: unhex(key), size, subtle });
  assert.deepEqual([sealer.total, hex(sealer.chunkId(0)), hex(sealer.chunkId(chunks - 1))], [chunks, first, last]);
  const made = await sealAll(sealer);
  assert.equal(sha256Hex(...made.chunks), v.attachment.ciphertext_sha256);
  assert.equal(hex(made.tree), tree);
  const fetchChunk = async (_, i) => made.chunks[i];
  const open = (file) => openFile({ file: { key: unhex(key), tree: unhex(tree), ...file }, fetchChunk, subtle });
  assert.equal((await open({ size, chunks })).size, size);
  for (const { why, ...file } of wrong) await assert.rejects(open(file), ProtocolError, why);
});
