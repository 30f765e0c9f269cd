import { lookOf } from '../state/look.js';
import { warningText } from './notices.js';

/** Announcements for screen readers: states, at most at this interval, and whole answers if enabled. */
const THROTTLE_MS = 1500;

/** States that come and go in a talk; said aloud they would talk over it. */
const SILENT = new Set(['userSpeaking', 'interrupted']);

export class Announcer {
  #said = '';
  #saidAt = Number.NEGATIVE_INFINITY;
  #lastItem = 0;
  /** @type {import('../state/machine.js').State['warning']} */
  #warned = null;
  /** @type {import('../state/machine.js').State['passing']} */
  #passed = null;

  /**
   * @param {import('../gemini-live.js').GeminiLive} host
   * @returns {string | null} null when there is nothing new
   */
  next(host) {
    const { now, words, settings, conversation } = host;
    const whole =
      settings.announce || conversation.state.flags.textOnly ? this.#answer(conversation.transcript.items) : '';
    if (whole) {
      this.#saidAt = now;
      return whole;
    }
    const aside = this.#aside(host);
    if (aside) {
      this.#saidAt = now;
      return aside;
    }
    const look = lookOf(conversation.state, now, settings);
    if (look.look === 'idle' || SILENT.has(look.look)) return null;
    const text = words.text(look.pill);
    if (text === this.#said || now - this.#saidAt < THROTTLE_MS) return null;
    this.#said = text;
    this.#saidAt = now;
    return text;
  }

  /**
   * Messages that are announced once: how the conversation continued, and warnings about its end.
   * @param {import('../gemini-live.js').GeminiLive} host
   */
  #aside({ now, words, conversation }) {
    const { warning, passing } = conversation.state;
    if (warning && warning !== this.#warned) {
      this.#warned = warning;
      return warningText(words, warning, now);
    }
    if (passing && passing !== this.#passed) {
      this.#passed = passing;
      return words.text(passing.note === 'continued' ? 'note.continued' : `notice.${passing.note}`);
    }
    return '';
  }

  /**
   * The newest whole answer; items from before a reload belong to no turn.
   * @param {readonly import('../state/transcript.js').Item[]} items
   */
  #answer(items) {
    const done = items.findLast((item) => item.role === 'model' && item.turn > 0 && !item.partial && item.text !== '');
    if (!done || done.id <= this.#lastItem) return '';
    this.#lastItem = done.id;
    return done.text;
  }
}
