// The reporter's page. Wiring only: which part talks to which. Every page of the site runs this;
// those without screens (languages, help) only get the exit and the quiet fetch.

import { makeCore } from './core.js';
import { all, breathe, onAction, one } from './dom.js';
import { installExit } from './exit.js';
import { planIdleFetch } from './idle.js';
import { makeLater } from './later.js';
import { makeLists } from './lists.js';
import { readPage, speaker as makeSpeaker } from './page.js';
import { canRecord, exitAddress, maySend } from './place.js';
import { makeReceiptScreen } from './receipt-screen.js';
import { makeAnnouncer, Screens } from './screens.js';
import { service } from './service.js';
import { makeVisit } from './visit.js';
import { sentence } from './trouble.js';
import { makeWork } from './work.js';
import { makeWriting } from './writing.js';

/**
 * @import { Loaded } from './later.js'
 * @import { Returning } from './returning.js'
 * @import { Voice } from './voice-screen.js'
 */

const page = readPage(document);
const speaker = makeSpeaker(page);
const visit = makeVisit(page.lang);
const core = makeCore();
const lists = makeLists(service, page);
const screens = new Screens(document, speaker, makeAnnouncer(one('[data-announcer]')));
const cleanups = [() => core.end(), () => visit.wipe()]; // the worker first: it may be at work on a copy
const subtle = globalThis.crypto?.subtle ?? null;

installExit({
  document,
  address: exitAddress(location, page),
  speaker,
  wipe: () => cleanups.forEach((clean) => clean()),
});

// From one page of the site to the next without a trail of entries in the history.
for (const link of /** @type {HTMLAnchorElement[]} */ (all('a[data-inside], a[data-language]'))) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    location.replace(link.href);
  });
}

const later = makeLater({ page, core, onLoaded: (loaded) => wireLater(loaded) });
const callOff = maySend(location) ? planIdleFetch({ service, core, lists, page, later }) : () => {};
/** @type {(loaded: Loaded) => void} */
let wireLater = () => {}; // pages without screens load them too, and throw them away

if (screens.has('safety')) {
  const work = makeWork({ service, core });
  const parts = { screens, visit, page, speaker, service, core, work, lists, subtle };
  const insecure = one('[data-insecure]');
  if (maySend(location)) breathe().then(core.prepare); // the first screen before the worker
  cleanups.push(() => work.wipe());

  /**
   * Do something with a screen that is loaded later; say so if it takes a moment, or fails.
   * @param {(text: string) => void} tell
   * @param {() => void} then
   */
  const withLater = async (tell, then) => {
    tell(speaker.say('loading'));
    try {
      await later.ready();
    } catch (error) {
      tell(sentence(error, speaker));
      return;
    }
    tell('');
    then();
  };
  /** @param {string} text */
  const tellFirst = (text) => {
    insecure.textContent = text;
  };
  /** @param {string} text */
  const tellFiles = (text) => screens.problem('files', text);

  /** @type {Voice | null} */
  let voice = null;
  /** @type {Returning | null} */
  let returning = null;
  const writing = makeWriting({
    ...parts,
    onVoice: canRecord() ? () => withLater(tellFiles, () => /** @type {Voice} */ (voice).start()) : null,
    onCancel: (kind) => screens.show(kind === 'report' ? 'safety' : 'answers'),
    onSent(kind) {
      tellDays();
      if (visit.draft.from) visit.resume();
      screens.show(kind === 'report' ? 'receipt' : 'sent');
    },
  });
  const receipt = makeReceiptScreen({ ...parts, onDone: () => screens.show('done') });
  cleanups.push(() => receipt.wipe());

  wireLater = ({ sections, wire }) => {
    screens.adopt(sections);
    ({ returning, voice } = wire({ parts, writing, onCheck: callOff }));
    cleanups.push(
      () => /** @type {Returning} */ (returning).wipe(),
      () => /** @type {Voice} */ (voice).wipe(),
    );
  };

  const tellDays = () => {
    const text = visit.messageDays ? speaker.count('days', visit.messageDays) : '';
    for (const place of all('[data-days]')) place.textContent = text;
  };

  const begin = (/** @type {() => void} */ start) => {
    if (maySend(location)) start();
    else tellFirst(speaker.say('trouble.insecure'));
  };
  /** @type {Record<string, () => void>} */
  const ways = {
    write: () => begin(() => writing.start()),
    return: () =>
      begin(() => {
        callOff();
        withLater(tellFirst, () => /** @type {Returning} */ (returning).start());
      }),
  };
  const safety = screens.section('safety');
  onAction(safety, 'write', ways.write);
  onAction(safety, 'return', ways.return);
  onAction(safety, 'help', () => withLater(tellFirst, () => screens.show('help')));

  // Pressed before this script was there: the address remembers it, and forgets it now.
  const early = ways[location.hash.slice(1)];
  history.replaceState(null, '', location.pathname);
  if (early) early();
}
