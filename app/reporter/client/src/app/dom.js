// The few things we ask of the document. Text goes in as text, never as markup: the page's content
// security policy (Trusted Types) would refuse anything else.

const SVG = 'http://www.w3.org/2000/svg';

/** The first element that fits, or null. */
export const one = (selector, root = document) => root.querySelector(selector);

/** All elements that fit. */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Make an element. `attributes` with a false or null value are left off. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** One of our drawn icons (pages/icons.svg). */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Do something when an element with this data-action is pressed, inside `root`. */
export function onAction(root, action, handler) {
  for (const element of all(`[data-action="${action}"]`, root)) {
    element.addEventListener('click', (event) => {
      event.preventDefault();
      handler(event);
    });
  }
}

/** Let the browser paint and answer before going on. */
export const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));
