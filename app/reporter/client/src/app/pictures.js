// Going by pictures: each button is a large one with its words small below it (pages/listening.css),
// the way is the short one, and the code is shown in numbers. Chosen on the first screen by its
// picture; remembered by this document alone.

import { all } from './dom.js';

const MODE = 'by-picture';

/** Does this person go by the pictures? */
export const byPicture = () => document.documentElement.classList.contains(MODE);

/** Say on the button which way is chosen: in another language it is another button. */
export const tellMode = () => {
  for (const each of all('[data-by-picture]')) each.setAttribute('aria-pressed', String(byPicture()));
};

/** Let the button change it. */
export function installPictures() {
  document.addEventListener('click', ({ target }) => {
    if (!(/** @type {Element} */ (target).closest('[data-by-picture]'))) return;
    document.documentElement.classList.toggle(MODE);
    tellMode();
  });
}
