// Choosing files: from the phone, with the camera, by dropping them here. What a file tells besides
// what it shows is said in words, and for each the person chooses: a clean copy, or as it is.

import { examine } from './cleaning.js';
import { breathe, icon, make, one } from './dom.js';
import { sentence } from './trouble.js';

/**
 * @import { Attached } from './draft.js'
 * @import { Revealed } from '../clean/bytes.js'
 * @import { Parts } from './visit.js'
 */
/** @typedef {'original' | 'clean'} Metadata which of the two is sent */

const SLOW_LIMIT = 20_000_000; // bytes, told
const LARGE = 10_000_000; // bytes: minutes and money on a phone's connection
const PICTURE = /^image\/(?!svg)/;
const DOCUMENT = /^(docx|xlsx|pptx|pdf)$/;
/**
 * @param {Metadata} metadata
 * @param {{ending: string}} clean
 */
const why = (metadata, { ending }) => {
  if (metadata === 'original') return 'files.original-why';
  return DOCUMENT.test(ending) ? 'files.clean-office-why' : 'files.clean-why';
};
/**
 * A small picture of a photo, made in this page; where the browser cannot show it there is none.
 * @param {File} file
 */
function thumbnail(file) {
  if (!PICTURE.test(file.type)) return null;
  const address = URL.createObjectURL(file);
  const picture = make('img', { class: 'thumb', alt: '', src: address });
  for (const name of ['load', 'error']) picture.addEventListener(name, () => URL.revokeObjectURL(address));
  picture.addEventListener('error', () => picture.replaceWith(icon('photo')));
  return picture;
}

/** @type {Record<string, string>} */
const CANNOT = { pdf: 'files.cannot-clean-pdf' };

/**
 * `onAdded()` when what will be sent is known of a file that was added elsewhere.
 * @param {Parts & {onAdded: () => void}} o
 */
