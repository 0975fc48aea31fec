/**
 * Everything QL1 can refuse, as one error class with a stable `code`.
 *
 * Lives here: the error class and its codes. Never here: words for the reporter (the page
 * translates a code into a sentence in the reader's language).
 */

/** Every code a ProtocolError can carry. */
export const CODES = Object.freeze([
  'wrong-length', // a fixed-length thing has another length
  'bad-point', // not a canonical ristretto255 encoding, or the identity element
  'bad-key', // a public key that no key pair has (ML-KEM, X25519)
  'bad-signature', // a signature does not verify
  'cannot-open', // an envelope or a chunk is not for these keys, or was changed
  'bad-directory', // the signed directory is malformed or not this line's
  'expired-directory', // past its expiry and the 14 days of grace
  'bad-bundle', // the bundles of the hour are malformed
  'other-directory', // the bundles belong to another directory: fetch both again
  'no-recipient', // none of those chosen can be written to now
  'unknown-word', // receipt code: a word (or number) no list has
  'word-count', // receipt code: not twelve words
  'checksum', // receipt code: known words that do not belong together
  'bad-work', // a challenge for work of another form, or one without an answer
  'bad-body', // a message body that is too long or not what QL1 says
  'bad-encoding', // text that is not strict hex, base64url or UTF-8
]);

/** The one error of the protocol core. Details sit beside `code` as own properties. */
export class ProtocolError extends Error {
  /**
   * @param {string} code one of CODES
   * @param {string} message a sentence for a developer's console; holds no secret
   * @param {object} [details] further properties, for example `position` and `word`
   */
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    Object.assign(this, details);
  }

  get name() {
    return 'ProtocolError';
  }
}
