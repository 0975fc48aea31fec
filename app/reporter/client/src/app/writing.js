// The way through writing: which screen follows which. Going back loses nothing; "Change" on the
// last screen leads to one part and straight back.

import { makeDeskChoice } from './desk-choice.js';
import { onAction } from './dom.js';
import { makeFilesScreen } from './files-screen.js';
import { makeQuestionScreens } from './questions-screens.js';
import { makeReviewScreen } from './review-screen.js';
import { makeSendingScreen } from './sending-screen.js';
import { makeTextScreen } from './text-screen.js';

/** @import { Parts } from './visit.js' */
/** @typedef {ReturnType<typeof makeWriting>} Writing */

/**
 * `onSent(kind)` when it has arrived; `onCancel(kind)` when one goes back from the first screen.
 * @param {Parts & {onSent: (kind: string) => void, onCancel: (kind: string) => void, onVoice: (() => void) | null}}
 *   parts
 */
export function makeWriting(parts) {
  const { screens, visit, work, onSent, onCancel } = parts;
  let changing = false;

  const { questions, forget } = makeQuestionScreens(parts);
  /** @param {boolean} more */
  const questionSteps = (more) =>
    questions.filter((each) => each.more === more).flatMap(({ before, step }) => (before ? [before, step] : [step]));
  const steps = () => {
    const { kind, wantsMore } = visit.draft;
    if (kind !== 'report') return ['desks', 'text', 'files', 'review'];
    const more = screens.has('more') ? ['more', ...(wantsMore ? questionSteps(true) : [])] : [];
    return ['desks', 'text', ...questionSteps(false), ...more, 'files', 'review'];
  };
  /** @param {string} step */
  const show = (step) => {
    const way = steps();
    if (step !== 'desks') work.prepare(); // ready by the time one sends
    screens.show(step, { place: { number: way.indexOf(step) + 1, total: way.length } });
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

  const files = makeFilesScreen(parts);
  /** @type {Record<string, {ready: () => boolean}>} */
  const screensWithChecks = {
    desks: makeDeskChoice({
      ...parts,
      step: 'desks',
      missing: 'desk.choose',
      chosen: () => visit.draft.desks,
    }),
    text: makeTextScreen(parts),
    files,
    ...Object.fromEntries(questions.map((each) => [each.step, each])),
  };
  const review = makeReviewScreen({
    ...parts,
    questions,
    onChange(step) {
      changing = true;
      show(step);
    },
  });
  makeSendingScreen({
    ...parts,
    onBack: () => (visit.draft.from ? screens.show(visit.draft.from) : show('review')),
    onSent: () => {
      const { kind } = visit.draft;
      visit.draft.wipe();
      onSent(kind);
    },
  });

  for (const step of ['desks', 'text', 'files', ...questionSteps(false), ...questionSteps(true)]) {
    const section = screens.section(step);
    onAction(section, 'next', () => {
      if (screensWithChecks[step]?.ready() ?? true) move(step, 1);
    });
    onAction(section, 'back', () => move(step, -1));
    onAction(section, 'skip', () => {
      forget(step);
      move(step, step.startsWith('before-') ? 2 : 1);
    });
    onAction(section, 'enough', () => {
      if (screensWithChecks[step].ready()) show(changing ? 'review' : 'files');
      changing = false;
    });
  }
  if (screens.has('more')) {
    const section = screens.section('more');
    const answer = (/** @type {boolean} */ wantsMore) => {
      visit.draft.wantsMore = wantsMore;
      changing = false;
      move('more', 1);
    };
    onAction(section, 'next', () => answer(true));
    onAction(section, 'skip', () => answer(false));
    onAction(section, 'back', () => move('more', -1));
  }
  const section = screens.section('review');
  onAction(section, 'back', () => move('review', -1));
  onAction(section, 'send', () => {
    if (review.ready()) screens.show('sending');
  });

  return {
    /** Begin, or go on with what is already there. */
    start() {
      changing = false;
      show('desks');
    },
    /**
     * Back from the recording of a voice note, with it or without.
     * @param {File | null} file
     */
    withVoice(file) {
      show('files');
      if (file) files.addVoice(file);
    },
  };
}