export function makeFilesScreen({ screens, visit, speaker, subtle, gone, onAdded }) {
  const section = screens.section('files');
  const list = one('[data-files]', section);
  /** @type {HTMLInputElement[]} */
  const inputs = [one('[data-choose]', section), one('[data-camera]', section)];
  const large = one('[data-large]', section);
  let hurried = ''; // the screen on which it was said that a file is still looked into
  /** @type {Attached | undefined} */
  let newest; // the first of those that were added last

  /**
   * "It tells: the place (48.9, 2.3), the time (…)."
   * @param {Revealed} revealed
   * @returns {string[]}
   */
  const whatItTells = ({ place, time, device, author, other }) => {
    const things = /** @type {string[]} */ (
      [
        place && speaker.say('files.place', { place: place.map((n) => n.toFixed(4)).join(', ') }),
        time && speaker.say('files.time', { time: String(time) }),
        device && speaker.say('files.device', { device }),
        author && speaker.say('files.author', { name: author }),
        other && speaker.say('files.other'),
      ].filter(Boolean)
    );
    return things.length > 0 ? things : [speaker.say('files.tells-nothing')];
  };

  /**
   * @param {Attached} attachment
   * @param {Metadata} metadata
   * @param {number} n
   */
  const choice = (attachment, metadata, n) => {
    const radio = make('input', {
      type: 'radio',
      name: `file-${n}`,
      value: metadata,
      autocomplete: 'off',
    });
    radio.checked = attachment.metadata === metadata;
    radio.addEventListener('change', () => attachment.choose(metadata));
    return make(
      'label',
      { class: 'choice slim' },
      radio,
      icon(metadata === 'clean' ? 'lock' : 'eye'),
      make(
        'span',
        { class: 'says' },
        make('b', {}, speaker.say(`files.${metadata}`)),
        make('small', {}, speaker.say(why(metadata, /** @type {{ending: string}} */ (attachment.clean)))),
      ),
    );
  };

  /**
   * @param {Attached} attachment
   * @param {number} n
   */
  const details = (attachment, n) => {
    if (attachment.examining) return [make('p', { class: 'hint' }, speaker.say('files.looking'))];
    const note = (/** @type {string} */ key) => make('p', { class: 'note', 'data-cannot': '' }, speaker.say(key));
    if (attachment.kind === 'voice-changed') return [note('files.voice-changed')];
    if (attachment.isUnreached) {
      const again = make('button', { type: 'button', 'data-action': 'look-again' }, speaker.say('files.look-again'));
      again.addEventListener('click', () => {
        lookAgain([attachment]);
        inputs[0].focus({ preventScroll: true });
      });
      return [note('trouble.unreachable'), again];
    }
    if (attachment.kind === 'voice') {
      return [note('files.voice'), ...(attachment.clean ? [] : [note('files.cannot-clean')])];
    }
    const revealed = attachment.revealed ? whatItTells(attachment.revealed).map((each) => make('li', {}, each)) : [];
    if (!attachment.clean) {
      const key = CANNOT[/** @type {string} */ (attachment.kind)] ?? 'files.cannot-clean';
      const list = revealed.length > 0 ? [make('ul', { class: 'tells' }, ...revealed)] : [];
      return [...list, note(key)];
    }
    return [
      make('ul', { class: 'tells', 'data-tells': '' }, ...revealed),
      make(
        'div',
        { class: 'choices', role: 'radiogroup', 'aria-label': attachment.file.name },
        choice(attachment, 'clean', n),
        choice(attachment, 'original', n),
      ),
    ];
  };

  /**
   * @param {Attached} attachment
   * @param {number} n
   */
  const row = (attachment, n) => {
    const { size } = attachment.file;
    const name = attachment.title(speaker);
    const remove = make(
      'button',
      {
        type: 'button',
        class: 'quiet',
        'aria-label': speaker.say('files.remove', { name }),
        'data-action': 'remove-file',
      },
      icon('bin'),
    );
    remove.addEventListener('click', () => {
      visit.draft.removeFile(attachment);
      show();
      inputs[0].focus();
    });
    const head = make(
      'div',
      { class: 'file' },
      thumbnail(attachment.file) ?? icon(attachment.kind?.startsWith('voice') ? 'voice' : 'file'),
      make('span', { class: 'says' }, make('b', { dir: 'auto' }, name), make('small', {}, speaker.bytes(size))),
      remove,
    );
    return make('li', { 'data-file': name }, head, ...details(attachment, n));
  };

  const show = () => {
    list.replaceChildren(...visit.draft.files.map(row));
    const size = visit.draft.files.reduce((sum, each) => sum + each.blob.size, 0);
    large.textContent = size < LARGE ? '' : speaker.say('files.large', { size: speaker.bytes(size) });
  };
  /**
   * What a photo gives away stands beside it: there one looks next.
   * @param {Attached | undefined} attachment
   */
  const lookAt = (attachment) => {
    const at = attachment ? visit.draft.files.indexOf(attachment) : -1;
    if (at >= 0 && screens.current === 'files') list.children[at].scrollIntoView({ block: 'start' });
  };
  /**
   * Only what is new about one: whoever is choosing for another stays where they are.
   * @param {Attached} attachment
   */
  const showOne = (attachment) => {
    const n = visit.draft.files.indexOf(attachment);
    list.children[n].replaceWith(row(attachment, n));
  };

  /** @param {Attached} attachment */
  const look = async (attachment) => {
    attachment.examining = true;
    attachment.isUnreached = false;
    const { draft } = visit;
    const looked = examine(attachment.file);
    attachment.looked = looked;
    const { revealed, clean, ending, kind, isUnreached } = await looked;
    attachment.examining = false;
    attachment.isUnreached = isUnreached;
    if (!draft.files.includes(attachment)) return; // removed meanwhile, or the page was left
    attachment.revealed = revealed;
    attachment.kind ??= kind;
    if (clean) {
      attachment.clean = { blob: clean, ending: /** @type {string} */ (ending) };
      attachment.choose('clean');
    }
    const isLeft = unlooked().length > 0;
    if (hurried) screens.problem(hurried, isLeft ? speaker.say('trouble.unreachable') : '');
    if (!isLeft) hurried = '';
    showOne(attachment);
    if (attachment === newest) lookAt(newest);
    onAdded();
  };

  /** @param {Attached[]} attachments */
  const lookAgain = (attachments) => {
    for (const each of attachments) {
      look(each);
      showOne(each);
    }
  };
  const unlooked = () => visit.draft.files.filter((each) => each.isUnreached);
  addEventListener('online', () => lookAgain(unlooked()), { signal: gone });

  /** @param {File[]} files */
  const add = (files) => {
    screens.problem('files', '');
    hurried = '';
    newest = undefined;
    for (const file of files) {
      try {
        const attachment = visit.draft.addFile(file, subtle, speaker);
        newest ??= attachment;
        look(attachment);
      } catch (error) {
        screens.problem('files', sentence(error, speaker));
      }
    }
    show();
    lookAt(newest);
  };
  list.addEventListener('focusin', () => {
    newest = undefined; // who chooses for one file is not taken to another
  });

  for (const input of inputs) {
    input.addEventListener('change', () => {
      add([.../** @type {FileList} */ (input.files)]);
      input.value = ''; // so that the same file can be chosen again
    });
  }
  section.addEventListener('drop', (event) => add([.../** @type {DataTransfer} */ (event.dataTransfer).files]));
  screens.onArrive('files', () => {
    if (!subtle)
      one('[data-slow]', section).textContent = speaker.say('files.slow', { limit: speaker.bytes(SLOW_LIMIT) });
    show();
  });
  // Of a file that was being looked into when the language changed, the screen before hears.
  for (const each of visit.draft.files) each.looked?.then(() => breathe()).then(show);

  /**
   * A recording of this page: it tells nothing but the voice, once the browser's notes (when it was
   * recorded, with what) are out of it; the reporter is not asked about those. One that was changed was written by this
   * page, and has none.
   * @param {File} file
   * @param {boolean} isChanged
   */
  const addVoice = (file, isChanged) => {
    try {
      const attachment = visit.draft.addFile(file, subtle, speaker);
      attachment.kind = isChanged ? 'voice-changed' : 'voice';
      if (isChanged) {
        attachment.clean = { blob: file, ending: 'wav' };
        attachment.choose('disguised');
      } else look(attachment);
    } catch (error) {
      screens.problem('text', sentence(error, speaker));
    }
    show();
    onAdded();
  };

  /**
   * Not while a file is still looked into: what would be sent is not known yet. One for which that could not be
   * loaded is tried again: no photo goes with its place because a network was gone for a moment.
   * @param {string} step the screen that says so
   */
  const ready = (step) => {
    lookAgain(unlooked());
    if (!visit.draft.files.some((each) => each.examining)) return true;
    screens.problem(step, speaker.say('files.looking'));
    hurried = step;
    return false;
  };
  return { ready, addVoice };
}
