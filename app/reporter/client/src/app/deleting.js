// "Delete what waits here": everything that a check found for this code, when the person asks.

import { onAction } from './dom.js';
import { isStop } from './stopping.js';
import { sentence } from './trouble.js';

/** `onDone(count)` when all of it is deleted. */
export function makeDeleting({ screens, visit, speaker, service, onDone }) {
  const section = screens.section('delete');

  const remove = async () => {
    screens.problem('delete', '');
    await visit.run(async (signal) => {
      const count = visit.waiting.length;
      try {
        while (visit.waiting.length > 0) {
          await service.remove(visit.waiting[0], { signal });
          visit.waiting.shift();
        }
      } catch (error) {
        if (!isStop(error)) screens.problem('delete', sentence(error, speaker));
        return;
      }
      onDone(count);
    });
  };
  onAction(section, 'delete', remove);
  onAction(section, 'back', () => screens.show('answers'));
}
