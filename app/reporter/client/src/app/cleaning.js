// The part that looks into files is an asset of its own: who adds no file does not load it.

import { load } from './loading.js';

/** @import { Source, Revealed } from '../clean/bytes.js' */

/** @typedef {{revealed: Revealed | null, clean: Source | null, ending?: string | null, kind: string | null}} Examined */

/** @type {Parameters<typeof import('../clean/main.js').examine>[1]} */
const PARTS = { pdf: () => load('/assets/pdf.js'), office: () => load('/assets/office.js') };

/** @type {Promise<typeof import('../clean/main.js')> | null} */
let loading = null;
/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * What a file tells, and its clean copy: {revealed, clean: Blob | null, ending}. When the asset cannot
 * be loaded, or a file is too odd, there is no clean copy, and the screen says so. One after the other:
 * a picture is in memory whole while it is looked into, and a reporter may choose sixty.
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
    loading ??= load('/assets/clean.js');
    return await (await loading).examine(file, PARTS);
  } catch {
    loading = null; // another file may have more luck
    return { revealed: null, clean: null, ending: null, kind: null };
  }
}
