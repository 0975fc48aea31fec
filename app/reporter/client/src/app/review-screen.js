// "Look it over": everything that will be sent, each with a way to change it.

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
    const desks = [...draft.desks].map((id) => visit.deskNames?.get(id) ?? id);
    const parts = [
      part('desks', speaker.say('review.who'), ...desks.map((name) => make('p', {}, name))),
      part(
        'text',
        speaker.say('review.words'),
        make('p', { class: 'words', dir: 'auto' }, draft.text.trim() || speaker.say('review.no-words')),
      ),
    ];
    if (draft.kind === 'report') {
      for (const { id, step, text, more, said } of questions) {
        const answer = draft.answers[id];
        if (more && answer === undefined) continue;
        const words = answer === undefined ? [speaker.say('review.skipped')] : said(answer);
        parts.push(part(step, text, ...words.map((each) => make('p', { dir: 'auto' }, each))));
      }
      const unasked = questions.some(({ id, more }) => more && draft.answers[id] === undefined);
      if (unasked) parts.push(part('more', speaker.say('review.more'), make('p', {}, speaker.say('review.skipped'))));
    }
    const files = draft.files.map(({ file, blob, metadata }) =>
      make(
        'p',
        {},
        make('bdi', {}, file.name),
        ` (${speaker.bytes(blob.size)}) `,
        make('small', {}, speaker.say(`files.${metadata}`)),
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
    if (!visit.draft.isEmpty()) return true;
    screens.problem('review', speaker.say('review.empty'));
    return false;
  };
  return { ready };
}
