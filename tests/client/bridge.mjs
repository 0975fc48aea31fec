/**
 * The JavaScript implementation behind a pipe, for property tests in Python.
 *
 *   node tests/client/bridge.mjs
 *
 * One JSON object a line in, one JSON object a line out, in order. Bytes are lower-case hex.
 * In:  {"do": COMMAND, ...arguments}
 * Out: {"ok": RESULT} or {"error": CODE, ...details} (a ProtocolError's code and details: position,
 *      word, suggestions, count, …; "internal" with "message" for anything else)
 *
 * A party is {"mk": 16 bytes} (a reporter), {"identity": 160 bytes} (an investigator: signing seed
 * 32 ‖ X25519 32 ‖ ML-KEM seed 64 ‖ fetch scalar 32) or {"bundle": 128 bytes, "fetch": 32 bytes}
 * (X25519 32 ‖ ML-KEM seed 64 ‖ X-Wing seed 32, with its owner's public fetch key).
 *
 * | do | arguments | ok |
 * |---|---|---|
 * | public | party | {fetch, dh, mlkem, xwing?, vk?, sig?} |
 * | seal | party, recipient {fetch, dh, mlkem, xwing}, body, line | envelope |
 * | open | party, envelope, line | {body, fetch, xwing, dh, mlkem} of the sender |
 * | checkEnvelope | envelope | {x, z} |
 * | sealBatch | party, directory (text), bundles, chosen [index], body, line | batch |
 * | splitBatch | batch, count | [envelope] |
 * | openDirectory | directory (text), line | {hash, version, expires, active, vks, desks} |
 * | directoryState | directory (text), line, seconds | "ok" … "expired" |
 * | readJson | data | its value |
 * | readBody | data | the body |
 * | openBundles | bundles, directory (text), line | {epoch, indexes, referenceTime} |
 * | buildRow | id, x, z, line, r | row |
 * | solve | set, fetchSk, line | [id] |
 * | isFor | envelope, fetchSk | true or false |
 * | multiply | scalar, point | point |
 * | encryptFile | plaintext, key, subtle (bool) | {ids, chunks, tree} |
 * | openFile | key, size, tree, chunks, subtle (bool) | plaintext |
 * | chunkCount | size | number |
 * | readCode | text, lists? [name] (all ten) | [entropy] |
 * | toWords | entropy, list (name) | words |
 * | toNumbers | entropy | numbers |
 * | letterKey | mk, n | public key |
 * | proveLetter | mk, text | the proof, or null |
 * | sign | seed, tag (text), message | signature |
 * | verify | vk, tag (text), message, signature | true |
 */
import { argv, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { isFor, solve } from '../../app/reporter/client/src/protocol/answers.js';
import { FileSealer, chunkCount, openFile } from '../../app/reporter/client/src/protocol/attachments.js';
import { sealBatch } from '../../app/reporter/client/src/protocol/batch.js';
import { readBody } from '../../app/reporter/client/src/protocol/bodies.js';
import { buildRow } from '../../app/reporter/client/src/protocol/challenges.js';
import { directoryState, openDirectory } from '../../app/reporter/client/src/protocol/directory.js';
import { concat, hex, readJson, unhex } from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope, seal } from '../../app/reporter/client/src/protocol/envelope.js';
import { ProtocolError } from '../../app/reporter/client/src/protocol/errors.js';
import { multiply } from '../../app/reporter/client/src/protocol/group.js';
import {
  bundleKeys,
  investigatorIdentity,
  reporterIdentity,
  sign,
} from '../../app/reporter/client/src/protocol/identities.js';
import { letterKey, proveLetter, readProofRequest } from '../../app/reporter/client/src/protocol/letter.js';
import { systemRng } from '../../app/reporter/client/src/protocol/random.js';
import { readCode } from '../../app/reporter/client/src/protocol/reading.js';
import { toNumbers, toWords } from '../../app/reporter/client/src/protocol/receipt.js';
import { openBundles } from '../../app/reporter/client/src/protocol/bundles.js';
import { verify } from '../../app/reporter/client/src/protocol/signatures.js';
import { checkEnvelope, splitBatch } from '../../app/reporter/client/src/protocol/wire.js';
import { wordLists } from '../vectors/material.mjs';
import { sealAll } from '../vectors/sealing.mjs';

const rng = systemRng;

/** Hex everywhere inside a value that goes out. */
function out(value) {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(out);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, out(one)]));
}

function readParty({ mk, identity, bundle, fetch }) {
  if (mk !== undefined) return reporterIdentity(unhex(mk));
  if (identity !== undefined) {
    const bytes = unhex(identity, 160);
    return investigatorIdentity({
      sigSeed: bytes.slice(0, 32),
      dhSk: bytes.slice(32, 64),
      mlkemSeed: bytes.slice(64, 128),
      fetchSeed: concat(bytes.slice(128), new Uint8Array(32)), // reduced already: stays as it is
    });
  }
  const bytes = unhex(bundle, 128);
  const seeds = { dhSk: bytes.slice(0, 32), mlkemSeed: bytes.slice(32, 96), xwingSeed: bytes.slice(96) };
  return { ...bundleKeys(seeds, 0, 1, new Uint8Array(32)), fetchPk: unhex(fetch, 32) };
}

