/**
 * Suppresses interrupted (dead) turns of the model: turns that the user spoke over or silenced.
 *
 * The service ends such a turn with `turnComplete` and then counts on. If that message is missing, the next answer has the
 * number of the dead turn. So any evidence that the dead turn is over ends the suppression: its `generationComplete`;
 * words of the user after the service's `interrupted`; or, with either of these two, a pause without content.
 */

/** A dead turn without content for this long is over; gemini-live-api.md, section 7.2, has 50 to 100 ms. */
const PAUSE_MS = 2000;

export class Suppression {
  /** Turns up to this one are dead. */
  #upTo = 0;
  /** A turn that is suppressed before its first content; 0 for none. */
  #awaited = 0;
  #byService = false;
  #generated = false;
  /** The newest turn with user input during it or after its interruption. */
  #spokenOver = 0;
  /** Time of the newest dead turn's interruption or last content. */
  #lastAt = 0;

  /**
   * Suppresses a turn and all earlier ones.
   * @param {number} turn
   * @param {object} how
   * @param {number} how.at
   * @param {boolean} how.byService whether the service has interrupted it and stopped its generation
   * @param {boolean} how.generated whether its generation was complete
   */
  cut(turn, { at, byService, generated }) {
    if (turn < this.#upTo) return;
    if (turn > this.#upTo) {
      this.#upTo = turn;
      this.#byService = false;
      this.#generated = false;
    }
    this.#byService ||= byService;
    this.#generated ||= generated;
    this.#lastAt = at;
  }

  /** Suppresses an answer that has not begun. @param {number} turn 0 cancels this */
  forgo(turn) {
    this.#awaited = turn;
  }

  /** The user has spoken or typed after the content of a turn. @param {number} turn */
  spokenOver(turn) {
    this.#spokenOver = turn;
  }

  /** Whether the service has interrupted a turn; later user speech then belongs to a new turn. @param {number} turn */
  isCutByService(turn) {
    return turn === this.#upTo && this.#byService;
  }

  /** Nothing more will be generated for a turn. @param {number} turn */
  generationComplete(turn) {
    if (turn === this.#upTo) this.#generated = true;
  }

  /**
   * Decides about content of a turn.
   * @param {number} turn
   * @param {number} at
   * @returns {'wanted' | 'dead' | 'next'} `next`: it has the number of the dead turn and belongs to the next answer
   */
  judge(turn, at) {
    if (turn === this.#awaited) {
      this.#awaited = 0;
      this.cut(turn, { at, byService: false, generated: false });
    }
    if (turn > this.#upTo) return 'wanted';
    if (turn === this.#upTo && this.#isOver(at)) return 'next';
    this.#lastAt = at;
    return 'dead';
  }

  /**
   * Whether model text with the number of a dead turn may belong to that turn or to the next answer: the transcription is
   * not synchronous with the audio.
   * @param {number} turn
   * @param {number} at
   */
  isUndecided(turn, at) {
    return turn === this.#upTo && this.#isOver(at) && !this.#paused(at);
  }

  /** @param {number} at */
  #isOver(at) {
    if (this.#upTo === 0) return false;
    const spoken = this.#spokenOver === this.#upTo;
    if (this.#generated || (this.#byService && spoken)) return true;
    return (this.#byService || spoken) && this.#paused(at);
  }

  /** @param {number} at */
  #paused(at) {
    return at - this.#lastAt >= PAUSE_MS;
  }
}
