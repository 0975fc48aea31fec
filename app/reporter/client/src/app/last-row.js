// A button that sleeps until the last row of a list has been in view: what is written down from a
// screen must have been on it. Pressed before, it brings that row into view and says so, by which it
// wakes: neither a keyboard nor a screen reader comes to a dead end.

/**
 * `watch(list)` puts the button to sleep until the last item of that list has been seen whole;
 * `press(then)` goes on where it may, or leads to that item and calls `tell()`.
 * @param {{button: HTMLElement, tell: () => void}} o
 */
export function makeLastRow({ button, tell }) {
  let seen = false;
  /** @type {IntersectionObserver | null} */
  let observer = null;
  /** @type {Element | null} */
  let last = null;

  const wake = () => {
    seen = true;
    observer?.disconnect();
    button.removeAttribute('aria-disabled');
  };
  return {
    /** @param {HTMLElement} list */
    watch(list) {
      observer?.disconnect();
      last = list.lastElementChild;
      if (seen || !last) return;
      button.setAttribute('aria-disabled', 'true');
      observer = new IntersectionObserver((entries) => entries.some((each) => each.isIntersecting) && wake(), {
        threshold: 0.9,
      });
      observer.observe(last);
    },
    /** @param {() => void} then */
    press(then) {
      if (seen) {
        then();
        return;
      }
      last?.scrollIntoView({ block: 'center' });
      wake();
      tell();
    },
    forget() {
      seen = false;
      observer?.disconnect();
      last = null;
    },
  };
}
