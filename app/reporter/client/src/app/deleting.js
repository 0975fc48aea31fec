// "Delete what waits here": everything that a check found for this code, when the person asks.

import { onAction } from './dom.js';
import { isStop } from './stopping.js';
import { readingSentence } from './trouble.js';

/** @import { Parts } from './visit.js' */

/**
 * `onDone(count)` when all of it is deleted.
 * @param {Parts & {onDone: (count: number) => void}} o
 */
export function makeDeleting({ screens, visit, speaker, service, onDone }) {
  const section = screens.section('delete');
  /** @type {(() => void) | null} */
  let stopDeleting = null; // while it goes on

  const remove = async () => {
    if (stopDeleting) return;
    screens.problem('delete', speaker.say('loading'));
    await visit.run(async (signal, stop) => {
      stopDeleting = stop;
      const count = visit.waiting.length;
      try {
        while (visit.waiting.length > 0) {
          await service.remove(visit.waiting[0], { signal });
          visit.waiting.shift();
        }
      } catch (error) {
        if (!isStop(error)) screens.problem('delete', readingSentence(error, speaker));
        return;
      } finally {
        stopDeleting = null;
      }
      onDone(count);
    });
  };
  onAction(section, 'delete', remove);
  onAction(section, 'back', () => {
    stopDeleting?.();
    screens.show('answers');
  });
}
