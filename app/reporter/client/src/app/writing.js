// The way through writing: which screen follows which. Going back loses nothing; "Change" on the
// last look leads to one part and straight back. "Send now" goes from the words to who reads them.

import { makeDangerChoice, saysDanger } from './danger-choice.js';
import { makeDeskChoice } from './desk-choice.js';
import { onAction } from './dom.js';
import { makeFilesScreen } from './files-screen.js';
import { makeQuestionScreens } from './questions-screens.js';
import { makeReviewScreen } from './review-screen.js';
import { makeSendingScreen } from './sending-screen.js';
import { makeTextScreen } from './text-screen.js';

/**
 * @import { Question } from './questions-screens.js'
 * @import { Place } from './screens.js'
 * @import { Parts } from './visit.js'
 */
/** @typedef {ReturnType<typeof makeWriting>} Writing */

const ANEW = 'safe_to_reply'; // may be otherwise each time somebody comes back

/**
 * Those asked of everybody who writes a report, or of who comes back and writes more.
 * @template {{id: string, more: boolean}} Q
 * @param {Q[]} questions
 * @param {string} kind
 * @returns {Q[]}
 */
export const firstOf = (questions, kind) =>
  questions.filter(({ id, more }) => !more && (kind === 'report' || id === ANEW));

/**
 * `onSent(kind)` when it has arrived; `onCancel(kind)` when one goes back from the first screen;
 * `onVoice()` when the person wants to speak, null where the browser cannot record.
 * `onMore(then)` before the first of the further questions, `onFiles(tell, then)` before files are added: what
 * they say comes later than the page.
 * @param {Parts & {onSent: (kind: string) => void, onCancel: (kind: string) => void, onVoice: (() => void) | null,
 *   onMore: (then: () => void) => void, onFiles: (tell: (words: string) => void, then: () => void) => void}} parts
 */
