// How far a copy is, while one is made; once that has changed, this part of the page is made anew. What is asked
// here counts as nobody at work, so that a copy keeps no console open.
import { call, here } from './calls.js';
import { one, parse } from './dom.js';

const LOOK_MS = 1000;

/** @returns {HTMLElement | null} */
const part = () => one('#copy-state');

export function startBackup() {
  if (part()?.dataset.copyWorking === '1') setTimeout(look, LOOK_MS);
}

async function look() {
  try {
    await show();
  } catch {
    // Asked again: the console is busy, or begins anew.
  }
  startBackup();
}

async function show() {
  const old = part();
  if (!old) return;
  const answer = await call(`${old.dataset.copyFrom}/state`);
  if (!answer.ok) return;
  const said = await answer.json();
  if (said.key !== old.dataset.copyKey) {
    const page = await call(here());
    const fresh = page.ok ? one('main', parse(await page.text())) : null;
    // All of it: what may be done next stands beside it.
    if (fresh) one('main').replaceWith(document.importNode(fresh, true));
    return;
  }
  const words = one('[data-copy-words]', old);
  if (words.textContent !== said.words) words.textContent = said.words;
  /** @type {HTMLProgressElement} */
  const bar = one('[data-copy-percent]', old);
  bar.value = said.percent;
}
