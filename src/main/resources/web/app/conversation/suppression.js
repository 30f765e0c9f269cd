/**
 * Which turns of the model are not wanted any more: the ones the user spoke over, or asked to be silent.
 *
 * The wire ends such a turn with `turnComplete`, after which numbers go on. That message can be missing, and the answer to
 * what the user said then comes under the number of the dead turn. So any evidence that the dead turn is over ends the
 * suppression: its `generationComplete`; words of the user, once the service has said `interrupted`; or, with either of
 * these two, a pause in which nothing came of it.
 */

/** A turn of which nothing came for this long is over; gemini-live-api.md, section 7.2, has 50 to 100 ms. */
const PAUSE_MS = 2000;

export class Suppression {
  /** Turns up to this one are dead. */
  #upTo = 0;
  /** A turn that is not wanted although nothing of it has come yet; 0 for none. */
  #awaited = 0;
  #byService = false;
  #generated = false;
  /** The newest turn that the user spoke over, or after it had been cut. */
  #spokenOver = 0;
  /** When the newest dead turn was cut, or last brought something. */
  #lastAt = 0;

  /**
   * A turn, and all before it, is not wanted any more.
   * @param {number} turn
   * @param {object} how
   * @param {number} how.at
   * @param {boolean} how.byService the service said so, and has stopped generating
   * @param {boolean} how.generated nothing more was to come of it
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

  /** The answer that is awaited is not wanted when it comes. @param {number} turn 0 when it is wanted after all */
  forgo(turn) {
    this.#awaited = turn;
  }

  /** Words of the user, heard by the service or typed, that are newer than what there is of a turn. @param {number} turn */
  spokenOver(turn) {
    this.#spokenOver = turn;
  }

  /** Whether the service itself cut a turn, so that what it hears of the user now is new. @param {number} turn */
  isCutByService(turn) {
    return turn === this.#upTo && this.#byService;
  }

  /** Nothing more will be generated for a turn. @param {number} turn */
  generationComplete(turn) {
    if (turn === this.#upTo) this.#generated = true;
  }

  /**
   * Content of a turn has come.
   * @param {number} turn
   * @param {number} at
   * @returns {'wanted' | 'dead' | 'next'} `next`: it bears the number of the dead turn and belongs to the answer after it
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
   * Whether words of the model under the number of a dead turn may belong to it still, or already to the answer after it:
   * transcription is not in step with the sound.
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
