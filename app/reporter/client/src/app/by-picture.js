// Going by pictures: each button gets a large picture with its words small below it (pages/by-picture.css),
// the way is the short one, and the code is shown in numbers. Chosen on the first screen by its picture, and
// remembered by this document alone.

import { all, icon, make, one } from './dom.js';

const MODE = 'by-picture';
const SVG = 'http://www.w3.org/2000/svg';
/** @type {Record<string, string>} beside those of pages/icons.svg */
const DRAWN = {
  again: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3l2.2 2.2M19.5 4v4.9h-4.9',
  next: 'M4.5 12h15M14 6.5 19.5 12 14 17.5',
  skip: 'm5 6.5 5.5 5.5L5 17.5M13 6.5l5.5 5.5-5.5 5.5',
  send: 'm3.5 11.5 17-7.5-6 16.5-3.5-7zM11 13.5l9.5-9.5',
};
/** The same picture for the same act, on every screen; the first that fits a button is its own.
 * @type {[string, string][]} */
const PICTURES = [
  ['[data-step="desks"] [data-action="next"], [data-action="send"], [data-action="send-now"]', 'send'],
  ['[data-step="receipt"] [data-action="next"], [data-step="files"] [data-action="next"]', 'check'],
  ['[data-action="keep"], [data-action="check"]', 'check'],
  ['[data-action="next"]', 'next'],
  ['[data-action="skip"]', 'skip'],
  ['[data-action="look"]', 'eye'],
  ['[data-action="no-code"], [data-action="stop"]', 'no'],
  ['[data-action="back-to-code"]', 'key'],
  ['[data-action="again"]', 'again'],
  ['[data-action="leave"]', 'exit'],
];
/** @type {[string, string][]} */
const SIGNS = [
  ['as-words', 'Abc'],
  ['as-numbers', '123'],
];

/** @param {string} name */
const pic = (name) => {
  const drawn = icon(name);
  drawn.classList.add('pic');
  return drawn;
};

/** Draw what is not drawn yet: screens come later, and anew in another language. */
function draw() {
  const main = one('main');
  for (const [selector, name] of PICTURES) {
    for (const button of all(selector, main)) if (!one('.icon', button)) button.prepend(pic(name));
  }
  for (const [action, sign] of SIGNS) {
    for (const button of all(`[data-action="${action}"]`, main)) {
      if (!one('.pic', button)) button.prepend(make('span', { class: 'pic', 'aria-hidden': 'true' }, sign));
    }
  }
  const write = one('[data-action="write"]', main);
  if (write && !one('.pic', write)) {
    write.prepend(pic('voice'));
    one('span', write).before(pic('photo'));
  }
  const text = one('#text', main);
  if (text && !text.previousElementSibling?.matches('.pic')) text.before(pic('pencil'));
}

const tell = () => {
  const on = document.documentElement.classList.contains(MODE);
  for (const each of all('[data-part="by-picture"]')) each.setAttribute('aria-pressed', String(on));
};

/** Once: the drawings, the stylesheet, and a look at what is put into the page afterwards. */
function begin() {
  for (const [name, d] of Object.entries(DRAWN)) {
    const symbol = document.createElementNS(SVG, 'symbol');
    symbol.id = `i-${name}`;
    symbol.setAttribute('viewBox', '0 0 24 24');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    symbol.append(path);
    one('.sprite').append(symbol);
  }
  document.head.append(make('link', { rel: 'stylesheet', href: '/assets/by-picture.css' }));
  const main = one('main');
  new MutationObserver(() => {
    draw();
    tell();
  }).observe(main, { childList: true });
}

let begun = false;

/** Change it. */
export function press() {
  if (!begun) begin();
  begun = true;
  document.documentElement.classList.toggle(MODE);
  draw();
  tell();
}
