// The worker's end of the line to the page (app/core.js is the other). In: {id, name, args},
// {id, stop}, {id, answer}. Out: {ready}, {id, progress}, {id, ask}, {id, value}, {id, error}.

/**
 * Of the worker's own scope: the page's types do not know it.
 * @typedef {{postMessage: (message: unknown, transfer?: Transferable[]) => void,
 *   addEventListener: (name: 'message', heard: (event: MessageEvent) => void) => void}} DedicatedWorker
 */

/** @import { Tasks } from './tasks.js' */
/**
 * An error as it goes to the page; whatever else it carries goes along.
 * @typedef {{name: string, code?: string, message: string}} Failure
 */
/**
 * What the page says: a task to do, one to stop, or the answer to a question of one.
 * @typedef {{id: number, name?: keyof Tasks, args?: object, stop?: boolean,
 *   answer?: {value?: unknown, failed?: boolean}}} Message
 */
/**
 * @typedef {{stop: AbortController, answered: ((answer: {value?: unknown, failed?: boolean}) => void) | null}} Running
 */

/**
 * Whatever can be handed over without a copy.
 * @param {unknown} value
 */
const buffersOf = (value) => (value instanceof Uint8Array ? [value.buffer] : []);

/** @param {Failure} error */
const asFailure = ({ name, code, message, ...details }) => ({ ...details, name, code, message });

/**
 * Do what the page asks, as messages at `scope` say.
 * @param {DedicatedWorker} scope
 * @param {Record<string, (args: *, ways: *) => Promise<unknown>>} tasks
 */
export function serve(scope, tasks) {
  /** @type {Map<number, Running>} */
  const running = new Map(); // id → {stop, answered}

  /** @param {Message} message */
  const start = async ({ id, name, args }) => {
    const stop = new AbortController();
    /** @type {Running} */
    const mine = { stop, answered: null };
    running.set(id, mine);
    const ask = (/** @type {unknown} */ what) =>
      new Promise((resolve, reject) => {
        mine.answered = ({ value, failed }) => (failed ? reject(new Error('no answer')) : resolve(value));
        scope.postMessage({ id, ask: what });
      });
    try {
      const onProgress = (/** @type {unknown[]} */ ...progress) => scope.postMessage({ id, progress });
      const value = await tasks[/** @type {string} */ (name)](args, { onProgress, signal: stop.signal, ask });
      scope.postMessage({ id, value }, buffersOf(value));
    } catch (error) {
      scope.postMessage({ id, error: asFailure(/** @type {Failure} */ (error)) });
    }
    running.delete(id);
  };

  scope.addEventListener('message', ({ data }) => {
    if (data.name) start(data);
    else if (data.stop) running.get(data.id)?.stop.abort();
    else running.get(data.id)?.answered?.(data.answer);
  });
  scope.postMessage({ ready: true });
}
