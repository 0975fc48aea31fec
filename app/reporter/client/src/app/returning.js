// The way back in: code → looking → answers → writing more.

import { check } from './check.js';
import { breathe, onAction, one } from './dom.js';
import { makeAnswersScreen } from './answers-screen.js';
import { makeCodeScreen } from './code-screen.js';
import { makeDeleting } from './deleting.js';
import { makeProofScreens } from './proof-screens.js';
import { makeRequests } from './requests.js';
import { isStop } from './stopping.js';
import { readingSentence } from './trouble.js';

/** @import { Parts } from './visit.js' */
/** @typedef {ReturnType<typeof makeReturning>} Returning */

const FULL = 1000;
const STANDING = new Set(['code', 'help', 'sent', 'proof', 'prove', 'voice']); // they show nothing that came

/**
 * `onWriteMore()` when the person wants to write; `onBack()` from the code screen.
 * @param {Parts & {onWriteMore: () => void, onBack: () => void, onCheck: () => void}} parts
 */
export function makeReturning(parts) {
  const { screens, visit, page, speaker, service, core, onWriteMore, onBack, onCheck } = parts;
  const section = screens.section('checking');
  const now = one('[data-checking-now]', section);
  /** @type {HTMLProgressElement} */
  const bar = one('[data-checking-bar]', section);
  const again = one('[data-action="again"]', section);
  const answers = makeAnswersScreen(parts);
  const backToAnswers = () => screens.show('answers');
  const requests = makeRequests({ ...parts, onCancel: backToAnswers });
  const proofs = makeProofScreens({ ...parts, onCancel: backToAnswers });
  makeDeleting({ ...parts, onDone: answers.showDeleted });
  /** @type {(() => void) | null} */
  let stopChecking = null;

  /**
   * @param {string} stage
   * @param {number} fraction
   */
  const tell = (stage, fraction) => {
    now.textContent = speaker.say(`checking.${stage}`, { percent: Math.floor(fraction * 100) });
    bar.value = Math.round(fraction * FULL);
    screens.announcer.progress(now.textContent);
  };

  const look = async () => {
    onCheck();
    again.hidden = true;
    screens.problem('checking', '');
    tell('fetching', 0);
    await visit.run(async (signal, stop) => {
      stopChecking = stop;
      try {
        await breathe();
        const result = await check({ service, core, page, visit, codes: visit.codes, tell, signal });
        visit.become(result.code);
        answers.show(result);
      } catch (error) {
        if (isStop(error)) return;
        now.textContent = '';
        again.hidden = false;
        screens.problem('checking', readingSentence(error, speaker));
      }
    });
  };

  makeCodeScreen({
    ...parts,
    onBack,
    onRead(read) {
      visit.codes = read;
      screens.show('checking');
    },
  });
  screens.onArrive('checking', look);
  onAction(section, 'again', look);
  onAction(section, 'stop', () => {
    stopChecking?.();
    screens.show('code');
  });

  const list = screens.section('answers');
  onAction(list, 'more', onWriteMore);
  onAction(list, 'look-again', () => screens.show('checking'));
  onAction(list, 'delete', () => screens.show('delete'));
  onAction(list, 'withdraw', requests.withdraw);
  onAction(list, 'letter', requests.letter);
  onAction(list, 'proof', proofs.start);

  return {
    start: () => screens.show('code'),
    /**
     * Show a screen again, as after a change of the language; what came for a code is looked for anew.
     * @param {string} step
     */
    resume(step) {
      if (STANDING.has(step)) screens.show(step === 'prove' ? 'proof' : step);
      else {
        if (visit.draft.from) visit.resume();
        screens.show('checking');
      }
    },
    wipe() {
      answers.wipe();
      proofs.wipe();
    },
  };
}
