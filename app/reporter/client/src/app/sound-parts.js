// One part of a language's recordings, whole or not at all. XMLHttpRequest, because it tells how much came.

import { Changed } from './sound-bundle.js';
import { Trouble } from './trouble.js';

const PATIENCE_MS = 120_000; // a part on the slowest network still gets through

/**
 * `size` bytes. `onLoaded(bytes)` hears how many came so far, `onBegun(stop)` how to call it off.
 * Throws Trouble('unreachable'), and Changed for a part of another size.
 * @param {string} address
 * @param {number} size
 * @param {{onLoaded: (bytes: number) => void, onBegun: (stop: () => void) => void}} o
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export function partAt(address, size, { onLoaded, onBegun }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'arraybuffer';
    request.timeout = PATIENCE_MS;
    request.addEventListener('progress', ({ loaded }) => onLoaded(Math.min(size, loaded)));
    request.addEventListener('loadend', () => {
      if (request.status === 404) reject(new Changed());
      else if (request.status !== 200 || !request.response) reject(new Trouble('unreachable'));
      else if (request.response.byteLength !== size) reject(new Changed());
      else resolve(new Uint8Array(request.response));
    });
    onBegun(() => request.abort());
    request.send();
  });
}
