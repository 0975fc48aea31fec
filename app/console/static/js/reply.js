// The answer: kept as it is typed, its files encrypted as they are added, sent with Ctrl Enter.
import { call, sentence, within } from './calls.js';

const PAUSE = 800;

export function startReply(form) {
  const base = `/conversations/${form.dataset.reply}`;
  const state = document.getElementById('draft-state');
  let timer = 0;
  let sending = false;

  const keep = async (options = {}) => {
    clearTimeout(timer);
    timer = 0;
    const answer = await call(`${base}/draft`, { method: 'POST', body: new URLSearchParams(new FormData(form)), ...options });
    state.textContent = answer.ok ? (form.text.value.trim() ? 'Draft kept' : '') : await sentence(answer);
  };
  form.addEventListener('input', (event) => {
    if (event.target.type === 'file') return;
    state.textContent = '';
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    sending = event.submitter?.id !== 'keep';
    if (event.submitter?.formAction.endsWith('/remove')) {
      sending = false;
      if (timer) keep({ keepalive: true });
    }
    timer = 0;
  });
  addEventListener('pagehide', () => {
    if (timer && !sending) keep({ keepalive: true });
  });
  form.text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit(document.getElementById('send'));
  });
  document.getElementById('keep').hidden = true; // kept by itself
  startFiles(form, base);
}

function startFiles(form, base) {
  const input = document.getElementById('attach');
  input.closest('label').hidden = false;
  input.addEventListener('change', async () => {
    const files = [...input.files];
    input.value = '';
    for (const file of files) await add(form, base, file);
  });
}

// XMLHttpRequest, since fetch does not tell how much has been sent.
function add(form, base, file) {
  const item = document.createElement('li');
  const name = document.createElement('bdi');
  const progress = document.createElement('progress');
  name.textContent = file.name;
  item.append(name, progress);
  document.getElementById('draft-files').append(item);
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
      if (request.status === 200) item.append(quiet(answer.size), remover(base, answer.id));
      else item.append(quiet(answer.problem ?? 'This file could not be added.'));
      resolve();
    };
    request.send(file);
  });
}

function remover(base, id) {
  const button = document.createElement('button');
  button.className = 'link';
  button.type = 'submit';
  button.formNoValidate = true;
  button.formAction = within(`${base}/files/${id}/remove`);
  button.textContent = 'Remove';
  return button;
}

function quiet(text) {
  const words = document.createElement('span');
  words.className = 'quiet';
  words.textContent = text;
  return words;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
