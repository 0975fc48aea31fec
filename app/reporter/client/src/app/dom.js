// The few things we ask of the document. Text goes in as text, never as markup: the page's content
// security policy (Trusted Types) would refuse anything else.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The first element that fits, or null.
 * @template {Element | null} [T=HTMLElement] which kind it is; with null, where a page may lack it
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export const one = (selector, root = document) => /** @type {T} */ (root.querySelector(selector));

/**
 * All elements that fit.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export const all = (selector, root = document) => /** @type {T[]} */ ([...root.querySelectorAll(selector)]);

/**
 * Make an element. `attributes` with a false or null value are left off.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? '' : /** @type {string} */ (value));
  }
  element.append(...children);
  return element;
}

/**
 * One of our drawn icons (pages/icons.svg).
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Do something when an element with this data-action is pressed, inside `root`.
 * @param {ParentNode} root
 * @param {string} action
 * @param {(event: Event) => void} handler
 */
export function onAction(root, action, handler) {
  for (const element of all(`[data-action="${action}"]`, root)) {
    element.addEventListener('click', (event) => {
      event.preventDefault();
      handler(event);
    });
  }
}

/**
 * Do something when the network is back, until `gone` says that the screens are others.
 * @param {AbortSignal} gone
 * @param {() => void} handler
 */
export const whenOnline = (gone, handler) => addEventListener('online', handler, { signal: gone });

/**
 * Let the browser paint and answer before going on.
 * @returns {Promise<void>}
 */
export const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));