export function makeWriting(parts) {
  const { screens, visit, speaker, work, onSent, onCancel, onMore, onFiles } = parts;
  let changing = false;

  const { questions, adopt, forget } = makeQuestionScreens(parts);
  adopt();
  /** @param {Question[]} some */
  const stepsOf = (some) => some.flatMap(({ before, step }) => (before ? [before, step] : [step]));
  /** @param {Question[]} some */
  const openSteps = (some) => stepsOf(some.filter((each) => each.isOpen()));
  const first = () => firstOf(questions, visit.draft.kind);
  const further = () => questions.filter(({ more }) => more);
  const steps = () => {
    const { kind, short, wantsMore } = visit.draft;
    if (short) return ['text', 'desks'];
    const asksMore = kind === 'report' && screens.has('more');
    const more = asksMore ? ['more', ...(wantsMore ? openSteps(further()) : [])] : [];
    return ['text', ...openSteps(first()), ...more, 'desks'];
  };
  /**
   * Where a step is, out of a number that never grows: the further questions are counted apart, all of
   * them, whether or not they will be asked.
   * @param {string} step
   * @returns {Place | null}
   */
  const placeOf = (step) => {
    const way = ['text', ...stepsOf(first()), 'desks'];
    if (way.includes(step)) return { number: way.indexOf(step) + 1, total: way.length };
    const rest = further();
    const at = rest.findIndex((each) => each.step === step || each.before === step);
    return at < 0 ? null : { number: at + 1, total: rest.length, key: 'step.more' };
  };
  /** @param {string} step */
  const show = (step) => {
    work.prepare(); // ready by the time one sends
    screens.show(step, { place: placeOf(step) });
  };
  /**
   * @param {string} from
   * @param {number} by
   */
  const move = (from, by) => {
    if (changing) {
      changing = false;
      show('review');
      return;
    }
    const next = steps()[steps().indexOf(from) + by];
    if (next) show(next);
    else onCancel(visit.draft.kind);
  };

  /** @param {string} from the screen that says what goes wrong */
  const showFiles = (from) =>
    onFiles(
      (words) => screens.problem(from, words),
      () => show('files'),
    );

  const text = makeTextScreen({ ...parts, onFiles: () => showFiles('text') });
  /** @type {ReturnType<typeof makeFilesScreen> | null} */
  let files = null; // its screen comes later
  const desks = makeDeskChoice({
    ...parts,
    step: 'desks',
    missing: 'desk.choose',
    chosen: () => visit.draft.desks,
  });
  const danger = makeDangerChoice(parts);
  screens.onArrive('desks', () => {
    danger.show();
    desks.look();
  });
  /** @type {Record<string, {ready: () => boolean}>} */
  const screensWithChecks = {
    text: { ready: () => (files?.ready('text') ?? true) && text.ready() },
  };
  const review = makeReviewScreen({
    ...parts,
    questions,
    onChange(step) {
      changing = true;
      if (step === 'files') showFiles('review');
      else show(step);
    },
  });
  makeSendingScreen({
    ...parts,
    onBack: () => (visit.draft.from ? screens.show(visit.draft.from) : show('review')),
    onReread: () => (visit.draft.from ? screens.show(visit.draft.from) : show('desks')),
    onSent: () => {
      const { kind } = visit.draft;
      visit.saidDanger = saysDanger(visit.draft);
      visit.draft.wipe();
      onSent(kind);
    },
  });

  /** @param {string} step */
  const wire = (step) => {
    const section = screens.section(step);
    onAction(section, 'next', () => {
      if (!(screensWithChecks[step]?.ready() ?? true)) return;
      if (step === 'text') visit.draft.short = false;
      move(step, 1);
    });
    onAction(section, 'back', () => move(step, -1));
    onAction(section, 'skip', () => {
      forget(step);
      move(step, step.startsWith('before-') ? 2 : 1);
    });
    onAction(section, 'enough', () => {
      if (screensWithChecks[step].ready()) show(changing ? 'review' : 'desks');
      changing = false;
    });
  };
  /** @param {Question[]} come */
  const wireQuestions = (come) => {
    for (const each of come) screensWithChecks[each.step] = each;
    for (const step of stepsOf(come)) wire(step);
  };
  wire('text');
  wireQuestions(questions);
  if (screens.has('more')) {
    const section = screens.section('more');
    const answer = (/** @type {boolean} */ wantsMore) => {
      visit.draft.wantsMore = wantsMore;
      changing = false;
      move('more', 1);
    };
    onAction(section, 'next', () => onMore(() => answer(true)));
    onAction(section, 'skip', () => answer(false));
    onAction(section, 'back', () => move('more', -1));
  }
  /**
   * Is there something to send? If not, says so on that screen.
   * @param {string} step
   */
  const filled = (step) => {
    if (visit.draft.isEmpty()) screens.problem(step, speaker.say('review.empty'));
    return !visit.draft.isEmpty();
  };
  onAction(screens.section('text'), 'send-now', () => {
    if (!screensWithChecks.text.ready() || !filled('text')) return;
    visit.draft.short = true;
    changing = false;
    show('desks');
  });
  const adoptFiles = () => {
    if (files) return;
    const added = makeFilesScreen({ ...parts, onAdded: text.tellAdded });
    onAction(screens.section('files'), 'next', () => {
      if (!added.ready('files')) return;
      show(changing ? 'review' : 'text');
      changing = false;
    });
    files = added;
  };
  // A file dropped where none is taken must not open in the browser, in place of this page.
  for (const name of ['dragover', 'drop']) {
    document.addEventListener(name, (event) => event.preventDefault(), { signal: parts.gone });
  }
  onAction(screens.section('desks'), 'back', () => move('desks', -1));
  onAction(screens.section('desks'), 'look', () => {
    changing = false;
    show('review');
  });
  onAction(screens.section('desks'), 'next', () => {
    if (desks.ready() && filled('desks')) screens.show('sending');
  });
  onAction(screens.section('review'), 'back', () => show('desks'));
  onAction(screens.section('review'), 'send', () => {
    if (review.ready()) screens.show('sending');
  });

  return {
    /** Begin, or go on with what is already there. */
    start() {
      changing = false;
      show('text');
    },
    /**
     * Show a step again, as after a change of the language. Not one of ours: false.
     * @param {string} step
     */
    resume(step) {
      const own = [...steps(), 'files', 'review', 'more'].includes(step);
      if (own) show(step);
      return own;
    },
    /** Take in the screens that have come to the page: files, further questions. */
    adopt() {
      adoptFiles();
      wireQuestions(adopt());
    },
    /**
     * Back from the recording of a voice note, with it or without.
     * @param {File | null} file
     * @param {boolean} [isChanged] is it another voice than theirs?
     */
    withVoice(file, isChanged = false) {
      show('text');
      if (file) files?.addVoice(file, isChanged);
    },
  };
}
