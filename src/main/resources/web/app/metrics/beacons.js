/**
 * What the page tells the service of its turns: one message for each, when the turn is over (docs/live-protocol.md,
 * `beacon`). Only durations, measured on this page's clock, and only of turns that the service timed itself.
 *
 * @typedef {{firstSoundMs: number, interruptSilenceMs?: number, underruns: number}} Beacon
 */

export class Beacons {
  /** @type {Map<number, Beacon>} */
  #open = new Map();
  /** @type {Set<number>} */
  #timed = new Set();

  /** The service said what it measured, and wants to hear of us. @param {number} turn */
  timed(turn) {
    this.#timed.add(turn);
  }

  /**
   * @param {number} turn
   * @param {number} firstSoundMs from the end of the input to the first sound of the answer
   */
  firstAudioPlayed(turn, firstSoundMs) {
    this.#open.set(turn, { firstSoundMs: rounded(firstSoundMs), underruns: 0 });
  }

  /**
   * @param {number} turn
   * @param {number} interruptSilenceMs from the order to be silent to silence
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
   * Nothing more will be measured of a turn.
   * @param {number} turn
   * @returns {Beacon | null} null when its wait was not measured, has been told already, or nobody wants to know
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
