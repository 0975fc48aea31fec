// Typing the code on coming back: forgiving, and exact about which word is wrong.

import { ProtocolError } from '../protocol/errors.js';
import { countTyped, listNamesFor, replaceWord } from '../protocol/reading.js';
import { make, onAction, one } from './dom.js';
import { readingSentence } from './trouble.js';

/**
 * @import { WordLists } from './lists.js'
 * @import { Parts } from './visit.js'
 */
/**
 * Beside its code, what a ProtocolError of a code that cannot be read says.
 * @typedef {ProtocolError & {position: number, word: string, count?: number, suggestions?: string[]}} Unreadable
 */

/**
 * `onRead(codes)` with every reading that fits; nearly always one.
 * @param {Parts & {onRead: (codes: Uint8Array<ArrayBuffer>[]) => void, onBack: () => void}} o
 */
export function makeCodeScreen({ screens, speaker, core, lists, onRead, onBack }) {
  const section = screens.section('code');
  /** @type {HTMLTextAreaElement} */
  const field = one('textarea', section);
  const count = one('[data-code-count]', section);
  const suggestions = one('[data-suggestions]', section);
  let reading = false;

  const tellCount = () => {
    const typed = countTyped(field.value);
    count.textContent = typed > 0 ? speaker.say('code.count', { count: typed }) : '';
  };

  const clearProblem = () => {
    screens.problem('code', '');
    suggestions.replaceChildren();
  };

  /**
   * First by the lists of this page; only if they do not fit, by all of them. Which were loaded says
   * nothing about the code: all are, also for numbers, before it is read (lists.js).
   * @param {string} text
   * @returns {Promise<Uint8Array<ArrayBuffer>[]>}
   */
  const read = async (text) => {
    const inWords = listNamesFor(text).length > 0;
    /** @type {WordLists} */
    const every = await lists.all().catch((error) => {
      if (inWords) throw error;
      return {};
    });
    try {
      return await core.run('readCode', { text, lists: inWords ? lists.nearby(every) : {} });
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'unknown-word' || !inWords) throw error;
      return core.run('readCode', { text, lists: every });
    }
  };

  /**
   * @param {number} position
   * @param {string} word
   */
  const use = (position, word) => {
    field.value = replaceWord(field.value, position, word);
    clearProblem();
    tellCount();
    field.focus();
  };

  /** @param {Unreadable} error */
  const complain = (error) => {
    const { position, word } = error;
    const words = error.suggestions ?? [];
    if (error.code === 'word-count') {
      screens.problem('code', speaker.say('code.word-count', { count: error.count }));
    } else if (error.code === 'checksum') {
      screens.problem('code', speaker.say('code.checksum'));
    } else {
      const key = words.length > 0 ? 'code.unknown-word-try' : 'code.unknown-word';
      screens.problem('code', speaker.say(key, { position, word }));
      suggestions.replaceChildren(
        ...words.map((each) => {
          const button = make(
            'button',
            { type: 'button', class: 'quiet boxed', 'data-suggestion': each },
            speaker.say('code.use', { word: each }),
          );
          button.addEventListener('click', () => use(position, each));
          return button;
        }),
      );
    }
    field.focus({ preventScroll: true }); // what is said, and the words to choose from, stay in view
    suggestions.scrollIntoView({ block: 'nearest' });
  };

  const go = async () => {
    if (reading) return;
    clearProblem();
    if (field.value.trim() === '') {
      screens.problem('code', speaker.say('code.empty'));
      field.focus();
      return;
    }
    const typed = field.value;
    reading = true;
    count.textContent = speaker.say('loading'); // word lists may be on their way
    screens.announcer.say(count.textContent);
    let codes;
    try {
      codes = await read(typed);
    } catch (error) {
      if (error instanceof ProtocolError) complain(/** @type {Unreadable} */ (error));
      else screens.problem('code', readingSentence(error, speaker));
      return;
    } finally {
      reading = false;
      tellCount();
    }
    if (screens.current !== 'code' || field.value !== typed) return; // gone back, or typed on, meanwhile
    field.value = '';
    tellCount();
    onRead(codes);
  };

  screens.onArrive('code', () => {
    lists.all().catch(() => {}); // on their way while the reporter types; read() says so if they are not
  });
  field.addEventListener('input', () => {
    clearProblem();
    tellCount();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    go();
  });
  onAction(section, 'check', go);
  onAction(section, 'back', onBack);
}
