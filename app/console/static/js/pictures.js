// A picture is a few blurred pixels until it is label for, and again when it is label away. The
// sheets of a file on its own page turn with the arrow keys.
import { call, sentence } from './calls.js';
import { all, from, one } from './dom.js';
import { words } from './sentences.js';

const TURNS = new Map([
  ['ArrowLeft', 'prev'],
  ['ArrowRight', 'next'],
  ['PageUp', 'prev'],
  ['PageDown', 'next'],
]);

export function startPictures() {
  document.addEventListener('click', (event) => {
    /** @type {HTMLElement | null} */
    const link = from(event).closest?.('[data-picture]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if ('shown' in link.dataset) hide(link);
    else show(link);
  });
  // Not even its blurred pixels could be made: say why, at once.
  document.addEventListener('error', (event) => failed(from(event)), true);
  for (const image of /** @type {HTMLImageElement[]} */ (all('.picture img'))) {
    if (image.complete && !image.naturalWidth && image.currentSrc) failed(image);
  }
  if (document.querySelector('.file-page')) document.addEventListener('keydown', turn);
}

/** @param {KeyboardEvent} event */
function turn(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || from(event).matches('input')) return;
  // A sheet that is larger than its frame is moved by the arrows.
  if (from(event).matches('.sheet-zoomed')) return;
  const rel = TURNS.get(event.key);
  /** @type {HTMLElement | null} */
  const link = rel ? one(`.sheets [rel=${rel}]`) : null;
  if (!link) return;
  event.preventDefault();
  link.click();
}

/** @param {HTMLElement} link */
function show(link) {
  /** @type {HTMLImageElement} */
  const image = one('img', link);
  const label = /** @type {Node} */ (one('.picture-ask', link).lastChild);
  link.dataset.blurred ??= image.src;
  const picture = /** @type {string} */ (link.dataset.picture);
  label.textContent = words('opening');
  const full = new Image();
  full.onload = () => {
    image.src = full.src;
    image.alt = words('as-pixels');
    link.dataset.shown = '';
    label.textContent = words('blur');
    // Where it grew, most of it would lie under the answer's field.
    image.decode().then(
      () => link.scrollIntoView({ block: 'start' }),
      () => {},
    );
  };
  full.onerror = () => explain(link, picture);
  full.src = picture;
}

/** @param {HTMLElement} link */
function hide(link) {
  /** @type {HTMLImageElement} */
  const image = one('img', link);
  image.src = /** @type {string} */ (link.dataset.blurred);
  image.alt = words('blurred');
  delete link.dataset.shown;
  /** @type {Node} */ (one('.picture-ask', link).lastChild).textContent = words('show-picture');
}

/** @param {HTMLElement} image */
function failed(image) {
  /** @type {HTMLElement | null} */
  const link = image.closest?.('[data-preview]');
  if (link) explain(link, link.dataset.preview + '?blurred=true');
}

// Asks again for the very sheet that failed, whose answer is known: never for a larger one, which
// nobody has label for. The link stays, to the file's own page.
/**
 * @param {HTMLElement} link
 * @param {string} sheet
 */
async function explain(link, sheet) {
  link.removeAttribute('data-picture');
  link.removeAttribute('data-preview');
  const answer = await call(sheet);
  const label = document.createElement('p');
  label.className = 'picture-problem';
  label.textContent = answer.ok ? words('not-shown') : await sentence(answer);
  link.replaceChildren(label);
}
