// The part that looks into files is an asset of its own: who adds no file does not load it.

import { insist, load } from './loading.js';
import { Trouble } from './trouble.js';

/** @import { Source, Revealed } from '../clean/bytes.js' */

/**
 * @typedef {{revealed: Revealed | null, clean: Source | null, ending?: string | null, kind: string | null,
 *   isUnreached?: boolean}} Examined
 */

/** @type {Parameters<typeof import('../clean/main.js').examine>[1]} */
const PARTS = {
  pdf: () => insist(() => load('/assets/pdf.js')),
  office: () => insist(() => load('/assets/office.js')),
};

/** @type {Promise<typeof import('../clean/main.js')> | null} */
let loading = null;
/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * What a file tells, and its clean copy: {revealed, clean: Blob | null, ending}. Where a file is too odd there is
 * no clean copy, and none yet where the asset cannot be loaded (`isUnreached`): the screen says which. One after
 * the other: a picture is in memory whole while it is looked into, and a reporter may choose sixty.
 * @param {File} file
 * @returns {Promise<Examined>}
 */
export function examine(file) {
  const mine = before.then(() => look(file));
  before = mine;
  return mine;
}

/**
 * @param {File} file
 * @returns {Promise<Examined>}
 */
async function look(file) {
  try {
    loading ??= insist(() => load('/assets/clean.js'));
    return await (await loading).examine(file, PARTS);
  } catch (error) {
    loading = null; // another file may have more luck
    const isUnreached = error instanceof Trouble && error.code === 'unreachable';
    return { revealed: null, clean: null, ending: null, kind: null, isUnreached };
  }
}
