/**
 * The people of a vectors file: keys made again from their seeds.
 */
import { unhex } from '../../app/reporter/client/src/protocol/encoding.js';
import {
  bundleKeys,
  investigatorIdentity,
  reporterIdentity,
} from '../../app/reporter/client/src/protocol/identities.js';

const cache = new WeakMap();
const made = new Map(); // by seeds: a file that is run a hundred times with one change is made once

function once(make, ...seeds) {
  const name = seeds.join();
  if (!made.has(name)) made.set(name, make());
  return made.get(name);
}

/**
 * @param {object} v a vectors file
 * @returns {{lineId: Uint8Array, investigator: object, bundle: object, reporters: object[]}}
 */
export function parties(v) {
  if (!cache.has(v)) cache.set(v, make(v));
  return cache.get(v);
}

function makeInvestigator({ sig_seed: sig, fetch_seed64: fetch, dh_sk: dh, mlkem_seed: mlkem }) {
  const seeds = {
    sigSeed: unhex(sig, 32),
    fetchSeed: unhex(fetch, 64),
    dhSk: unhex(dh, 32),
    mlkemSeed: unhex(mlkem, 64),
  };
  return once(() => investigatorIdentity(seeds), sig, fetch, dh, mlkem);
}

function makeBundle({ dh_sk: dh, mlkem_seed: mlkem, pke_seed: pke, not_before: from, not_after: to }, owner) {
  const seeds = { dhSk: unhex(dh, 32), mlkemSeed: unhex(mlkem, 64), xwingSeed: unhex(pke, 32) };
  const keys = once(() => bundleKeys(seeds, from, to, owner.sigSeed), dh, mlkem, pke, from, to, owner.sigSeed);
  // A bundle is opened with its own keys and found with its owner's.
  return { ...keys, fetchPk: owner.fetchPk, fetchSk: owner.fetchSk };
}

function make(v) {
  const investigator = makeInvestigator(v.investigator);
  return {
    lineId: unhex(v.newsroom.vk, 32),
    investigator,
    bundle: makeBundle(v.bundle, investigator),
    reporters: v.reporters.map(({ entropy }) => once(() => reporterIdentity(unhex(entropy, 16)), entropy)),
  };
}

/**
 * @param {object} v a vectors file
 * @param {string} name investigator, bundle or reporterN
 * @returns {object} that party's keys
 * @throws {Error} for another name
 */
export function party(v, name) {
  const all = parties(v);
  if (name === 'investigator' || name === 'bundle') return all[name];
  const number = /^reporter(0|[1-9]\d*)$/.exec(name);
  const found = number && all.reporters[Number(number[1])];
  if (!found) throw new Error(`there is no party called ${JSON.stringify(name)}`);
  return found;
}

/**
 * @param {object} v a vectors file
 * @param {string} direction SENDER->RECIPIENT
 * @returns {{sender: object, recipient: object}} their keys
 * @throws {Error} for a direction that names nobody, or somebody who cannot send or receive
 */
export function direction(v, text) {
  const [from, to, ...more] = String(text).split('->');
  if (more.length || to === undefined) throw new Error(`${JSON.stringify(text)} is no direction`);
  if (from === 'bundle' || to === 'investigator') {
    throw new Error(`${JSON.stringify(text)}: a bundle never sends, an investigator receives by a bundle`);
  }
  return { sender: party(v, from), recipient: party(v, to) };
}
