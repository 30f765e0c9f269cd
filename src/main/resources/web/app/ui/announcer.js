import { lookOf } from '../state/look.js';

/** What a screen reader is told: states, not oftener than this, and whole answers when wished. */
const THROTTLE_MS = 1500;

/** States that come and go in a talk; said aloud they would talk over it. */
const SILENT = new Set(['userSpeaking', 'interrupted']);

export class Announcer {
  #said = '';
  #saidAt = Number.NEGATIVE_INFINITY;
  #lastItem = 0;

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
    const look = lookOf(conversation.state, now, settings);
    if (look.look === 'idle' || SILENT.has(look.look)) return null;
    const text = words.text(look.pill);
    if (text === this.#said || now - this.#saidAt < THROTTLE_MS) return null;
    this.#said = text;
    this.#saidAt = now;
    return text;
  }

  /** @param {readonly import('../state/transcript.js').Item[]} items */
  #answer(items) {
    const done = items.findLast((item) => item.role === 'model' && !item.partial && item.text !== '');
    if (!done || done.id <= this.#lastItem) return '';
    this.#lastItem = done.id;
    return done.text;
  }
}
