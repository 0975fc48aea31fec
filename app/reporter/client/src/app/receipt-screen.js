// The code, shown large: twelve words or twelve numbers. Then trying it, which can be skipped; going on
// without it is asked once more, and leads back.

import { randomBelow, systemRng } from '../protocol/random.js';
import { toNumber } from '../protocol/receipt.js';
import { all, make, onAction, one } from './dom.js';
import { makeLastRow } from './last-row.js';
import { pause } from './stopping.js';
import { sentence } from './trouble.js';

/** @import { Bytes } from '../protocol/attachments.js' */

/** @import { Parts } from './visit.js' */

const PLACES = 12;
const LAST_ROW = [5, 11]; // places 6 and 12: what is lost at the foot of a column
const SOON_MS = 1000; // so long the first sight of the code waits for its words

/**
 * `onDone(hasCode)` when the code is written down, or not wanted.
 * @param {Parts & {onDone: (hasCode: boolean) => void}} o
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
  const lastRow = makeLastRow({
    button: one('[data-action="next"]', section),
    tell: () => screens.problem('receipt', speaker.say('code.look')),
  });
  /** @type {string[] | null} */
  let ownList = null;
  /** @type {Uint16Array | null} */
  let written = null; // the code's twelve places in a list; never one string of them
  let inNumbers = false;
  /** @type {boolean | null} */
  let wantsNumbers = null; // until one of them was pressed
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
    one('h1', section).textContent = speaker.say(inNumbers ? 'code.numbers' : 'code.words');
    copied.textContent = '';
    lastRow.watch(inNumbers ? numbers : words);
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
    if (missing) copied.textContent = speaker.say('code.only-numbers');
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
    // One at the foot of a column, and any other: a paper that lacks those two never passes.
    const places = new Set([LAST_ROW[randomBelow(LAST_ROW.length, systemRng)]]);
    while (places.size < 2) places.add(randomBelow(PLACES, systemRng));
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
      if (problem) field.focus();
      screens.problem('try', problem);
      if (problem) return;
    }
    onDone(true);
  };

  // A language without a list of its own gets numbers first, and so does who goes by the pictures.
  const inNumbersFirst = () => wantsNumbers ?? Boolean(page.words === null || one('.by-picture'));
  screens.onArrive('receipt', () => (inNumbersFirst() ? showCode(true) : showWords(pause(SOON_MS))));
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
  onAction(section, 'next', () => lastRow.press(() => screens.show('try')));
  onAction(section, 'no-code', () => screens.show('no-code'));
  onAction(screens.section('no-code'), 'back-to-code', () => screens.show('receipt'));
  onAction(screens.section('no-code'), 'no-code', () => {
    wipe();
    visit.code?.fill(0);
    visit.code = null;
    onDone(false);
  });
  onAction(trying, 'check', tryIt);
  onAction(trying, 'back', () => screens.show('receipt'));
  onAction(trying, 'skip', () => onDone(true));
  fields.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') tryIt();
  });
  function wipe() {
    written?.fill(0);
    lastRow.forget();
    for (const list of [words, numbers]) list.replaceChildren();
  }
  return { wipe };
}
