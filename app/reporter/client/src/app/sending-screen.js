// "Sending": how far it is, in words; what stopped it; going on from there.

import { newEntropy } from '../protocol/receipt.js';
import { systemRng } from '../protocol/random.js';
import { deliver } from './deliver.js';
import { breathe, onAction, one, whenOnline } from './dom.js';
import { isStop } from './stopping.js';
import { FewReaders, sentence, Trouble } from './trouble.js';

/**
 * @import { Tell } from './deliver.js'
 * @import { FewDesk } from './trouble.js'
 * @import { Parts } from './visit.js'
 */

const FULL = 1000;
// How the bar is shared when there are files: they take nearly all of the time.
const FILES_SHARE = 0.9;
const LONG_MS = 30_000;
const PACE_SECONDS = 3;

/**
 * `onReread()` leads to the choice of desks, where what they say is read again.
 * @param {Parts & {onSent: () => void, onBack: () => void, onReread: () => void}} parts
 */
export function makeSendingScreen(parts) {
  const { screens, visit, page, speaker, service, core, work, lists, gone, onSent, onBack, onReread } = parts;
  const section = screens.section('sending');
  const now = one('[data-sending-now]', section);
  const detail = one('[data-sending-detail]', section);
  /** @type {HTMLProgressElement} */
  const bar = one('[data-sending-bar]', section);
  const again = one('[data-action="again"]', section);
  const pause = one('[data-action="pause"]', section);
  /** @type {(() => void) | null} */
  let stopSending = null;
  let waitsForNetwork = false;
  let mustReread = false; // does a chosen desk say something else now?
  /** @type {FewDesk[]} */
  let fewDesks = []; // desks of which few can read: pressing the button again is the person's yes
  let amount = ''; // how much of the files was sent, in words
  /** @type {{since: number, sent: number} | null} */
  let pace = null; // when and at how many bytes this attempt began

  /**
   * How long the files still take, as fast as they went until now; nothing said too early.
   * @param {{number: number, done: number}} file
   */
  const timeLeft = ({ number, done }) => {
    const sizes = visit.draft.files.map(({ blob }) => blob.size);
    const sent = sizes.slice(0, number - 1).reduce((sum, size) => sum + size, done);
    const left = sizes.reduce((sum, size) => sum + size, -sent);
    pace ??= { since: performance.now(), sent };
    const seconds = (performance.now() - pace.since) / 1000;
    if (seconds < PACE_SECONDS || sent === pace.sent || left === 0) return '';
    const minutes = Math.ceil((left * seconds) / (sent - pace.sent) / 60);
    return speaker.count('sending.left', Math.max(1, minutes));
  };

  /** @type {Tell} */
  const tell = (stage, values) => {
    const share = visit.draft.files.length > 0 ? FILES_SHARE : 0;
    let fraction = 0;
    if (stage === 'file') {
      const { number, total, name, done, size } = values;
      fraction = (share * (number - 1 + values.fraction)) / total;
      now.textContent = speaker.say('sending.file', { number, total, name });
      amount = speaker.say('sending.file-detail', {
        done: speaker.bytes(done),
        size: speaker.bytes(size),
        percent: Math.floor(values.fraction * 100),
      });
      detail.textContent = [amount, timeLeft(values)].filter(Boolean).join(' · ');
      screens.announcer.progress(`${now.textContent}. ${detail.textContent}`);
    } else if (stage === 'working') {
      const minutes = Math.ceil(values.msLeft / 60_000);
      const key = values.msLeft > LONG_MS ? 'sending.working-long' : 'sending.working';
      fraction = bar.value / FULL;
      now.textContent = speaker.say(key, { minutes, percent: Math.floor(values.fraction * 100) });
      detail.textContent = '';
      screens.announcer.progress(now.textContent);
    } else {
      fraction = stage === 'locking' ? share + ((1 - share) * values.number) / values.total : 1;
      now.textContent = speaker.say(`sending.${stage}`, values);
      detail.textContent = '';
      screens.announcer.progress(now.textContent);
    }
    bar.value = Math.round(fraction * FULL);
  };

  /**
   * @param {string} how
   * @param {string} label
   */
  const offer = (how, label) => {
    now.textContent = speaker.say(how);
    detail.textContent = amount; // no time is left to tell
    again.textContent = speaker.say(label);
    again.hidden = false;
    pause.hidden = true;
  };

  /** @param {unknown} error */
  const stopped = (error) => {
    fewDesks = error instanceof FewReaders ? error.desks : [];
    mustReread = error instanceof Trouble && error.code === 'desk-changed';
    if (fewDesks.length > 0) offer('sending.few', 'sending.now');
    else if (mustReread) offer('sending.stopped', 'sending.reread');
    else offer('sending.stopped', 'sending.again');
    waitsForNetwork = error instanceof Trouble && error.code === 'unreachable';
    screens.problem('sending', sentence(error, speaker));
  };

  const send = async () => {
    again.hidden = true;
    pause.hidden = visit.draft.files.length === 0;
    waitsForNetwork = mustReread = false;
    pace = null;
    amount = '';
    screens.problem('sending', '');
    now.textContent = speaker.say('sending.start');
    detail.textContent = '';
    bar.value = 0;
    await visit.run(async (signal, stop) => {
      stopSending = stop;
      try {
        await breathe(); // the screen first, then the keys
        if (!visit.code) {
          visit.become(newEntropy(systemRng));
          // The words of the code are there when it is shown, should the network go after sending.
          if (page.words) lists.own().catch(() => {});
        }
        await deliver({ service, core, work, page, visit, speaker, tell, signal });
      } catch (error) {
        if (!isStop(error)) stopped(error);
        return;
      }
      stopSending = null;
      onSent();
    });
  };

  screens.onArrive('sending', send);
  onAction(section, 'pause', () => {
    stopSending?.();
    offer('sending.paused', 'sending.go-on');
    again.focus();
  });
  whenOnline(gone, () => {
    if (waitsForNetwork && screens.current === 'sending') send();
  });
  onAction(section, 'again', () => {
    if (mustReread) {
      mustReread = false;
      onReread();
      return;
    }
    for (const { id, now: few } of fewDesks) visit.draft.agreed.set(id, few);
    fewDesks = [];
    one('h1', section).focus();
    send();
  });
  onAction(section, 'stop', () => {
    stopSending?.();
    onBack();
  });
}
