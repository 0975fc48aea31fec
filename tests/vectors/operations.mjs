/**
 * A desk's operations, for quietline.json: one that is read, and those that are refused.
 */
import { b64u, concat, hex, jsonBytes, utf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { sign } from '../../app/reporter/client/src/protocol/identities.js';
import { line, other, people } from './cast.mjs';
import { sha256Hex } from './material.mjs';

/** @returns {object} one of the first investigator's, and what must be refused */
export function operations() {
  const [ana, ben] = people;
  const zeros = '0'.repeat(64);
  const inner = {
    v: 1,
    desk: 'support',
    author: b64u(ana.identity.vk),
    seq: 1,
    previous: zeros,
    heads: [[2, 17, zeros]],
    directory: zeros,
    clock: [1790000000, 0],
    changes: [
      { do: 'set', case: 'a'.repeat(64), name: 'priority', value: 'urgent' },
      { do: 'note', case: 'a'.repeat(64), text: 'Zwei Betten frei. \u0633\u0631\u064a\u0631\u0627\u0646' },
    ],
  };
  const carried = (bytes, { seed = ana.identity.sigSeed, lineId = line.lineId, tag = 'j-sig-op-v1' } = {}) => [
    b64u(bytes),
    b64u(sign(seed, tag, concat(lineId, bytes))),
  ];
  const made = (changes, how) => carried(jsonBytes({ ...inner, ...changes }), how);
  const bytes = jsonBytes(inner);
  const text = new TextDecoder().decode(bytes);
  const [raw, signature] = carried(bytes);
  return {
    good: {
      carried: [raw, signature],
      signed: hex(bytes),
      hash: sha256Hex(bytes),
      author: hex(ana.identity.vk),
      desk: inner.desk,
      seq: inner.seq,
      clock: inner.clock,
      changes: inner.changes,
    },
    bad: [
      ['signed by somebody else', made({}, { seed: ben.identity.sigSeed })],
      ['signed for another line', made({}, { lineId: other.lineId })],
      ['signed with another tag', made({}, { tag: 'j-sig-ltk' })],
      ['one letter changed', [b64u(utf8(text.replace('urgent', 'argent'))), signature]],
      ['v is 2', made({ v: 2 })],
      ['a member twice', carried(utf8(text.replace('"seq":1', '"seq":1,"seq":1')))],
      ['seq is zero', made({ seq: 0 })],
      ['seq is text', made({ seq: '1' })],
      ['a hash of 31 bytes', made({ previous: zeros.slice(2) })],
      ['a hash in capitals', made({ previous: 'A'.repeat(64) })],
      ['a head of two things', made({ heads: [[2, 17]] })],
      ['a clock of one number', made({ clock: [1790000000] })],
      ['a clock before 1970', made({ clock: [-1, 0] })],
      ['changes that are no objects', made({ changes: ['set'] })],
      ['no desk', made({ desk: undefined })],
      ['8,193 bytes', carried(utf8(text + ' '.repeat(8193 - bytes.length)))],
      ['no signature', [raw]],
    ],
  };
}
