// The link chart: by the arrow keys along the lines and up and down a column; the lines of a box
// that is looked at stand out.
import { all, from, one } from '../../../static/js/dom.js';

const boxes = () => all('#picture .box');
const column = (/** @type {HTMLElement} */ box) => Number(box.dataset.column);
const height = (/** @type {HTMLElement} */ box) => box.getBoundingClientRect().top;

/** @param {HTMLElement} picture */
function startWalk(picture) {
  const start = boxes().find((box) => box.id === 'start') ?? boxes()[0];
  if (!start) return;
  for (const box of boxes()) box.setAttribute('tabindex', box === start ? '0' : '-1');
  one('#picture-keys').hidden = false;
  picture.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    /** @type {HTMLElement | null} */
    const box = from(event).closest('.box');
    if (!box || !(event.key in steps)) return;
    event.preventDefault();
    go(steps[event.key](box));
  });
  // One stop for the Tab key: the box that was looked at last.
  picture.addEventListener('focusin', (event) => {
    /** @type {HTMLElement | null} */
    const box = from(event).closest('.box');
    if (!box) return;
    for (const other of boxes()) other.setAttribute('tabindex', other === box ? '0' : '-1');
    stress(box);
  });
  picture.addEventListener('pointerover', (event) => {
    /** @type {HTMLElement | null} */
    const box = from(event).closest('.box');
    if (box) stress(box);
  });
  // Who walked here goes on from here.
  if (location.hash === '#start') go(start);
}

/** @type {Record<string, (box: HTMLElement) => HTMLElement | undefined>} */
const steps = {
  ArrowRight: (box) => along(box, (other) => column(other) > column(box)),
  ArrowLeft: (box) => along(box, (other) => column(other) < column(box)),
  ArrowDown: (box) => beside(box, 1),
  ArrowUp: (box) => beside(box, -1),
  Home: () => boxes().find((box) => box.id === 'start'),
};

// Its lines, and what they lead to.
/** @param {HTMLElement} box */
function stress(box) {
  const id = box.dataset.box ?? '';
  const near = [id, ...(box.dataset.near ?? '').split(' ')];
  for (const edge of all('#picture .edge'))
    edge.classList.toggle('edge-near', (edge.dataset.ends ?? '').split(' ').includes(id));
  for (const other of boxes()) other.classList.toggle('box-near', near.includes(other.dataset.box ?? ''));
}

// Where a line leads on this side; of several the one that is nearest in height.
/**
 * @param {HTMLElement} box
 * @param {(other: HTMLElement) => boolean} onThisSide
 */
function along(box, onThisSide) {
  const near = (box.dataset.near ?? '').split(' ');
  const far = (/** @type {HTMLElement} */ other) => Math.abs(height(other) - height(box));
  return boxes()
    .filter((other) => near.includes(other.dataset.box ?? '') && onThisSide(other))
    .sort((one, other) => far(one) - far(other))[0];
}

/**
 * @param {HTMLElement} box
 * @param {number} step
 */
function beside(box, step) {
  const all = boxes().filter((other) => column(other) === column(box));
  return all[all.indexOf(box) + step];
}

/** @param {HTMLElement | undefined} box */
function go(box) {
  box?.focus();
  box?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

const picture = document.getElementById('picture');
if (picture) startWalk(picture);