function readRecipient({ fetch, dh, mlkem, xwing }) {
  return { fetch: unhex(fetch), dh: unhex(dh), mlkem: unhex(mlkem), xwing: unhex(xwing) };
}

function publicKeys(party) {
  const { fetchPk, dhPk, mlkem, xwing, vk, sig } = party;
  return { fetch: fetchPk, dh: dhPk, mlkem: mlkem.publicKey, xwing: xwing && xwing.publicKey, vk, sig };
}

async function encryptFile(plaintext, key, subtle) {
  const sealer = new FileSealer({ blob: new Blob([plaintext]), key, size: plaintext.length, subtle });
  return sealAll(sealer);
}

async function decryptFile({ key, size, tree, chunks }, subtle) {
  const file = { key: unhex(key), size, tree: unhex(tree), chunks: chunks.length };
  const opened = await openFile({ file, fetchChunk: async (_, i) => unhex(chunks[i]), subtle });
  return new Uint8Array(await opened.arrayBuffer());
}

function somebodysLists(names) {
  const lists = wordLists();
  return names ? Object.fromEntries(names.map((name) => [name, lists[name]])) : lists;
}

const subtleOf = (wanted) => (wanted ? globalThis.crypto.subtle : null);
const directoryOf = (a) => openDirectory(a.directory, unhex(a.line));

const COMMANDS = {
  public: (a) => publicKeys(readParty(a.party)),
  seal: (a) => seal(readParty(a.party), readRecipient(a.recipient), unhex(a.body), unhex(a.line), rng),
  open: (a) => {
    const opened = openEnvelope(unhex(a.envelope), readParty(a.party), unhex(a.line));
    const { body, senderFetch, senderXwing, senderDh, senderMlkem } = opened;
    return { body, fetch: senderFetch, xwing: senderXwing, dh: senderDh, mlkem: senderMlkem };
  },
  checkEnvelope: (a) => checkEnvelope(unhex(a.envelope)),
  sealBatch: (a) =>
    sealBatch({
      directory: directoryOf(a),
      bundles: openBundles(unhex(a.bundles), directoryOf(a)),
      sender: readParty(a.party),
      chosen: new Set(a.chosen),
      body: unhex(a.body),
      lineId: unhex(a.line),
      rng,
    }),
  splitBatch: (a) => splitBatch(unhex(a.batch), a.count),
  openDirectory: (a) => {
    const { hash, version, expires, active, investigators, desks } = directoryOf(a);
    return { hash, version, expires, active, vks: investigators.map((one) => one.vk), desks };
  },
  readJson: (a) => readJson(unhex(a.data)),
  readBody: (a) => readBody(unhex(a.data)),
  directoryState: (a) => directoryState(directoryOf(a), a.seconds),
  openBundles: (a) => {
    const { epoch, byIndex, referenceTime } = openBundles(unhex(a.bundles), directoryOf(a));
    return { epoch, indexes: [...byIndex.keys()], referenceTime };
  },
  buildRow: (a) => buildRow(unhex(a.id), { x: unhex(a.x), z: unhex(a.z) }, unhex(a.line), unhex(a.r)),
  solve: (a) => solve(unhex(a.set), unhex(a.fetchSk), unhex(a.line)),
  isFor: (a) => isFor(unhex(a.envelope), unhex(a.fetchSk)),
  multiply: (a) => multiply(unhex(a.scalar), unhex(a.point)),
  encryptFile: (a) => encryptFile(unhex(a.plaintext), unhex(a.key), subtleOf(a.subtle)),
  openFile: (a) => decryptFile(a, subtleOf(a.subtle)),
  chunkCount: (a) => chunkCount(a.size),
  readCode: (a) => readCode(a.text, somebodysLists(a.lists)),
  toWords: (a) => toWords(unhex(a.entropy), somebodysLists([a.list])[a.list]),
  toNumbers: (a) => toNumbers(unhex(a.entropy)),
  proveLetter: (a) => proveLetter(unhex(a.mk), readProofRequest(a.text)),
  letterKey: (a) => letterKey(unhex(a.mk), unhex(a.n)).publicKey,
  sign: (a) => sign(unhex(a.seed, 32), a.tag, unhex(a.message)),
  verify: (a) => {
    verify(a.tag, unhex(a.vk), unhex(a.message), unhex(a.signature));
    return true;
  },
};

/**
 * @param {string} line one request
 * @returns {Promise<object>} its answer
 */
export async function answer(line) {
  try {
    const request = JSON.parse(line);
    if (!Object.hasOwn(COMMANDS, request.do)) throw new Error(`there is no command ${request.do}`);
    return { ok: out(await COMMANDS[request.do](request)) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) return { error: 'internal', message: String(error && error.message) };
    const { code, ...details } = error;
    return { error: code, ...details };
  }
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  for await (const line of createInterface({ input: stdin })) {
    stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
}
