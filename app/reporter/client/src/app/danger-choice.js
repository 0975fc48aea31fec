// Danger, beside who reads it, where nobody was asked before: on the short way to "sent", and of whoever comes
// back with a code. What says "in danger now" is looked at first. One tick; nothing is ticked for anybody.

import { one } from './dom.js';

/** @import { Parts } from './visit.js' */

const QUESTION = 'danger_now'; // one that every console understands

/**
 * Does the choice of desks ask it?
 * @param {{kind: string, short: boolean}} draft
 */
export const asksDanger = ({ kind, short }) => kind === 'message' || short;

/** @param {{answers: Record<string, unknown>}} draft */
export const saysDanger = ({ answers }) => answers[QUESTION] === 'yes';

/** @param {Pick<Parts, 'screens' | 'visit'>} o */
export function makeDangerChoice({ screens, visit }) {
  const section = screens.section('desks');
  const block = one('[data-danger]', section);
  /** @type {HTMLInputElement} */
  const box = one('input', block);
  const numbers = one('[data-danger-numbers]', block);

  const show = () => {
    block.hidden = !(asksDanger(visit.draft) && screens.has(`question-${QUESTION}`));
    box.checked = saysDanger(visit.draft);
    numbers.hidden = !box.checked;
  };
  box.addEventListener('change', () => {
    if (box.checked) visit.draft.answers[QUESTION] = 'yes';
    else delete visit.draft.answers[QUESTION];
    show();
  });
  return { show };
}
