/**
 * Every member of a file like quietline.json, read by the JavaScript implementation.
 *
 * A section is a generator of [what, passed]: what is good is read as the file says, and each thing
 * that is to be refused is refused, by a ProtocolError.
 */
import { FileSealer, openFile } from '../../app/reporter/client/src/protocol/attachments.js';
import { readBody } from '../../app/reporter/client/src/protocol/bodies.js';
import { openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import {
  deskOf,
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
import { TAG_SITE, tagged, verify } from '../../app/reporter/client/src/protocol/signatures.js';
import { sha256Hex, shake256, wordLists } from './material.mjs';
import { sealAll } from './sealing.mjs';

/** Equal as JSON: lists and objects of the file against what was read. */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a reader refuses, in the protocol's own words and with the fields that are expected. */
async function refuses(read, fields = {}) {
  try {
    await read();
  } catch (error) {
    return error instanceof ProtocolError && Object.entries(fields).every(([name, value]) => error[name] === value);
  }
  return false;
}

/** Each input of [why, input] must be refused; a list without any has failed. */
async function* refused(pairs, read, fields) {
  yield ['there is something to refuse', pairs.length > 0];
  for (const [why, given] of pairs) yield [`refused: ${why}`, await refuses(() => read(given), fields)];
}

const lineOf = (v) => unhex(v.line_id, 32);
const reporterOf = (v) => reporterIdentity(unhex(v.reporter.mk, 16));
const directoryOf = (v) => openDirectory(v.directory.file, lineOf(v));

function* profile(v) {
  yield ['the profile is QL1', v.profile === 'QL1'];
}

function* madeBy(v) {
  yield ['it says what made it', typeof v.made_by === 'string' && v.made_by !== ''];
}

function* lineId(v) {
  yield ['32 bytes', lineOf(v).length === 32];
}

function* reporter(v) {
  yield ['16 bytes', unhex(v.reporter.mk).length === 16];
}

function* directory(v) {
  const read = directoryOf(v);
  const { desk, hash, version, active } = v.directory;
  yield ['hash', hex(read.hash) === hash];
  yield ['version', read.version === version];
  yield ['active', same(read.active, active)];
  const [told] = read.desks;
  yield ['hours of the desk', same(told.hours, desk.hours)];
  yield ['languages of the desk', same(told.languages, desk.languages)];
  yield ['what the desk tells of immigration', told.tellsImmigration === desk.tells_immigration];
}

function* speakers(v) {
  const read = directoryOf(v);
  for (const { sender, desk, shown, left } of v.speakers) {
    const name = `${sender} for ${desk}`;
    yield [`${name}: shown`, (deskOf(sender, desk, read)?.id ?? null) === shown];
    yield [`${name}: left`, read.investigators[sender].left === left];
  }
}

function* rotatedDirectory(v) {
  const read = openDirectory(v.rotated_directory.file, lineOf(v));
  yield ['root', hex(read.root) === v.rotated_directory.root];
  yield ['version', read.version === v.rotated_directory.version];
}

/** What a desk does not say is unknown, which is not no. */
function* silentDirectory(v) {
  const [{ hours, languages, tellsImmigration }] = openDirectory(v.silent_directory, lineOf(v)).desks;
  yield ['its desk says nothing', same([hours, languages, tellsImmigration], [[], [], 'unknown'])];
}

async function* badDirectories(v) {
  yield* refused(v.bad_directories, (file) => openDirectory(file, lineOf(v)));
}

function* bundles(v) {
  for (const { why, directory: own, file, epoch, indexes, reference_time: time } of v.bundles) {
    const read = openBundles(unhex(file), own ? openDirectory(own, lineOf(v)) : directoryOf(v));
    yield [`${why}: epoch`, read.epoch === epoch];
    yield [`${why}: indexes`, same([...read.byIndex.keys()], indexes)];
    yield [`${why}: time`, read.referenceTime === time];
  }
}

async function* badBundles(v) {
  yield* refused(v.bad_bundles, (file) => openBundles(unhex(file), directoryOf(v)));
}

function* clocks(v) {
  const read = directoryOf(v);
  for (const { reference_time: time, clock, state, looks_old: old } of v.clocks) {
    const name = `${time} by ${clock}`;
    if (time !== null) yield [`${name}: state`, directoryState(read, time) === state];
    yield [`${name}: looks old`, looksOld(read, time, clock) === old];
  }
}

/** As site.md says; a page never does this itself. Returns the version that is signed. */
function checkSite(v, file) {
  const outer = readJson(file);
  const signed = unb64u(outer.manifest);
  const root = unhex(outer.root, 32);
  const inner = readJson(signed);
  const refuse = (why) => {
    throw new ProtocolError('bad-encoding', why);
  };
  if (!equal(root, directoryOf(v).root)) refuse('another root');
  verify(TAG_SITE, root, signed, unhex(outer.signature, 64));
  if (inner.v !== 1 || !equal(unb64u(inner.line_id, 32), lineOf(v))) refuse('another version or line');
  for (const [path, hash] of Object.entries(inner.files)) {
    const content = v.manifest.contents[path];
    if (content === undefined || sha256Hex(utf8(content)) !== hash) refuse(path);
  }
  return inner.version;
}

function* manifest(v) {
  yield ['version', checkSite(v, v.manifest.file) === v.manifest.version];
}

async function* badManifests(v) {
  yield* refused(v.bad_manifests, (file) => checkSite(v, file));
}

function* envelope(v) {
  const opened = openEnvelope(unhex(v.envelope.envelope), reporterOf(v), lineOf(v));
  yield ['body', fromUtf8(opened.body) === v.envelope.body];
  yield ['sender', senderIndex(opened, directoryOf(v)) === v.envelope.sender];
}

async function* badEnvelopes(v) {
  yield* refused(v.bad_envelopes, (given) => openEnvelope(unhex(given), reporterOf(v), lineOf(v)));
}

async function* points(v) {
  checkPoint(unhex(v.points.good));
  yield ['good', true];
  yield* refused(v.points.bad, (point) => checkPoint(unhex(point)));
}

async function* signatures(v) {
  const { tag, message, signed, good, bad } = v.signatures;
  yield ['what is signed', hex(tagged(tag, unhex(message))) === signed];
  const check = ({ vk, signature }) => verify(tag, unhex(vk), unhex(message), unhex(signature));
  check(good);
  yield ['good', true];
  yield* refused(
    bad.map((one) => [one.why, one]),
    check,
  );
}

async function* codes(v) {
  const lists = wordLists();
  const mk = unhex(v.reporter.mk);
  for (const [at, text] of v.codes.good.entries()) {
    yield [`form ${at}`, readCode(text, lists).some((one) => equal(one, mk))];
  }
  yield* refused(v.codes.bad, (code) => readCode(code, lists));
}

async function* bodies(v) {
  const read = (text) => readBody(utf8(text));
  for (const [why, text] of v.bodies.good) yield [why, read(text).v === 1];
  yield* refused(v.bodies.newer, read, { newer: true });
  yield* refused(v.bodies.bad, read);
}

async function* attachment(v) {
  const { plaintext, size, key, chunks, first_id: first, last_id: last, tree, bad_sizes: wrong } = v.attachment;
  const { subtle } = globalThis.crypto;
  const blob = new Blob([shake256(plaintext.split("'")[1], size)]);
  const sealer = new FileSealer({ blob, key: unhex(key), size, subtle });
  yield ['chunks', sealer.total === chunks];
  yield ['first_id', hex(sealer.chunkId(0)) === first];
  yield ['last_id', hex(sealer.chunkId(chunks - 1)) === last];
  const made = await sealAll(sealer);
  yield ['ciphertext_sha256', sha256Hex(...made.chunks) === v.attachment.ciphertext_sha256];
  yield ['tree', hex(made.tree) === tree];
  const fetchChunk = async (_, i) => made.chunks[i];
  const open = (file) => openFile({ file: { key: unhex(key), tree: unhex(tree), ...file }, fetchChunk, subtle });
  yield ['opens', (await open({ size, chunks })).size === size];
  yield* refused(
    wrong.map(({ why, ...file }) => [why, file]),
    open,
  );
}

/** By member of the file. */
export const SECTIONS = Object.freeze({
  profile,
  made_by: madeBy,
  line_id: lineId,
  reporter,
  directory,
  speakers,
  rotated_directory: rotatedDirectory,
  silent_directory: silentDirectory,
  bad_directories: badDirectories,
  bundles,
  bad_bundles: badBundles,
  clocks,
  manifest,
  bad_manifests: badManifests,
  envelope,
  bad_envelopes: badEnvelopes,
  points,
  signatures,
  codes,
  bodies,
  attachment,
});

/** Members that a reporter's client has no reader for. */
export const CONSOLES_ALONE = Object.freeze(['enrolment', 'operations']);
