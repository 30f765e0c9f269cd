/**
 * Reports of the page about turns: one `beacon` message per turn, after its end (docs/live-protocol.md). They hold only
 * durations, measured on this page's clock, and only for turns with a `timing` message of the service.
 *
 * @typedef {{firstSoundMs: number, interruptSilenceMs?: number, underruns: number}} Beacon
 */

export class Beacons {
  /** @type {Map<number, Beacon>} */
  #open = new Map();
  /** @type {Set<number>} */
  #timed = new Set();

  /** The service has sent `timing` for a turn and accepts a report. @param {number} turn */
  timed(turn) {
    this.#timed.add(turn);
  }

  /**
   * @param {number} turn
   * @param {number} firstSoundMs from the end of the input to the first audio of the answer
   */
  firstAudioPlayed(turn, firstSoundMs) {
    this.#open.set(turn, { firstSoundMs: rounded(firstSoundMs), underruns: 0 });
  }

  /**
   * @param {number} turn
   * @param {number} interruptSilenceMs from the interruption to silence
   */
  silenced(turn, interruptSilenceMs) {
    const beacon = this.#open.get(turn);
    if (beacon) beacon.interruptSilenceMs = rounded(interruptSilenceMs);
  }

  /** @param {number} turn */
  onUnderrun(turn) {
    const beacon = this.#open.get(turn);
    if (beacon) beacon.underruns++;
  }

  /**
   * The turn is over.
   * @param {number} turn
   * @returns {Beacon | null} null if it was not measured, was reported before, or the service has not sent `timing`
   */
  over(turn) {
    const beacon = (this.#timed.has(turn) && this.#open.get(turn)) || null;
    for (const known of this.#open.keys()) if (known <= turn) this.#open.delete(known);
    for (const known of this.#timed) if (known <= turn) this.#timed.delete(known);
    return beacon;
  }
}

/** @param {number} milliseconds */
const rounded = (milliseconds) => Math.max(0, Math.round(milliseconds * 10) / 10);
