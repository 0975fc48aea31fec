// A picture is a few blurred pixels until it is asked for, and again when it is asked away. The
// sheets of a file on its own page turn with the arrow keys.
import { call, sentence } from './calls.js';

export function startPictures() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-picture]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if ('shown' in link.dataset) hide(link);
    else show(link);
  });
  // Not even its blurred pixels could be made: say why, at once.
  document.addEventListener('error', (event) => failed(event.target), true);
  document.querySelectorAll('.picture img').forEach((image) => {
    if (image.complete && !image.naturalWidth && image.currentSrc) failed(image);
  });
  if (document.querySelector('.file-page')) document.addEventListener('keydown', turn);
}

function turn(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input')) return;
  // A sheet that is larger than its frame is moved by the arrows.
  if (event.target.matches('.sheet-zoomed')) return;
  const rel = { ArrowLeft: 'prev', ArrowRight: 'next', PageUp: 'prev', PageDown: 'next' }[event.key];
  const link = rel && document.querySelector(`.sheets [rel=${rel}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

function show(link) {
  const image = link.querySelector('img');
  const words = link.querySelector('.picture-ask').lastChild;
  link.dataset.blurred ??= image.src;
  words.textContent = 'Opening…';
  const full = new Image();
  full.onload = () => {
    image.src = full.src;
    image.alt = 'The picture, as pixels';
    link.dataset.shown = '';
    words.textContent = 'Blur again';
  };
  full.onerror = () => explain(link, link.dataset.picture);
  full.src = link.dataset.picture;
}

function hide(link) {
  const image = link.querySelector('img');
  image.src = link.dataset.blurred;
  image.alt = 'Blurred picture';
  delete link.dataset.shown;
  link.querySelector('.picture-ask').lastChild.textContent = 'Show picture';
}

function failed(image) {
  const link = image.closest?.('[data-preview]');
  if (link) explain(link, link.dataset.preview + '?blurred=true');
}

// Asks again for the very sheet that failed, whose answer is known: never for a larger one, which
// nobody has asked for. The link stays, to the file's own page.
async function explain(link, sheet) {
  link.removeAttribute('data-picture');
  link.removeAttribute('data-preview');
  const answer = await call(sheet);
  const words = document.createElement('p');
  words.className = 'picture-problem';
  words.textContent = answer.ok ? 'This file could not be shown.' : await sentence(answer);
  link.replaceChildren(words);
}
