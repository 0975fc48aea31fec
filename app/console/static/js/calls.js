// Calls to this console's own server, with the page's token.
const token = () => document.querySelector('meta[name="csrf"]').content;

export async function call(path, options = {}) {
  const headers = { 'x-quietline-csrf': token(), ...options.headers };
  const answer = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (answer.status === 401) location.assign('/unlock');
  return answer;
}

export async function sentence(answer) {
  try {
    return (await answer.json()).problem;
  } catch {
    return 'This did not work.';
  }
}
