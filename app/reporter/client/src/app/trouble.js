// What can go wrong, each with one sentence (the phrases `trouble.*`). Anything else is a bug, and
// is told as "something went wrong", never shown raw.

import { ProtocolError } from '../protocol/errors.js';

/** @import { Speaker, Values } from './page.js' */
/**
 * @typedef {{id: string, name: string, now: number, of: number}} FewDesk how many of a desk's can read
 */

export class Trouble extends Error {
  /**
   * `code` names a phrase `trouble.<code>`; `values` fill its blanks.
   * @param {string} code
   * @param {Values} [values]
   */
  constructor(code, values = {}) {
    super(code);
    this.name = 'Trouble'; // a worker's errors are told by name (core/serve.js)
    this.code = code;
    this.values = values;
  }
}

/** Few of those who were chosen can read now: the person is asked first. */
export class FewReaders extends Trouble {
  /** @param {FewDesk[]} desks */
  constructor(desks) {
    super('few-readers');
    this.desks = desks;
  }
}

/** @type {Record<string, string>} */
const READING = { unreachable: 'trouble.unreachable-reading', busy: 'trouble.busy-reading' };

/**
 * The sentence to show for an error where nothing is being sent: no words are "still here".
 * @param {unknown} error
 * @param {Speaker} speaker
 * @returns {string}
 */
export function readingSentence(error, speaker) {
  const own = error instanceof Trouble ? READING[error.code] : undefined;
  return own ? speaker.say(own) : sentence(error, speaker);
}

/**
 * The sentence to show for any error.
 * @param {unknown} error
 * @param {Speaker} speaker
 * @returns {string}
 */
export function sentence(error, speaker) {
  if (error instanceof FewReaders) {
    return error.desks.map((desk) => speaker.say('trouble.few-readers', desk)).join(' ');
  }
  if (error instanceof Trouble) {
    const { day } = error.values;
    return speaker.say(`trouble.${error.code}`, day ? { day: speaker.day(/** @type {string} */ (day)) } : error.values);
  }
  if (error instanceof ProtocolError) {
    if (error.code === 'expired-directory') return speaker.say('trouble.expired-directory');
    if (error.code === 'bad-directory' || error.code === 'bad-signature') {
      return speaker.say('trouble.bad-directory');
    }
  }
  return speaker.say('trouble.unexpected');
}

/**
 * Which of the two fits: "what you wrote is still here" is said only where something was written.
 * @param {{isEmpty: () => boolean}} draft
 */
export const whileWriting = (draft) => (draft.isEmpty() ? readingSentence : sentence);
