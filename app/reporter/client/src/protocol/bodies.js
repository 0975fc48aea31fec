/**
 * What a message says, inside the ciphertext (QL1, "Bodies").
 *
 * Lives here: reading one, as far as every message is alike. Never here: what its kind means, or
 * how it is shown.
 */
import { readJson, unhex } from './encoding.js';
import { ProtocolError } from './errors.js';
import { MESSAGE_ID_BYTES } from './wire.js';

/** @typedef {{kind: string, v: number, mid: string} & Record<string, unknown>} Body */

const VERSION = 1;

/**
 * @param {Uint8Array} bytes what an envelope held
 * @returns {Body} a body with `kind` (text), `v` = 1 and `mid` (32 hex digits); its other fields
 *   are as the sender wrote them
 * @throws {ProtocolError} bad-body, with `newer` true for another `v`: nothing else of such a body
 *   may be read
 */
export function readBody(bytes) {
  let body;
  try {
    body = readJson(bytes);
  } catch {
    throw new ProtocolError('bad-body', 'a message is not JSON');
  }
  if (body === null || typeof body !== 'object' || !Number.isInteger(body.v)) {
    throw new ProtocolError('bad-body', 'a message does not say of what version it is');
  }
  if (body.v !== VERSION) {
    throw new ProtocolError('bad-body', 'a message is of a version this page does not know', { newer: true });
  }
  if (typeof body.kind !== 'string') throw new ProtocolError('bad-body', 'a message has no kind');
  try {
    unhex(body.mid, MESSAGE_ID_BYTES);
  } catch {
    throw new ProtocolError('bad-body', 'a message has no id of its own');
  }
  return body;
}
