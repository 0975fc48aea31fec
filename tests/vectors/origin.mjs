/**
 * Where the secrets of a vectors file come from.
 *
 * Some secret bytes leave no trace in anything public (half of an ML-KEM seed serves only to
 * answer forged ciphertexts), so recomputing cannot tell whether they were changed. But the files
 * are made from labels: as an attachment's plaintext is SHAKE256('PREFIXd1', 1 bytes), a secret is
 * SHAKE256 of the same prefix and its own name. Where a file was made so, a secret that does not
 * come from its label was changed. A file made otherwise is not held to it.
 */
import { createHash } from 'node:crypto';

import { reduce } from '../../app/reporter/client/src/protocol/group.js';
import { hex } from '../../app/reporter/client/src/protocol/encoding.js';

const plain = (bytes) => hex(bytes);
const scalar = (bytes) => hex(reduce(bytes));

function clamped(bytes) {
  const out = Uint8Array.from(bytes);
  out[0] &= 248;
  out[31] = (out[31] & 127) | 64;
  return hex(out);
}

/** Every secret: where it is, its label's end, its bytes before `form`, how it is written. */
function* secrets(v) {
  yield ['newsroom.sig_seed', v.newsroom.sig_seed, 'root', 32, plain];
  yield ['investigator.sig_seed', v.investigator.sig_seed, 'isig', 32, plain];
  yield ['investigator.fetch_seed64', v.investigator.fetch_seed64, 'f', 64, plain];
  yield ['investigator.dh_sk', v.investigator.dh_sk, 'd', 32, clamped];
  yield ['investigator.mlkem_seed', v.investigator.mlkem_seed, 'm', 64, plain];
  yield ['bundle.dh_sk', v.bundle.dh_sk, 'bd', 32, clamped];
  yield ['bundle.mlkem_seed', v.bundle.mlkem_seed, 'bm', 64, plain];
  yield ['bundle.pke_seed', v.bundle.pke_seed, 'bp', 32, plain];
  for (const [i, one] of v.reporters.entries()) yield [`reporters[${i}].entropy`, one.entropy, `rep${i}`, 16, plain];
  for (const [i, row] of v.challenges.known_rows.entries()) {
    yield [`challenges.known_rows[${i}].id`, row.id, `id${i}`, 16, plain];
    yield [`challenges.known_rows[${i}].r`, row.r, `r${i}`, 64, scalar];
  }
  for (const [i, one] of v.attachments.entries()) {
    yield [`attachments[${i}].key`, one.key, `k${one.plaintext_len}`, 32, plain];
  }
  yield ['letter.n', v.letter.n, 'letter', 16, plain];
}

/**
 * @param {object} v a vectors file
 * @returns {{applies: boolean, changed: string[]}} the places of secrets that are not what their
 *   label gives, if most are
 */
export function origins(v) {
  const label = /^SHAKE256\('(.*)d\d+', \d+ bytes\)$/.exec(v.attachments[v.attachments.length - 1].plaintext);
  if (!label) return { applies: false, changed: [] };
  const all = [...secrets(v)];
  const changed = all.filter(([, written, name, size, form]) => {
    const bytes = createHash('shake256', { outputLength: size })
      .update(label[1] + name)
      .digest();
    return form(bytes) !== written;
  });
  const applies = changed.length < all.length / 2;
  return { applies, changed: applies ? changed.map(([place]) => place) : [] };
}
