// The code, shown large: twelve words or twelve numbers. Then trying it, which can be skipped.

import { randomBelow, systemRng } from '../protocol/random.js';
import { toNumber } from '../protocol/receipt.js';
import { all, make, onAction, one } from './dom.js';
import { pause } from './stopping.js';
import { sentence } from './trouble.js';

/** @import { Bytes } from '../protocol/attachments.js' */

/** @import { Parts } from './visit.js' */

const PLACES = 12;
const WORDS_CHECKED = 2;
const SOON_MS = 1000; // so long the first sight of the code waits for its words

/**
 * `onDone()` when the code is written down, or not wanted.
 * @param {Parts & {onDone: () => void}} o
 */
export function makeReceiptScreen({ screens, visit, page, speaker, core, lists, onDone }) {
  const section = screens.section('receipt');
  const trying = screens.section('try');
  const words = one('[data-receipt]', section);
  const numbers = one('[data-receipt-numbers]', section);
  const asWords = one('[data-action="as-words"]', section);
  const asNumbers = one('[data-action="as-numbers"]', section);
  const copied = one('[data-copied]', section);
  const fields = one('[data-try]', trying);
  /** @type {string[] | null} */
  let ownList = null;
  /** @type {Uint16Array | null} */
  let written = null; // the code's twelve places in a list; never one string of them
  let inNumbers = false;
  let wantsNumbers = page.words === null; // a language without a list of its own gets numbers first
  let turn = 0; // the last choice counts, whenever its list comes

  // Spaces between the items make the whole readable, and copyable, as one line.
  /**
   * @param {HTMLElement} list
   * @param {(place: number) => string} write
   */
  const fill = (list, write) =>
    list.replaceChildren(
      ...[.../** @type {Uint16Array} */ (written)].flatMap((place) => [make('li', {}, write(place)), ' ']),
    );

  /** @param {boolean} useNumbers */
  const choose = (useNumbers) => {
    inNumbers = useNumbers || ownList === null;
    words.hidden = inNumbers;
    numbers.hidden = !inNumbers;
    asWords.setAttribute('aria-pressed', String(!inNumbers));
    asNumbers.setAttribute('aria-pressed', String(inNumbers));
    copied.textContent = '';
  };

  /**
   * Show the code, in words only with a list to write them with.
   * @param {boolean} useNumbers
   */
  const showCode = async (useNumbers) => {
    const { code } = visit;
    const places = await core.run('write', { code: /** @type {Bytes} */ (code) });
    if (visit.code !== code) return; // left meanwhile
    written = places;
    fill(numbers, toNumber);
    if (ownList) fill(words, (place) => /** @type {string[]} */ (ownList)[place]);
    choose(useNumbers);
  };

  /**
   * In words; in numbers, which need no list, if `late` comes before the list, or none does.
   * @param {...Promise<void>} late
   */
  const showWords = async (...late) => {
    const mine = (turn += 1);
    let missing = false;
    copied.textContent = speaker.say('loading');
    try {
      ownList ??= (await Promise.race([lists.own(), ...late])) ?? null;
    } catch {
      missing = true;
    }
    if (mine !== turn) return;
    await showCode(false);
    if (missing) copied.textContent = speaker.say('trouble.words-missing');
  };

  const copy = async () => {
    const shown = inNumbers ? numbers : words;
    try {
      await navigator.clipboard.writeText(shown.textContent.trim());
      copied.textContent = speaker.say('code.copied');
    } catch {
      copied.textContent = speaker.say('code.not-copied');
    }
  };

  const showTry = () => {
    const key = inNumbers ? 'try.number' : 'try.word';
    const places = new Set();
    while (places.size < WORDS_CHECKED) places.add(randomBelow(PLACES, systemRng));
    fields.replaceChildren(
      ...[...places]
        .sort((a, b) => a - b)
        .map((place) =>
          make(
            'label',
            {},
            speaker.say(key, { number: place + 1 }),
            make('input', {
              type: 'text',
              name: `try-${place + 1}`,
              'data-place': place,
              autocomplete: 'off',
              autocapitalize: 'none',
              spellcheck: 'false',
              inputmode: inNumbers ? 'numeric' : false,
              dir: 'auto',
            }),
          ),
        ),
    );
  };

  /**
   * As forgiving as coming back will be.
   * @param {HTMLInputElement} field
   */
  const fits = (field) => {
    const place = /** @type {Uint16Array} */ (written)[Number(field.dataset.place)];
    return core.run('readsAs', { text: field.value, place, list: inNumbers ? null : ownList });
  };

  const tryIt = async () => {
    for (const field of /** @type {HTMLInputElement[]} */ (all('input', fields))) {
      let problem;
      try {
        problem = (await fits(field)) ? '' : speaker.say('try.wrong');
      } catch (error) {
        problem = sentence(error, speaker);
      }
      screens.problem('try', problem);
      if (problem === '') continue;
      field.focus();
      return;
    }
    onDone();
  };

  screens.onArrive('receipt', () => (wantsNumbers ? showCode(true) : showWords(pause(SOON_MS))));
  screens.onArrive('try', showTry);
  onAction(section, 'as-words', () => {
    wantsNumbers = false;
    showWords();
  });
  onAction(section, 'as-numbers', () => {
    wantsNumbers = true;
    turn += 1;
    choose(true);
  });
  onAction(section, 'copy', copy);
  onAction(section, 'next', () => screens.show('try'));
  onAction(section, 'no-code', onDone);
  onAction(trying, 'check', tryIt);
  onAction(trying, 'back', () => screens.show('receipt'));
  onAction(trying, 'skip', onDone);
  fields.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') tryIt();
  });
  return {
    wipe() {
      written?.fill(0);
      for (const list of [words, numbers]) list.replaceChildren();
    },
  };
}
