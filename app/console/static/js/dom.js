// The few things that are asked of the document. A page's templates have what is asked for without a
// question; where it may lack, null is among the kinds.

/**
 * @template {Element | null} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export const one = (selector, root = document) => /** @type {T} */ (root.querySelector(selector));

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export const all = (selector, root = document) => /** @type {T[]} */ ([...root.querySelectorAll(selector)]);

/**
 * What an event came from. (Also the document itself, which has none of an element's ways.)
 * @template {HTMLElement} [T=HTMLElement]
 * @param {Event} event
 * @returns {T}
 */
export const from = (event) => /** @type {T} */ (event.target);

const policy = window.trustedTypes?.createPolicy('quietline-list', { createHTML: (html) => html });

/**
 * What the console's own templates made, escaped there: the one policy that the CSP names.
 * @param {string} html
 */
export const parse = (html) => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html');
