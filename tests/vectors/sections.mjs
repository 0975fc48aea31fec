/**
 * Every section of a QL1 vectors file, recomputed by the JavaScript implementation.
 *
 * A section is a generator of [what, passed]. Whatever can be derived from seeds is derived and
 * compared whole, so that a changed byte makes a check fail. A section may throw: the runner
 * counts that as a failure and says it in words.
 */
import { ml_kem768 } from '../../app/reporter/client/node_modules/@noble/post-quantum/ml-kem.js';
import { isFor, solve } from '../../app/reporter/client/src/protocol/answers.js';
import { FileSealer, chunkId, openFile, paddedChunks } from '../../app/reporter/client/src/protocol/attachments.js';
import { buildRow } from '../../app/reporter/client/src/protocol/challenges.js';
import { concat, equal, hex, unhex } from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope } from '../../app/reporter/client/src/protocol/envelope.js';
import { checkPoint } from '../../app/reporter/client/src/protocol/group.js';
import { publicOf } from '../../app/reporter/client/src/protocol/identities.js';
import { letterKey } from '../../app/reporter/client/src/protocol/letter.js';
import { readCode } from '../../app/reporter/client/src/protocol/reading.js';
import { toNumbers, toWords } from '../../app/reporter/client/src/protocol/receipt.js';
import { verifyBundle } from '../../app/reporter/client/src/protocol/bundles.js';
import { verifyInvestigator } from '../../app/reporter/client/src/protocol/recipients.js';
import { LANGUAGES, exact, list, sha256Hex, shake256, wordLists } from './material.mjs';
import { origins } from './origin.mjs';
import { direction, parties, party } from './parties.mjs';
import { badEnvelopes } from './refusals.mjs';
import { sealAll } from './sealing.mjs';

/** X25519 ignores five bits of a scalar; written down they must be as clamping leaves them. */
function clamped(scalar) {
  return (scalar[0] & 7) === 0 && (scalar[31] & 192) === 64;
}

