// The worker's end of the line to the page (app/core.js is the other). In: {id, name, args},
// {id, stop}, {id, answer}. Out: {ready}, {id, progress}, {id, ask}, {id, value}, {id, error}.

/** Whatever can be handed over without a copy. */
const buffersOf = (value) => (value instanceof Uint8Array ? [value.buffer] : []);

const told = ({ name, code, message, ...details }) => ({ ...details, name, code, message });

/** Do what the page asks, as messages at `scope` say. */
export function serve(scope, tasks) {
  const running = new Map(); // id → {stop, answered}

  const start = async ({ id, name, args }) => {
    const stop = new AbortController();
    const mine = { stop, answered: null };
    running.set(id, mine);
    const ask = (what) =>
      new Promise((resolve, reject) => {
        mine.answered = ({ value, failed }) => (failed ? reject(new Error('no answer')) : resolve(value));
        scope.postMessage({ id, ask: what });
      });
    try {
      const onProgress = (...progress) => scope.postMessage({ id, progress });
      const value = await tasks[name](args, { onProgress, signal: stop.signal, ask });
      scope.postMessage({ id, value }, buffersOf(value));
    } catch (error) {
      scope.postMessage({ id, error: told(error) });
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
