/**
 * A send: exactly one envelope per active investigator, shuffled (QL1, "A send is a batch").
 *
 * Lives here: who gets the message, who gets a cover, the shuffling. Never here: the envelope
 * itself, HTTP.
 */
import { hex, jsonBytes } from './encoding.js';
import { seal } from './envelope.js';
import { ProtocolError } from './errors.js';
import { throwaway, wipe } from './identities.js';
import { randomBelow } from './random.js';
import { recipientOf, recipientOfIdentity } from './recipients.js';
import { nextTurn } from './turns.js';
import { BODY_MAX, ENVELOPE_BYTES, MESSAGE_ID_BYTES } from './wire.js';

/**
 * @import { Bundle, Bundles } from './bundles.js'
 * @import { Directory } from './directory.js'
 * @import { Identity } from './identities.js'
 * @import { Rng } from './random.js'
 * @import { Recipient } from './recipients.js'
 */

/**
 * Shuffles in place (Fisher–Yates), every order equally likely.
 * @template T
 * @param {T[]} items
 * @param {Rng} rng
 * @returns {T[]} the same array
 */
export function shuffle(items, rng) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1, rng);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/**
 * @param {Rng} rng
 * @returns {Uint8Array} the body of a cover: `{"kind":"cover","v":1,"mid":…}`
 */
export function coverBody(rng) {
  return jsonBytes({ kind: 'cover', v: 1, mid: hex(rng(MESSAGE_ID_BYTES)) });
}

/**
 * A bundle with keys that cannot be sealed to counts as none: it must not silence a line.
 * @param {() => Uint8Array} sealing
 * @returns {Uint8Array | null}
 */
function orNothing(sealing) {
  try {
    return sealing();
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'bad-key') return null;
    throw error;
  }
}

/**
 * A cover: real in every byte, from nobody; without a bundle in service also to nobody.
 * @param {Recipient | undefined} recipient
 * @param {Uint8Array} lineId 32 bytes
 * @param {Rng} rng
 * @returns {Uint8Array} 19,936 bytes
 */
function sealCover(recipient, lineId, rng) {
  const throwawaySender = throwaway(rng);
  const reader = throwaway(rng);
  const cover = (/** @type {Recipient} */ to) => seal(throwawaySender, to, coverBody(rng), lineId, rng);
  const envelope = (recipient && orNothing(() => cover(recipient))) || cover(recipientOfIdentity(reader));
  wipe(throwawaySender);
  wipe(reader);
  return envelope;
}

/**
 * Seals a batch, one envelope per turn of the event loop, so that a page stays alive.
 * @param {object} o
 * @param {Directory} o.directory
 * @param {Pick<Bundles, 'byIndex'>} o.bundles
 * @param {Identity} o.sender the reporter's identity
 * @param {Set<number>} o.chosen places in the directory that may read the message
 * @param {Uint8Array} o.body at most 15,132 bytes
 * @param {Uint8Array} o.lineId 32 bytes
 * @param {Rng} o.rng
 * @param {(done: number, total: number) => void} [o.onProgress] after each envelope
 * @param {AbortSignal} [o.signal] stops between two envelopes
 * @returns {Promise<Uint8Array<ArrayBuffer>>} count × 19,936 bytes, in random order
 * @throws {ProtocolError} no-recipient if none of those chosen has a bundle in service; bad-body;
 *   RangeError if an investigator chosen is not active.
 */
export async function sealBatch({ directory, bundles, sender, chosen, body, lineId, rng, onProgress, signal }) {
  if (body.length > BODY_MAX) {
    throw new ProtocolError('bad-body', `a body has at most ${BODY_MAX} bytes, this has ${body.length}`);
  }
  for (const index of chosen) {
    if (!directory.active.includes(index)) throw new RangeError(`${index} is not an active investigator`);
  }
  if (![...chosen].some((index) => bundles.byIndex.has(index))) {
    throw new ProtocolError('no-recipient', 'nobody of those chosen can be written to now');
  }
  // Sealed in the order in which they travel: progress and timing say nothing of who is addressed.
  const order = shuffle([...directory.active], rng);
  const batch = new Uint8Array(order.length * ENVELOPE_BYTES);
  let reached = 0;
  for (let done = 0; done < order.length; done++) {
    await nextTurn(signal);
    const index = order[done];
    const bundle = bundles.byIndex.get(index);
    const recipient = bundle && recipientOf(directory.investigators[index], bundle);
    const message = recipient && chosen.has(index) ? orNothing(() => seal(sender, recipient, body, lineId, rng)) : null;
    if (message) reached += 1;
    batch.set(message || sealCover(recipient, lineId, rng), done * ENVELOPE_BYTES);
    if (onProgress) onProgress(done + 1, order.length);
  }
  if (reached === 0) throw new ProtocolError('no-recipient', 'nobody of those chosen can be written to now');
  return batch;
}
