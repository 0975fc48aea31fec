// Showing what waits for a code: answers in words, files to save, and what could not be shown.

import { icon, make, one } from './dom.js';
import { saveFile } from './save.js';
import { deviceDay } from './line.js';
import { inLanguage } from './page.js';
import { isStop } from './stopping.js';
import { readingSentence } from './trouble.js';

/**
 * @import { Answer } from '../core/sorting.js'
 * @import { Checked } from './check.js'
 * @import { Described } from './save.js'
 * @import { Parts } from './visit.js'
 */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/**
 * @param {unknown} day
 * @returns {day is string}
 */
const isDay = (day) => typeof day === 'string' && DAY.test(day) && !Number.isNaN(Date.parse(day));

/** @param {Parts} parts */
export function makeAnswersScreen({ screens, visit, page, speaker, service, core }) {
  const section = screens.section('answers');
  const count = one('[data-answers-count]', section);
  const list = one('[data-answers]', section);
  const notes = one('[data-answers-notes]', section);
  const more = one('[data-action="more"]', section);

  /** @param {Described} file */
  const fileButton = (file) => {
    const name = String(file.name ?? '');
    const status = make('span', { class: 'hint line', role: 'status' });
    const button = make(
      'button',
      { type: 'button', class: 'quiet boxed', 'data-action': 'save-file', 'data-file': name },
      icon('save'),
      make('span', {}, speaker.say('answers.save', { name, size: speaker.bytes(Number(file.size)) })),
    );
    button.addEventListener('click', () =>
      visit.run(async (signal) => {
        button.disabled = true;
        try {
          await saveFile({
            file,
            service,
            core,
            signal,
            onProgress: (/** @type {number} */ done, /** @type {number} */ total) => {
              const percent = Math.floor((done / total) * 100);
              status.textContent = speaker.say('answers.saving', { name, percent });
            },
          });
          status.textContent = speaker.say('answers.saved');
        } catch (error) {
          if (!isStop(error)) status.textContent = readingSentence(error, speaker);
        }
        button.disabled = false;
      }),
    );
    return make('p', {}, button, status);
  };

  /** @param {Pick<Answer, 'desk' | 'left'>} answer */
  const from = ({ desk, left }) => {
    if (left) return speaker.say('answers.from-left');
    if (!desk) return speaker.say('answers.from-line');
    return speaker.say('answers.from', { desk: inLanguage(desk.name, page.lang) });
  };

  /** @param {Answer} answer */
  const card = ({ body, desk, left }) => {
    const article = make(
      'article',
      { 'data-answer': '', 'data-desk': desk?.id, 'data-left': left ?? false },
      make('h2', {}, from({ desk, left })),
    );
    if (left) {
      article.append(make('p', { class: 'note' }, speaker.say('answers.left-why', { day: speaker.day(left) })));
    }
    if (isDay(body.day)) {
      article.append(make('p', { class: 'hint' }, speaker.say('answers.day', { day: speaker.day(body.day) })));
    }
    const known = typeof body.text === 'string' && body.kind === 'reply';
    const text = known ? /** @type {string} */ (body.text) : speaker.say('answers.unknown-kind');
    const lang = known && typeof body.lang === 'string' ? body.lang : false;
    article.append(make('p', { class: 'words', dir: 'auto', lang, 'data-answer-text': true }, text));
    for (const file of Array.isArray(body.files) ? body.files : []) {
      if (file && typeof file === 'object') article.append(fileButton(file));
    }
    return article;
  };

  /**
   * Put the result of a check on the screen.
   * @param {Checked} checked
   */
  const show = ({ answers, ids, unverified, unopened, directory, old }) => {
    visit.waiting = ids;
    one('[data-action="delete"]', section).hidden = ids.length === 0;
    visit.desksOpened = new Set(answers.flatMap(({ desk }) => (desk ? [desk.id] : [])));
    visit.messageDays = directory.params.message_days;
    count.textContent =
      answers.length > 0 ? speaker.count('answers.count', answers.length) : speaker.say('answers.none');
    list.replaceChildren(...answers.map(card));
    if (old && answers.length > 0) {
      const text = speaker.say('answers.old', { day: speaker.day(deviceDay()) });
      list.prepend(make('p', { class: 'note', 'data-note': 'answers.old' }, text));
    }
    notes.replaceChildren();
    /**
     * @param {string} key
     * @param {number} n
     */
    const note = (key, n) => {
      if (n > 0) notes.append(make('p', { class: 'note', 'data-note': key }, speaker.count(key, n)));
    };
    note('answers.unverified', unverified);
    note('answers.unopened', unopened);
    more.textContent = speaker.say(answers.length > 0 ? 'answers.write-back' : 'answers.write-more');
    screens.show('answers');
  };
  const way = one('[data-nothing-lost]', section);
  screens.onArrive('answers', () => {
    way.hidden = !visit.draft.isEmpty(); // it leads away, and what is half written would be lost
  });
  const wipe = () => {
    list.replaceChildren();
    notes.replaceChildren();
  };
  /**
   * All of it was deleted: say so in its place.
   * @param {number} n
   */
  const showDeleted = (n) => {
    wipe();
    count.textContent = speaker.count('delete.done', n);
    one('[data-action="delete"]', section).hidden = true;
    screens.show('answers');
  };
  return { show, showDeleted, wipe };
}
