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
