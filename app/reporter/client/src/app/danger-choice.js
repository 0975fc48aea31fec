// Danger, on the short way to "sent": there nobody was asked before who reads it, and a report that says
// "in danger now" is looked at first. One tick; nothing is ticked for anybody.

import { one } from './dom.js';

/** @import { Parts } from './visit.js' */

const QUESTION = 'danger_now'; // one that every console understands

/** @param {Pick<Parts, 'screens' | 'visit'>} o */
export function makeDangerChoice({ screens, visit }) {
  const section = screens.section('desks');
  const block = one('[data-danger]', section);
  /** @type {HTMLInputElement} */
  const box = one('input', block);
  const numbers = one('[data-danger-numbers]', block);

  const show = () => {
    const { kind, short, answers } = visit.draft;
    block.hidden = !(kind === 'report' && short && screens.has(`question-${QUESTION}`));
    box.checked = answers[QUESTION] === 'yes';
    numbers.hidden = !box.checked;
  };
  box.addEventListener('change', () => {
    if (box.checked) visit.draft.answers[QUESTION] = 'yes';
    else delete visit.draft.answers[QUESTION];
    show();
  });
  return { show };
}
