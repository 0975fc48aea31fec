// What is being written: words, desks, answers, files. It lives in memory only, until it is sent
// or the page is left. Its `mid` stays the same however often the same words are tried, so that a
// message that arrived twice is shown once.

import { chunkCount, FILE_BYTES_MAX, NOBLE_FILE_MAX, roomForLeaves } from '../protocol/attachments.js';
import { b64u, hex, jsonBytes } from '../protocol/encoding.js';
import { systemRng } from '../protocol/random.js';
import { BODY_MAX } from '../protocol/wire.js';
import { Trouble } from './trouble.js';

/** @typedef {Attachment & {examining?: boolean, looked?: Promise<unknown>, isUnreached?: boolean}}
 * Attached a chosen file, perhaps still looked into, or not yet for want of what looks */

/**
 * @import { Bytes } from '../protocol/attachments.js'
 * @import { Source, Revealed } from '../clean/bytes.js'
 * @import { Speaker } from './page.js'
 */
/** @typedef {string | string[]} Reply to a question: an option's id, several, or words */

// A limit is told as the round number below it.
const ROUND_LIMITS = { fast: 2_000_000_000, slow: 20_000_000 };
const TREE_PLACEHOLDER = '0'.repeat(64);
const NAME_MAX = 120; // letters kept of a file's name; the body is small

/** A chosen file: as it was or as a clean copy, and how much of it has arrived. */
class Attachment {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    /** @type {{blob: Source, ending: string} | null} */
    this.clean = null; // what would be sent instead, once it is known
    /** @type {Revealed | null} */
    this.revealed = null; // what the original tells besides what it shows
    /** @type {string | null} */
    this.kind = null; // a kind that cannot be cleaned, and has a word of its own
    this.choose('original');
  }

  /**
   * Send the original, the clean copy, or a clean copy of a voice that was changed. A key is for one content only: each
   * choice has its own.
   * @param {'original' | 'clean' | 'disguised'} metadata
   */
  choose(metadata) {
    this.wipe();
    this.metadata = metadata;
    /** @type {Source} */
    this.blob = metadata === 'original' ? this.file : /** @type {{blob: Source}} */ (this.clean).blob;
    /** @type {Bytes} */
    this.key = systemRng(32);
    /** @type {number} */
    this.chunks = chunkCount(this.blob.size);
    /** @type {Set<number>} */
    this.arrived = new Set(); // chunks known to be stored
    /** @type {Set<number>} */
    this.doubtful = new Set(); // chunks sent without an answer: ask before sending again
    /** @type {Uint8Array} */
    this.leaves = roomForLeaves(this.blob.size); // hashes of the pieces that were sealed
    /** @type {Uint8Array | null} */
    this.tree = null;
  }

  wipe() {
    this.key?.fill(0);
    this.leaves?.fill(0);
    this.tree?.fill(0);
  }

  /**
   * What the person reads: nobody gave a recording of this page a name.
   * @param {Speaker} speaker
   */
  title(speaker) {
    return this.kind?.startsWith('voice') ? speaker.say('added.voice') : this.file.name;
  }

  /** As the body carries it. A clean copy has no name either: names hold times, places, people. */
  entry() {
    const { name, type } = this.file;
    const isClean = this.metadata !== 'original';
    return {
      key: b64u(this.key),
      chunks: this.chunks,
      name: isClean ? `file.${/** @type {{ending: string}} */ (this.clean).ending}` : shortName(name),
      type: (isClean ? this.blob.type : type) || 'application/octet-stream',
      size: this.blob.size,
      metadata: this.metadata,
      tree: this.tree ? hex(this.tree) : TREE_PLACEHOLDER,
    };
  }
}

/**
 * Half an emoji, cut by a keyboard or a paste, is no text: no reader could decode it.
 * @param {string} text
 */
const whole = (text) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/**
 * Keeps the end of a long name: it says what kind of file it is.
 * @param {string} name
 * @returns {string}
 */
function shortName(name) {
  const letters = [...whole(name)];
  if (letters.length <= NAME_MAX) return letters.join('');
  return [...letters.slice(0, NAME_MAX - 12), '…', ...letters.slice(-11)].join('');
}

export class Draft {
  /**
   * `kind` is "report" (the first), "message" (whoever has a code already), or one of those asked
   * for on a screen of its own, `from`.
   * @param {string} kind
   * @param {string} lang
   * @param {string | null} [from]
   */
  constructor(kind, lang, from = null) {
    this.kind = kind;
    this.from = from;
    /** @type {Set<string> | null} */
    this.readers = null; // desks that it goes to, if others than those it names
    /** @type {Record<string, string>} */
    this.more = {}; // fields that only this kind has
    this.lang = lang;
    this.mid = hex(systemRng(16));
    /** @type {Set<string>} */
    this.desks = new Set();
    this.text = '';
    /** @type {Record<string, Reply>} */
    this.answers = {};
    /** @type {Record<string, Reply>} */
    this.waiting = {}; // answers to what is not asked any more: not sent, but not lost yet
    this.wantsMore = false; // may the page ask a few more questions?
    this.short = false; // was "Send now" pressed, which asks nothing?
    /** @type {Attached[]} */
    this.files = [];
    /** @type {string | null} */
    this.tried = null; // what was last sealed, to be sent
    /** @type {Map<string, number>} */
    this.agreed = new Map(); // desks of which few can read: to how few it is sent all the same
  }

  /**
   * Add a file; returns the attachment. Throws Trouble when it is too large or there are too many.
   * @param {File} file
   * @param {SubtleCrypto | null} subtle
   * @param {Speaker} speaker
   */
  addFile(file, subtle, speaker) {
    const limit = subtle ? FILE_BYTES_MAX : NOBLE_FILE_MAX;
    if (file.size > limit) {
      throw new Trouble(subtle ? 'file-too-large' : 'file-too-large-slow', {
        name: file.name,
        limit: speaker.bytes(subtle ? ROUND_LIMITS.fast : ROUND_LIMITS.slow),
      });
    }
    const attachment = new Attachment(file);
    this.files.push(attachment);
    if (this.bytesLeft() < 0) {
      this.files.pop();
      throw new Trouble('too-many-files');
    }
    return attachment;
  }

  /** @param {Attachment} attachment */
  removeFile(attachment) {
    attachment.wipe();
    this.files = this.files.filter((each) => each !== attachment);
  }

  isEmpty() {
    const answered = Object.keys(this.answers).length > 0;
    return this.text.trim() === '' && this.files.length === 0 && !answered;
  }

  fields() {
    if (this.from) return { lang: this.lang, desks: [...this.desks], ...this.more };
    return {
      lang: this.lang,
      text: whole(this.text),
      desks: [...this.desks],
      answers: this.answers,
      files: this.files.map((each) => each.entry()),
    };
  }

  /** The body as it stands: UTF-8 JSON. */
  body() {
    return jsonBytes({ kind: this.kind, v: 1, mid: this.mid, ...this.fields() });
  }

  /** The body, to be sealed and sent. A try may have arrived without our knowing: what changed
   * since then is another message, or whoever has the first would drop the second. */
  bodyToSend() {
    const content = JSON.stringify(this.fields());
    if (this.tried !== null && this.tried !== content) this.mid = hex(systemRng(16));
    this.tried = content;
    return this.body();
  }

  /** Bytes of the body still free; below zero it is too long. */
  bytesLeft() {
    return BODY_MAX - this.body().length;
  }

  wipe() {
    for (const each of this.files) each.wipe();
    this.files = [];
    this.desks = new Set();
    this.answers = {};
    this.waiting = {};
    this.text = '';
    this.tried = null;
  }
}
