// dist/core.js: everything that is secret or slow. One file for two places: a worker of the page's
// (app/core.js), or, where there are no workers, a module that the page imports.

import { serve } from './serve.js';
import { tasks } from './tasks.js';

/** @import { DedicatedWorker } from './serve.js' */

if (typeof WorkerGlobalScope === 'function' && globalThis instanceof WorkerGlobalScope) {
  serve(/** @type {DedicatedWorker} */ (/** @type {unknown} */ (globalThis)), tasks);
}

export { tasks };
