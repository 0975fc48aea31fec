// Keeps the status line and the list fresh; the list is replaced only when something changed.
import { call, here } from './calls.js';
import { count } from './cases.js';

const SECONDS = 2.5;
const policy = window.trustedTypes?.createPolicy('quietline-list', { createHTML: (html) => html });

export function startStatus() {
  document.querySelector('[data-sync-form]')?.addEventListener('submit', (event) => {
    event.preventDefault();
    call('/sync', { method: 'POST' });
    setTimeout(ask, 150);
  });
  setInterval(() => document.hidden || ask(), SECONDS * 1000);
}

async function ask() {
  let answer;
  try {
    answer = await call('/status');
  } catch {
    return say({ words: 'The console has stopped. Start it again and open its new link.', tone: 'trouble', notices: [] });
  }
  if (!answer.ok) return;
  const status = await answer.json();
  say(status);
  showDue(status.due);
  const sync = document.getElementById('sync');
  if (String(status.revision) !== sync.dataset.revision) {
    const whole = [await refreshList(), await refreshThread()].every(Boolean);
    // What was left alone, since somebody is at work there, is looked for again.
    if (whole) sync.dataset.revision = status.revision;
  }
}

function say(status) {
  const sync = document.getElementById('sync');
  sync.dataset.tone = status.tone;
  const words = document.getElementById('sync-words');
  // Written only when it differs: a screen reader says every change.
  if (words.textContent !== status.words) words.textContent = status.words;
  const progress = document.getElementById('sync-progress');
  progress.hidden = !status.total;
  progress.max = status.total || 1;
  progress.value = status.done ?? 0;
  showNotices(status.notices);
}

// What is due changes with a sync, with what a colleague does, and with the hour.
function showDue(due) {
  const count = document.getElementById('due-count');
  count.hidden = !due;
  for (const number of count.querySelectorAll('[data-count]')) number.textContent = due;
}

function showNotices(notices) {
  const list = document.getElementById('notices');
  const shown = [...list.children].map((item) => item.textContent.trim());
  if (shown.join('\n') === notices.map((notice) => notice.text).join('\n')) return;
  list.replaceChildren(
    ...notices.map((notice) => {
      const item = document.createElement('li');
      item.className = `notice notice-${notice.level}`;
      item.textContent = notice.text;
      if (notice.level === 'alarm') item.setAttribute('role', 'alert');
      return item;
    }),
  );
}

// These tell whether everything shown is fresh now.
async function refreshList() {
  const pane = document.getElementById('list');
  if (!pane) return true;
  const answer = await call(pane.dataset.list);
  if (!answer.ok) return false;
  // What somebody is just doing in the list is not taken away under their hands.
  if (pane.querySelector('details.menu[open]') || document.activeElement?.form?.id === 'many') return false;
  const focused = document.activeElement?.dataset?.conversation;
  const ticked = [...pane.querySelectorAll('.pick:checked')].map((box) => box.value);
  const top = pane.scrollTop;
  const html = await answer.text();
  // biome-ignore lint/plugin: the server's own template, escaped there, under the one policy that the CSP names
  pane.innerHTML = policy ? policy.createHTML(html) : html;
  pane.scrollTop = top;
  for (const box of pane.querySelectorAll('.pick')) box.checked = ticked.includes(box.value);
  count();
  if (focused) pane.querySelector(`[data-conversation="${CSS.escape(focused)}"]`)?.focus();
  return true;
}

// A conversation that is being read is never moved under the reader's eyes: a link is offered,
// unless only the state of one's own answers changed.
async function refreshThread() {
  const thread = document.querySelector('.messages');
  if (!thread) return true;
  const answer = await call(here());
  if (!answer.ok) return false;
  const html = await answer.text();
  const parser = new DOMParser();
  const fresh = parser.parseFromString(policy ? policy.createHTML(html) : html, 'text/html');
  const whole = refreshSections(fresh);
  for (const message of fresh.querySelectorAll('.message')) {
    const known = thread.querySelector(`[data-message="${CSS.escape(message.dataset.message)}"]`);
    if (!known) {
      offer(thread);
      break;
    }
    if (message.className !== known.className) known.replaceWith(document.importNode(message, true));
    else refreshFiles(known, message);
  }
  return whole;
}

// What colleagues changed beside the messages, unless somebody is just at work there.
function refreshSections(fresh) {
  let whole = true;
  for (const section of fresh.querySelectorAll('#details > .section')) {
    const old = document.getElementById(section.id);
    if (!old || old.innerHTML === section.innerHTML) continue;
    if (busy(old)) whole = false;
    else old.replaceChildren(...[...section.childNodes].map((node) => document.importNode(node, true)));
  }
  return whole;
}

function busy(section) {
  const typed = [...section.querySelectorAll('textarea, input:not([type=hidden])')];
  return (
    section.contains(document.activeElement) ||
    section.querySelector('details[open]') !== null ||
    typed.some((field) => field.defaultValue !== field.value)
  );
}

function refreshFiles(known, message) {
  for (const file of message.querySelectorAll('.file')) {
    const old = known.querySelector(`[data-file="${CSS.escape(file.dataset.file)}"]`);
    const state = (item) => item?.querySelector('.file-text > .quiet')?.textContent;
    if (old && state(old) !== state(file)) old.replaceWith(document.importNode(file, true));
  }
}

function offer(thread) {
  if (document.getElementById('newer')) return;
  const link = document.createElement('a');
  link.id = 'newer';
  link.className = 'button';
  link.href = location.pathname + location.search + '#latest';
  link.textContent = 'New message here. Show it';
  link.addEventListener('click', (event) => {
    event.preventDefault();
    location.hash = 'latest';
    location.reload();
  });
  thread.append(link);
}
