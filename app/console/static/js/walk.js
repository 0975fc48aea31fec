// The picture of links by the arrow keys: along the lines, and up and down a column.
const boxes = () => [...document.querySelectorAll('#picture .box')];
const column = (box) => Number(box.dataset.column);
const height = (box) => box.getBoundingClientRect().top;

export function startWalk(picture) {
  const [start] = boxes();
  if (!start) return;
  for (const box of boxes()) box.setAttribute('tabindex', box === start ? '0' : '-1');
  document.getElementById('picture-keys').hidden = false;
  picture.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const box = event.target.closest('.box');
    if (!box || !(event.key in steps)) return;
    event.preventDefault();
    go(steps[event.key](box));
  });
  // One stop for the Tab key: the box that was looked at last.
  picture.addEventListener('focusin', (event) => {
    const box = event.target.closest('.box');
    if (box) for (const other of boxes()) other.setAttribute('tabindex', other === box ? '0' : '-1');
  });
  // Who walked here goes on from here.
  if (location.hash === '#start') go(start);
}

const steps = {
  ArrowRight: (box) => along(box, (other) => column(other) > column(box)),
  ArrowLeft: (box) => along(box, (other) => column(other) < column(box)),
  ArrowDown: (box) => beside(box, 1),
  ArrowUp: (box) => beside(box, -1),
  Home: () => boxes()[0],
};

// Where a line leads on this side; of several the one that is nearest in height.
function along(box, onThisSide) {
  const near = box.dataset.near.split(' ');
  const far = (other) => Math.abs(height(other) - height(box));
  return boxes()
    .filter((other) => near.includes(other.dataset.box) && onThisSide(other))
    .sort((one, other) => far(one) - far(other))[0];
}

function beside(box, step) {
  const all = boxes().filter((other) => column(other) === column(box));
  return all[all.indexOf(box) + step];
}

function go(box) {
  box?.focus();
  box?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
