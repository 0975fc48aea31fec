/**
 * A small line for tests: an agency, investigators, desks, bundles; all from a seeded stream, so
 * that a failure comes again.
 */
import { shake256 } from '../vectors/material.mjs';
import { b64u, concat, hex, jsonBytes } from '../../app/reporter/client/src/protocol/encoding.js';
import { bundleKeys, investigatorIdentity, publicOf, sign } from '../../app/reporter/client/src/protocol/identities.js';
import { serialiseBundles } from '../../app/reporter/client/src/protocol/wire.js';
import { sha256 } from '../../app/reporter/client/node_modules/@noble/hashes/sha2.js';

export const NOW = 1_790_000_000 - (1_790_000_000 % 3600);

/** @returns {(n: number) => Uint8Array} a stream of bytes that is the same every time */
export function seededRng(label) {
  let calls = 0;
  return (n) => shake256(`${label}-${calls++}`, n);
}

/** An agency's key and, if wanted, the next one. */
export function agency(label = 'agency') {
  const rng = seededRng(label);
  const first = rng(32);
  return { seed: first, lineId: publicOf(first), next: rng(32) };
}

/** @returns {object} an investigator with keys and one bundle for the hour of NOW */
export function investigator(label, { notBefore = NOW, notAfter = NOW + 3600 } = {}) {
  const rng = seededRng(label);
  const identity = investigatorIdentity({ sigSeed: rng(32), fetchSeed: rng(64), dhSk: rng(32), mlkemSeed: rng(64) });
  const seeds = { dhSk: rng(32), mlkemSeed: rng(64), xwingSeed: rng(32) };
  const bundle = bundleKeys(seeds, notBefore, notAfter, identity.sigSeed);
  return { label, identity, bundle: { ...bundle, fetchPk: identity.fetchPk, fetchSk: identity.fetchSk } };
}

/** An investigator as the directory lists one. */
export function entry({ label, identity }, status = 'active') {
  return {
    vk: b64u(identity.vk),
    dh: b64u(identity.dhPk),
    mlkem: b64u(identity.mlkem.publicKey),
    fetch: b64u(identity.fetchPk),
    sig: b64u(identity.sig),
    label,
    status,
    ...(status === 'former' ? { left: '2026-08-15' } : {}),
  };
}

/** What the agency signs; `changes` replace fields. */
export function directoryFields(lineId, entries, changes = {}) {
  return {
    v: 2,
    line_id: b64u(lineId),
    version: 3,
    issued: '2026-09-01',
    expires: '2027-02-28',
    roots: [],
    investigators: entries,
    desks: [
      {
        id: 'support',
        members: entries.map((_, i) => i),
        name: { en: 'Support' },
        about: { en: 'People' },
        hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30' }],
        languages: ['en', 'zh-Hans'],
        tells_immigration: 'no',
      },
    ],
    params: { message_days: 90, window_seconds: 3600 },
    ...changes,
  };
}

/** The signed file, by one root key. */
export function signDirectory(fields, seed) {
  const bytes = fields instanceof Uint8Array ? fields : jsonBytes(fields);
  const signature = hex(sign(seed, 'nr-directory-v1', bytes));
  return JSON.stringify({ directory: b64u(bytes), signature, root: hex(publicOf(seed)) });
}

/** The next root, signed by the one before. */
export function nextRoot(seed, next) {
  const root = publicOf(next);
  return { root: b64u(root), signature: b64u(sign(seed, 'nr-root-v1', root)) };
}

/** GET bundles for some investigators, by their place in the directory. */
export function bundlesFor(directoryFile, byIndex, epoch = 7) {
  const signed = Buffer.from(JSON.parse(directoryFile).directory, 'base64url');
  const records = [...byIndex].map(([index, { bundle }]) => ({
    index,
    dh: bundle.dhPk,
    mlkem: bundle.mlkem.publicKey,
    xwing: bundle.xwing.publicKey,
    notBefore: bundle.notBefore,
    notAfter: bundle.notAfter,
    signature: bundle.signature,
  }));
  return serialiseBundles({ epoch, directoryHash: sha256(new Uint8Array(signed)), records });
}

/** The same bytes with one bit flipped. */
export function flip(bytes, at, bit = 0) {
  const out = concat(bytes);
  out[at] ^= 1 << bit;
  return out;
}

/** Asserts nothing: gives the code a step throws, or null. */
export async function codeOf(step) {
  try {
    await step();
    return null;
  } catch (error) {
    return error.code || error.name;
  }
}
