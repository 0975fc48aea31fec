// Tells the console that somebody is here, so that it does not lock under their hands.
import { call } from './calls.js';

const SECONDS = 30;

export function startIdle() {
  let busy = false;
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart']) {
    document.addEventListener(
      name,
      () => {
        busy = true;
      },
      { passive: true },
    );
  }
  setInterval(() => {
    if (busy) call('/awake', { method: 'POST' }).catch(() => {});
    busy = false;
  }, SECONDS * 1000);
}