function runs(step) {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

function* profile(v) {
  yield ['profile is QL1', v.profile === 'QL1'];
  const { changed } = origins(v);
  yield [`every secret comes from its label${changed.length ? ` (not ${changed.join(', ')})` : ''}`, !changed.length];
}

function* newsroom(v) {
  exact(v.newsroom, 'newsroom', ['sig_seed', 'vk']);
  yield ['newsroom.vk', hex(publicOf(unhex(v.newsroom.sig_seed, 32))) === v.newsroom.vk];
}

function* investigator(v) {
  const names = ['sig_seed', 'vk', 'fetch_seed64', 'fetch_pk', 'dh_sk', 'dh_pk', 'mlkem_seed', 'mlkem_pk', 'j-sig-ltk'];
  const one = exact(v.investigator, 'investigator', names);
  const made = parties(v).investigator;
  yield ['investigator.vk', hex(made.vk) === one.vk];
  yield ['investigator.fetch_pk', hex(made.fetchPk) === one.fetch_pk];
  yield ['investigator.dh_sk', clamped(unhex(one.dh_sk, 32))];
  yield ['investigator.dh_pk', hex(made.dhPk) === one.dh_pk];
  yield ['investigator.mlkem_pk', hex(made.mlkem.publicKey) === one.mlkem_pk];
  yield ['investigator.j-sig-ltk', hex(made.sig) === one['j-sig-ltk']];
  const listed = {
    vk: unhex(one.vk),
    dh: unhex(one.dh_pk),
    mlkem: unhex(one.mlkem_pk),
    fetch: unhex(one.fetch_pk),
    sig: unhex(one['j-sig-ltk']),
  };
  yield ['investigator.j-sig-ltk verifies', runs(() => verifyInvestigator(listed))];
}

function* bundle(v) {
  const keys = ['dh_sk', 'dh_pk', 'mlkem_seed', 'mlkem_pk', 'pke_seed', 'pke_pk'];
  const one = exact(v.bundle, 'bundle', [...keys, 'not_before', 'not_after', 'j-sig-eph-w1']);
  const made = parties(v).bundle;
  yield ['bundle.dh_sk', clamped(unhex(one.dh_sk, 32))];
  yield ['bundle.dh_pk', hex(made.dhPk) === one.dh_pk];
  yield ['bundle.mlkem_pk', hex(made.mlkem.publicKey) === one.mlkem_pk];
  yield ['bundle.pke_pk', hex(made.xwing.publicKey) === one.pke_pk];
  yield ['bundle.j-sig-eph-w1', hex(made.signature) === one['j-sig-eph-w1']];
  const given = {
    dh: unhex(one.dh_pk),
    mlkem: unhex(one.mlkem_pk),
    xwing: unhex(one.pke_pk),
    notBefore: one.not_before,
    notAfter: one.not_after,
    signature: unhex(one['j-sig-eph-w1']),
  };
  yield ['bundle.j-sig-eph-w1 verifies', runs(() => verifyBundle(given, unhex(v.investigator.vk)))];
}

/** BIP-39 writes NFKD, people NFC; Japanese may have ideographic spaces. */
function spellings(words) {
  return ['NFC', 'NFKD'].flatMap((form) => {
    const written = words.normalize(form);
    return /\p{Script=Hiragana}/u.test(words) ? [written, written.replace(/ /g, '\u3000')] : [written];
  });
}

function* reporters(v) {
  const lists = wordLists();
  const keys = ['fetch_sk', 'fetch_pk', 'dh_sk', 'dh_pk', 'mlkem_seed', 'mlkem_pk', 'pke_seed', 'pke_pk'];
  for (const [i, one] of list(v.reporters, 'reporters').entries()) {
    exact(one, `reporters[${i}]`, ['entropy', 'numbers', ...keys], /^words_/);
    const entropy = unhex(one.entropy, 16);
    const made = parties(v).reporters[i];
    const includes = (readings) => readings.some((reading) => equal(reading, entropy));
    for (const field of Object.keys(one).filter((name) => name.startsWith('words_'))) {
      const words = lists[LANGUAGES[field.slice(6)]];
      const same = Boolean(words) && spellings(toWords(entropy, words)).includes(one[field]);
      yield [`reporters[${i}].${field}`, same && includes(readCode(one[field], lists))];
    }
    yield [`reporters[${i}].numbers`, toNumbers(entropy) === one.numbers && includes(readCode(one.numbers, {}))];
    // noble's ML-KEM secret key holds both halves of its seed, so all 64 bytes are compared.
    const kem = ml_kem768.keygen(unhex(one.mlkem_seed, 64));
    yield [`reporters[${i}].fetch_sk`, hex(made.fetchSk) === one.fetch_sk];
    yield [`reporters[${i}].fetch_pk`, hex(made.fetchPk) === one.fetch_pk];
    yield [`reporters[${i}].dh_sk`, hex(made.dhSk) === one.dh_sk];
    yield [`reporters[${i}].dh_pk`, hex(made.dhPk) === one.dh_pk];
    yield [`reporters[${i}].mlkem_seed`, equal(kem.secretKey, made.mlkem.secretKey)];
    yield [`reporters[${i}].mlkem_pk`, hex(made.mlkem.publicKey) === one.mlkem_pk];
    yield [`reporters[${i}].pke_seed`, hex(made.xwing.secretKey) === one.pke_seed];
    yield [`reporters[${i}].pke_pk`, hex(made.xwing.publicKey) === one.pke_pk];
  }
}

function* envelopes(v) {
  const names = ['direction', 'body', 'body_len', 'body_sha256', 'envelope'];
  for (const [i, one] of list(v.envelopes, 'envelopes').entries()) {
    exact(one, `envelopes[${i}]`, names);
    const bytes = unhex(one.envelope);
    const { sender, recipient } = direction(v, one.direction);
    yield [`envelopes[${i}] is found by its recipient`, isFor(bytes, recipient.fetchSk)];
    const opened = openEnvelope(bytes, recipient, parties(v).lineId);
    const from = concat(opened.senderDh, opened.senderMlkem, opened.senderFetch, opened.senderXwing);
    const xwing = sender.xwing ? sender.xwing.publicKey : new Uint8Array(1216);
    yield [`envelopes[${i}] sender`, equal(from, concat(sender.dhPk, sender.mlkem.publicKey, sender.fetchPk, xwing))];
    // Long bodies are given by their hash alone.
    const whole = one.body === null ? opened.body.length > 1000 : hex(opened.body) === one.body;
    yield [`envelopes[${i}].body`, whole];
    yield [`envelopes[${i}].body_len`, opened.body.length === one.body_len];
    yield [`envelopes[${i}].body_sha256`, sha256Hex(opened.body) === one.body_sha256];
  }
}

async function* challenges(v) {
  const c = exact(v.challenges, 'challenges', ['known_rows', 'set']);
  const { lineId, reporters: people } = parties(v);
  const set = unhex(c.set);
  const rows = Array.from({ length: Math.floor(set.length / 64) }, (_, i) => set.slice(64 * i, 64 * i + 64));
  const hints = v.envelopes.map((one) => ({
    points: one.envelope.slice(0, 128),
    to: one.direction.split('->')[1].replace('bundle', 'investigator'),
  }));
  const holders = ['investigator', ...people.map((_, i) => `reporter${i}`)];
  const expected = new Map(holders.map((who) => [who, []]));
  for (const [i, one] of list(c.known_rows, 'challenges.known_rows').entries()) {
    const place = `challenges.known_rows[${i}]`;
    exact(one, place, ['id', 'r', 'X', 'Z', 'for', 'row']);
    const row = buildRow(unhex(one.id, 16), { x: unhex(one.X, 32), z: unhex(one.Z, 32) }, lineId, unhex(one.r, 32));
    yield [`${place}.row`, hex(row) === one.row];
    yield [`${place} is in the set once`, rows.filter((other) => equal(other, row)).length === 1];
    yield [`${place} is of an envelope`, hints.some((hint) => hint.points === one.X + one.Z && hint.to === one.for)];
    if (!expected.has(one.for)) throw new Error(`${place}.for names nobody`);
    expected.get(one.for).push(one.id);
  }
  yield ['challenges.set is whole rows', set.length > 0 && set.length % 64 === 0];
  yield ['challenges.set holds good points', rows.every((row) => runs(() => checkPoint(row.subarray(32))))];
  const eids = new Set(rows.map((row) => hex(row)));
  yield ['challenges.set has no row twice', eids.size === rows.length];
  for (const [who, ids] of expected) {
    const found = await solve(set, party(v, who).fetchSk, lineId);
    const order = rows.flatMap((row) => c.known_rows.filter((one) => one.row === hex(row) && one.for === who));
    const same = found.map(hex).join() === order.map((one) => one.id).join();
    yield [`challenges.set solved by ${who}`, same && found.length === ids.length];
  }
}

/** 'label' and size of SHAKE256('label', n bytes). */
function readPlaintext(text) {
  const found = /^SHAKE256\('([\x20-\x7e]*)', (0|[1-9]\d*) bytes\)$/.exec(text);
  if (!found) throw new Error(`a plaintext is not SHAKE256('label', n bytes): ${JSON.stringify(text)}`);
  return { label: found[1], size: Number(found[2]) };
}

/** An empty plaintext says nothing of its label, so labels are compared with each other. */
function regularLabels(labels) {
  const prefixOf = ({ label, size }) => label.endsWith(String(size)) && label.slice(0, -String(size).length);
  const prefixes = labels.map(prefixOf);
  const alike = prefixes.map((prefix) => prefixes.filter((other) => other !== false && other === prefix).length);
  const most = Math.max(...alike);
  return most === labels.length || most <= labels.length / 2; // no rule to break, or none broken
}

/** All chunks of a file and its tree, by one engine. */
async function sealed({ label, size, key }, subtle) {
  const sealer = new FileSealer({ blob: new Blob([shake256(label, size)]), key, size, subtle });
  return sealAll(sealer);
}

async function* attachments(v) {
  const { subtle } = globalThis.crypto;
  const names = ['key', 'plaintext', 'plaintext_len', 'ciphertext_len', 'ciphertext_sha256', 'chunk_ids', 'tree'];
  const files = list(v.attachments, 'attachments').map((one, i) => {
    exact(one, `attachments[${i}]`, names);
    return { ...readPlaintext(one.plaintext), key: unhex(one.key, 32), one, place: `attachments[${i}]` };
  });
  yield ['attachments: labels', regularLabels(files)];
  for (const { one, place, size, key, ...file } of files) {
    const { chunks, tree } = await sealed({ ...file, size, key }, subtle);
    yield [`${place}.plaintext_len`, size === one.plaintext_len];
    yield [`${place}.ciphertext_len`, chunks.reduce((sum, chunk) => sum + chunk.length, 0) === one.ciphertext_len];
    yield [`${place}.ciphertext_sha256`, sha256Hex(...chunks) === one.ciphertext_sha256];
    const ids = chunks.map((_, n) => hex(chunkId(key, n)));
    yield [`${place}.chunk_ids`, ids.join() === list(one.chunk_ids, `${place}.chunk_ids`).join()];
    yield [`${place}.tree`, hex(tree) === one.tree];
    const fetchChunk = async (id) => chunks[ids.indexOf(hex(id))];
    const opened = await openFile({ file: { key, chunks: chunks.length, size, tree }, fetchChunk, subtle });
    yield [`${place} opens`, equal(new Uint8Array(await opened.arrayBuffer()), shake256(file.label, size))];
  }
  for (const { one, place, ...file } of files) {
    const { chunks, tree } = await sealed(file, null);
    const same = sha256Hex(...chunks) === one.ciphertext_sha256 && hex(tree) === one.tree;
    yield [`${place} without WebCrypto`, same];
  }
}

function* letter(v) {
  const one = exact(v.letter, 'letter', ['reporter', 'n', 'pk']);
  const key = letterKey(unhex(list(v.reporters, 'reporters')[one.reporter].entropy), unhex(one.n, 16));
  yield ['letter.pk', hex(key.publicKey) === one.pk];
}

/** Numbers of chunks at which the padding steps; a digit changed in one may still be true. */
const STEPS = [1, 2, 3, 7, 8, 15, 16, 17, 18, 19, 31, 33, 100, 1000, 4097, 8192];

function* padded(v) {
  const numbers = Object.keys(v.padded_chunks).map(Number);
  if (!numbers.length) throw new Error('padded_chunks is empty');
  for (const [n, expected] of Object.entries(v.padded_chunks)) {
    yield [`padded_chunks[${n}]`, String(Number(n)) === n && paddedChunks(Number(n)) === expected];
  }
  const known = STEPS.filter((n) => numbers.includes(n)).length;
  yield ['padded_chunks covers the steps', known === STEPS.length || known < STEPS.length - 2];
}

/** Sections in the order of the file. */
export const SECTIONS = Object.freeze({
  profile,
  newsroom,
  investigator,
  bundle,
  reporters,
  envelopes,
  bad_envelopes: badEnvelopes,
  challenges,
  attachments,
  letter,
  padded_chunks: padded,
});
