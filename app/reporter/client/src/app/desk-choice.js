// The desks of the verified directory, in words, to tick. A desk that none can read for now is
// shown as closed, before a reporter writes to it.

import { changedDesks, namesOf } from './desk-changes.js';
import { deskFacts } from './desk-facts.js';
import { all, icon, make, one, whenOnline } from './dom.js';
import { deviceDay, isOpen, openLine } from './line.js';
import { inLanguage } from './page.js';
import { isStop } from './stopping.js';
import { whileWriting } from './trouble.js';

/**
 * @import { Desk } from '../protocol/directory.js'
 * @import { OpenLine } from './line.js'
 * @import { Parts } from './visit.js'
 */

// Desks are the agency's; those with a usual id get a picture of their own.
/** @type {[RegExp, string][]} */
const ICONS = [
  [/police/, 'badge'],
  [/law|legal|attorney/, 'scale'],
  [/support|ngo|shelter|care|help/, 'hand'],
];
/**
 * @param {string} id
 * @returns {string}
 */
const iconOf = (id) => (ICONS.find(([pattern]) => pattern.test(id)) ?? [null, 'people'])[1];

/**
 * The choice on the screen `step`, looked up whenever that screen arrives. `chosen()` is the set
 * of ids that is ticked and unticked; `missing` names the phrase for "nobody is ticked".
 * @param {Parts & {step: string, chosen: () => Set<string>, missing: string}} o
 */
export function makeDeskChoice({ screens, visit, page, speaker, service, core, gone, step, chosen, missing }) {
  const section = screens.section(step);
  const list = one('[data-desks]', section);
  const wait = one('[data-desks-wait]', section);
  const again = make(
    'button',
    { type: 'button', class: 'quiet boxed', hidden: true, 'data-action': 'again' },
    speaker.say('sending.again'),
  );
  wait.after(again);
  /** @type {(() => void) | null} */
  let looking = null; // the visit's stop function while the directory is on its way

  /**
   * @param {Desk} desk
   * @param {boolean} open
   */
  const card = (desk, open) => {
    const about = inLanguage(desk.about, page.lang);
    const box = make('input', {
      type: 'checkbox',
      name: 'desk',
      value: desk.id,
      autocomplete: 'off',
      disabled: !open,
      // Its name is short; what the desk says of itself is read after it.
      'aria-labelledby': `${step}-${desk.id}-name`,
      'aria-describedby': `${step}-${desk.id}-says`,
    });
    box.checked = open && chosen().has(desk.id);
    box.addEventListener('change', () => {
      if (box.checked) chosen().add(desk.id);
      else chosen().delete(desk.id);
      screens.problem(step, '');
    });
    const name = make('b', { id: `${step}-${desk.id}-name` }, inLanguage(desk.name, page.lang));
    const facts = make('span', { class: 'facts', id: `${step}-${desk.id}-says` });
    if (about) facts.append(make('small', {}, about));
    facts.append(...deskFacts(desk, speaker, page.lang));
    if (!open) facts.append(make('small', { class: 'closed' }, speaker.say('desk.closed')));
    const says = make('span', { class: 'says' }, name, facts);
    return make(
      'label',
      { class: 'choice', 'data-desk': desk.id, 'data-open': open ? 'yes' : 'no' },
      box,
      icon(iconOf(desk.id)),
      says,
    );
  };

  /**
   * What a chosen desk says of itself is another thing now: it is chosen anew, or not.
   * @param {Desk[]} desks
   */
  const changedNote = (desks) => {
    const text = speaker.say('trouble.desk-changed', { name: namesOf(desks, page.lang) });
    return make('p', { class: 'note', role: 'alert', 'data-changed': '' }, text);
  };

  /** Only a warning: a phone whose clock is wrong must silence no reporter. */
  const oldNote = () => {
    visit.warnedOld = true;
    const text = speaker.say('trouble.old', { day: speaker.day(deviceDay()) });
    return make('p', { class: 'note', role: 'alert', 'data-old': '' }, text);
  };

  /** @param {OpenLine} line */
  const showDesks = ({ directory, bundles, state, old }) => {
    const open = directory.desks.filter((desk) => isOpen(desk, bundles));
    const changed = visit.directory ? changedDesks(chosen(), visit.directory, directory, page.lang) : [];
    for (const { id } of changed) chosen().delete(id);
    list.replaceChildren(...directory.desks.map((desk) => card(desk, open.includes(desk))));
    screens.settle(); // they come under a finger that is after something else
    if (old) list.prepend(oldNote());
    if (changed.length > 0) list.prepend(changedNote(changed));
    screens.problem(step, '');
    visit.directory = directory;
    visit.openDesks = new Set(open.map((desk) => desk.id));
    // A desk that closed meanwhile is no longer chosen.
    for (const id of [...chosen()]) if (!visit.openDesks.has(id)) chosen().delete(id);
    visit.messageDays = directory.params.message_days;
    visit.deskNames = new Map(directory.desks.map((desk) => [desk.id, inLanguage(desk.name, page.lang)]));
    if (open.length === 0) screens.problem(step, speaker.say('desk.all-closed'));
    else if (state === 'grace') screens.problem(step, speaker.say('trouble.grace'));
  };

  const look = async () => {
    looking?.();
    list.replaceChildren();
    screens.problem(step, '');
    wait.hidden = false;
    again.hidden = true;
    await visit.run(async (signal, stop) => {
      looking = stop;
      try {
        showDesks(await openLine({ service, core, page, visit, signal }));
      } catch (error) {
        if (isStop(error)) return;
        screens.problem(step, whileWriting(visit.draft)(error, speaker));
        again.hidden = false;
      }
      wait.hidden = true;
    });
  };

  screens.onArrive(step, look);
  again.addEventListener('click', look);
  whenOnline(gone, () => {
    if (screens.current === step && !again.hidden) look();
  });

  /** May one go on? If not, says why; if there was nothing to choose from, looks again. */
  const ready = () => {
    if (chosen().size > 0) return true;
    if (all('[data-open="yes"]', list).length > 0) {
      screens.problem(step, speaker.say(missing)); // beside the button: who is taken to the cards does not see it
    } else if (wait.hidden) look();
    else screens.problem(step, speaker.say('loading'));
    return false;
  };
  return { look, ready };
}
