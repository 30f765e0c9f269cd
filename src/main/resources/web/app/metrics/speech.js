/**
 * Detects speech by the level of microphone chunks, for the orb and the latency measurement. The service decides about
 * turns.
 */

const ONSET_MS = 60;
const HANGOVER_MS = 500;
const MIN_LEVEL = 0.008;
const OVER_NOISE = 3;

export class SpeechDetector {
  #noise = 0.003;
  #voicedMs = 0;
  #silentMs = 0;
  #utteranceMs = 0;
  #speaking = false;
  #lastVoicedAt = 0;
  #onsetAt = 0;

  get speaking() {
    return this.#speaking;
  }

  /** When the running or last utterance began. */
  get onsetAt() {
    return this.#onsetAt;
  }

  /** Time of the last voiced chunk. */
  get lastVoicedAt() {
    return this.#lastVoicedAt;
  }

  /**
   * @param {number} level root mean square, 0 to 1
   * @param {number} durationMs
   * @param {number} at when the chunk ended
   * @returns {{type: 'start', at: number} | {type: 'end', at: number, voicedMs: number} | null} an end bears the
   *   moment the voice fell silent, not the moment that became certain
   */
  push(level, durationMs, at) {
    const voiced = level > Math.max(MIN_LEVEL, this.#noise * OVER_NOISE);
    if (!voiced) this.#noise += (level - this.#noise) * 0.05;
    else this.#noise = Math.min(this.#noise * 1.002, 0.05);
    if (voiced) {
      this.#voicedMs += durationMs;
      this.#silentMs = 0;
      this.#lastVoicedAt = at;
    } else {
      this.#silentMs += durationMs;
    }
    if (this.#speaking) {
      if (voiced) this.#utteranceMs += durationMs;
      if (this.#silentMs < HANGOVER_MS) return null;
      return this.#end();
    }
    if (!voiced) {
      this.#voicedMs = 0;
      return null;
    }
    if (this.#voicedMs < ONSET_MS) return null;
    this.#speaking = true;
    this.#utteranceMs = this.#voicedMs;
    this.#onsetAt = at - this.#voicedMs;
    return { type: 'start', at: this.#onsetAt };
  }

  /** Ends a running utterance at once, as on mute. */
  reset() {
    return this.#speaking ? this.#end() : null;
  }

  /** @returns {{type: 'end', at: number, voicedMs: number}} */
  #end() {
    this.#speaking = false;
    this.#voicedMs = 0;
    return { type: 'end', at: this.#lastVoicedAt, voicedMs: this.#utteranceMs };
  }
}
