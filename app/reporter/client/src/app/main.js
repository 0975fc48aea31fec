// The reporter's page. Wiring only: which part talks to which. Every page of the site runs this;
// those without screens (languages, help) only get the exit and the quiet fetch.

import { makeLanguages } from './another-language.js';
import { makeCore } from './core.js';
import { makeCountry } from './country.js';
import { one } from './dom.js';
import { installExit } from './exit.js';
import { planIdleFetch } from './idle.js';
import { makeLater } from './later.js';
import { makeLists } from './lists.js';
import { installOnDemand } from './on-demand.js';
import { readPage, speaker as makeSpeaker } from './page.js';
import { exitAddress, maySend } from './place.js';
import { service } from './service.js';
import { makeVisit } from './visit.js';
import { makeWay } from './way.js';

const page = readPage(document);
const speaker = makeSpeaker(page);
const visit = makeVisit(page.lang);
const core = makeCore();
const lists = makeLists(service, page);
/** @type {ReturnType<typeof makeWay> | null} */
let way = null;
installOnDemand({ page, speaker, core, visit });

installExit({
  document,
  address: () => exitAddress(location, page),
  speaker,
  wipe() {
    dispatchEvent(new Event('wipe'));
    core.end(); // first: it may be at work on a copy
    visit.wipe();
    way?.wipe();
  },
});

const later = makeLater({
  page,
  core,
  onScreens: (sections) => way?.adopt(sections), // without screens: thrown away
  onLoaded: (wire) => way?.wire(wire),
});
const callOff = maySend(location) ? planIdleFetch({ service, core, lists, page, later }) : () => {};
const country = makeCountry({ visit, page });

if (one('[data-step="safety"]')) {
  way = makeWay({ page, speaker, visit, service, core, lists, later, country, callOff });
  const languages = makeLanguages({ page, speaker, visit, later, onChanged: way.again });
  document.addEventListener('click', (event) => {
    const link = /** @type {Element} */ (event.target).closest('a[lang]');
    if (!link || !maySend(location)) return;
    event.preventDefault();
    languages.change(/** @type {string} */ (link.getAttribute('lang')));
  });
}

document.addEventListener('keydown', (event) => {
  /** @type {HTMLDetailsElement | null} */
  const open = document.querySelector('.settings[open]');
  if (event.key !== 'Escape' || !open) return;
  open.open = false;
  one('summary', open).focus();
});

// From one page of the site to the next without a trail of entries in the history.
document.addEventListener('click', (event) => {
  const link = /** @type {Element} */ (event.target).closest('a[data-inside], a[lang]');
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  location.replace(/** @type {HTMLAnchorElement} */ (link).href);
});

// Pressed before this script was there: the address remembers it, and forgets it now.
const pressed = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
way?.early(pressed);
