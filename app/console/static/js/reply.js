// The answer: its files are encrypted as they are added, it is sent with Ctrl Enter.
import { within } from './calls.js';
import { from, one } from './dom.js';
import { words } from './sentences.js';

/** @typedef {HTMLFormElement & {text: HTMLTextAreaElement, csrf: HTMLInputElement}} ReplyForm */

export function startReply() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || from(event).id !== 'reply-text') return;
    /** @type {HTMLTextAreaElement} */ (from(event)).form?.requestSubmit(one('#send'));
  });
  document.addEventListener('panes', form);
  form();
}

// Each case that is opened has a form of its own.
function form() {
  /** @type {ReplyForm | null} */
  const shown = one('#reply');
  if (!shown) return;
  one('#keep').hidden = true; // kept by itself
  startFiles(shown, `/cases/${shown.dataset.reply}`);
}

/**
 * @param {ReplyForm} form
 * @param {string} base
 */
function startFiles(form, base) {
  /** @type {HTMLInputElement} */
  const input = one('#attach');
  /** @type {HTMLElement} */ (input.closest('label')).hidden = false;
  input.addEventListener('change', async () => {
    const files = [.../** @type {FileList} */ (input.files)];
    input.value = '';
    for (const file of files) await add(form, base, file);
  });
}

// XMLHttpRequest, since fetch does not tell how much has been sent.
/**
 * @param {ReplyForm} form
 * @param {string} base
 * @param {File} file
 * @returns {Promise<void>}
 */
function add(form, base, file) {
  const item = document.createElement('li');
  const name = document.createElement('bdi');
  const progress = document.createElement('progress');
  name.textContent = file.name;
  item.append(name, progress);
  one('#draft-files').append(item);
  const request = new XMLHttpRequest();
  request.open('POST', within(`${base}/files?name=${encodeURIComponent(file.name)}`));
  request.setRequestHeader('x-quietline-csrf', form.csrf.value);
  request.setRequestHeader('content-type', file.type || 'application/octet-stream');
  request.upload.onprogress = (event) => {
    progress.max = event.total;
    progress.value = event.loaded;
  };
  return new Promise((resolve) => {
    request.onloadend = () => {
      progress.remove();
      const answer = parse(request.responseText);
      if (request.status === 200) {
        item.append(quiet(answer.size), remover(base, answer.id));
        // Of the draft's files only those that stand here go with an answer that is sent from here.
        /** @type {HTMLInputElement} */ (form.elements.namedItem('files')).value += ` ${answer.id}`;
      } else item.append(quiet(answer.problem ?? words('not-added')));
      resolve();
    };
    request.send(file);
  });
}

/**
 * @param {string} base
 * @param {string} id
 */
function remover(base, id) {
  const button = document.createElement('button');
  button.className = 'link';
  button.type = 'submit';
  button.formNoValidate = true;
  button.formAction = within(`${base}/files/${id}/remove`);
  button.textContent = words('remove');
  return button;
}

/** @param {string} text */
function quiet(text) {
  const span = document.createElement('span');
  span.className = 'quiet';
  span.textContent = text;
  return span;
}

/**
 * @param {string} text
 * @returns {{size?: *, id?: *, problem?: string}}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
