// What is said to the person: for who does not see the panes change, why something was not done,
// and questions.
import { all, from, one } from './dom.js';
import { words } from './sentences.js';

export function startNotify() {
  one('#notice button')?.addEventListener('click', () => tell(''));
}

/**
 * Says something that is seen without it.
 * @param {string} words
 */
export function say(words) {
  const said = one('#said');
  if (said) said.textContent = words;
}

/**
 * Says why something was not done, until it is closed or something else is done.
 * @param {string} words
 */
export function tell(words) {
  const notice = one('#notice');
  notice.hidden = !words;
  one('p', notice).textContent = words;
}

/**
 * Asks what a page of the console would ask.
 * @param {Node[]} nodes
 */
export function question(nodes) {
  /** @type {HTMLDialogElement} */
  const dialog = one('#confirm');
  dialog.replaceChildren(...nodes);
  const heading = one('h1', dialog);
  if (heading) heading.id = 'confirm-title';
  for (const no of all('[data-no]', dialog)) {
    no.addEventListener('click', (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  if (!dialog.open) dialog.showModal();
}

export function answeredQuestion() {
  /** @type {HTMLDialogElement} */ (one('#confirm'))?.close();
}

/**
 * Asks whether to leave words behind that could not be kept.
 * @returns {Promise<boolean>}
 */
export function leaveThem() {
  const heading = document.createElement('h1');
  heading.textContent = words('leave');
  const yes = Object.assign(document.createElement('button'), { textContent: words('leave-it'), value: 'yes' });
  const no = Object.assign(document.createElement('button'), {
    textContent: words('stay'),
    value: 'no',
    autofocus: true,
  });
  for (const button of [yes, no]) button.className = 'button';
  const form = Object.assign(document.createElement('form'), { method: 'dialog' });
  form.append(no, ' ', yes);
  question([heading, form]);
  return new Promise((resolve) => {
    one('#confirm').addEventListener(
      'close',
      (event) => resolve(/** @type {HTMLDialogElement} */ (from(event)).returnValue === 'yes'),
      { once: true },
    );
  });
}
