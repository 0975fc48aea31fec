// "Check before you send": everything that will be sent, each with a way to change it.

import { make, one } from './dom.js';

/**
 * @import { Question } from './questions-screens.js'
 * @import { Parts } from './visit.js'
 */

/**
 * `onChange(step)` leads to the screen where that part is written.
 * @param {Pick<Parts, 'screens' | 'visit' | 'speaker'> & {questions: Question[], onChange: (step: string) => void}} o
 */
export function makeReviewScreen({ screens, visit, speaker, questions, onChange }) {
  const section = screens.section('review');
  const list = one('[data-review]', section);

  /**
   * @param {string} step
   * @param {string} what
   * @param {...HTMLElement} content
   */
  const part = (step, what, ...content) => {
    const change = make(
      'button',
      {
        type: 'button',
        class: 'quiet',
        'aria-label': speaker.say('review.change-what', { what }),
        'data-change': step,
      },
      speaker.say('review.change'),
    );
    change.addEventListener('click', () => onChange(step));
    return make('div', {}, make('dt', {}, what), make('dd', {}, ...content), make('dd', {}, change));
  };

  const show = () => {
    const { draft } = visit;
    const chosen = [...draft.desks].map((id) => visit.deskNames?.get(id) ?? id);
    const desks = chosen.length > 0 ? chosen : [speaker.say('desk.choose')];
    const parts = [
      part('desks', speaker.say('review.who'), ...desks.map((name) => make('p', {}, name))),
      part(
        'text',
        speaker.say('review.words'),
        make('p', { class: 'words', dir: 'auto' }, draft.text.trim() || speaker.say('review.no-words')),
      ),
    ];
    const isReport = draft.kind === 'report';
    for (const { id, step, text, more, said } of questions) {
      const answer = draft.answers[id];
      if (answer === undefined && (more || !isReport)) continue;
      const words = answer === undefined ? [speaker.say('review.skipped')] : said(answer);
      parts.push(part(step, text, ...words.map((each) => make('p', { dir: 'auto' }, each))));
    }
    if (isReport) {
      const further = questions.filter(({ more }) => more);
      const open = further.length === 0 || further.some(({ id }) => draft.answers[id] === undefined);
      const unasked = screens.has('more') && open;
      if (unasked) parts.push(part('more', speaker.say('review.more'), make('p', {}, speaker.say('review.skipped'))));
    }
    const files = draft.files.map((each) =>
      make(
        'p',
        {},
        make('bdi', {}, each.title(speaker)),
        ` (${speaker.bytes(each.blob.size)}) `,
        each.kind === 'voice' ? '' : make('small', {}, speaker.say(`files.${each.metadata}`)),
      ),
    );
    parts.push(
      part(
        'files',
        speaker.say('review.files'),
        ...(files.length > 0 ? files : [make('p', {}, speaker.say('review.no-files'))]),
      ),
    );
    list.replaceChildren(...parts);
  };
  screens.onArrive('review', show);

  /** May one send? If not, says why. */
  const ready = () => {
    const { draft } = visit;
    if (!draft.isEmpty() && draft.desks.size > 0) return true;
    screens.problem('review', speaker.say(draft.isEmpty() ? 'review.empty' : 'desk.choose'));
    return false;
  };
  return { ready };
}
