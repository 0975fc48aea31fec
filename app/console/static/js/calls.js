// Calls to this console's own server, with the page's token. Addresses are written as the server's
// handlers have them; the path before them, which only this browser knows, is put there here.
const ROOT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const token = () => document.querySelector('meta[name="csrf"]').content;

export const within = (path) => ROOT + path;
export const here = () => location.pathname.slice(ROOT.length) + location.search;

export async function call(path, options = {}) {
  const headers = { 'x-quietline-csrf': token(), ...options.headers };
  const answer = await fetch(within(path), { ...options, headers, cache: 'no-store' });
  if (answer.status === 401) location.assign(within(`/unlock?back=${encodeURIComponent(here())}`));
  return answer;
}

export async function sentence(answer) {
  try {
    return (await answer.json()).problem;
  } catch {
    return 'This did not work.';
  }
}
