/**
 * Sends typed texts to the service. Texts typed before the connection is ready wait for it.
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').Clock} clock
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {() => void} sent a text was sent
 */

export class TypedInput {
  #parts;
  /** @type {string[]} */
  #waiting = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Number of texts that wait for the connection. */
  get waiting() {
    return this.#waiting.length;
  }

  /** @param {string} words */
  send(words) {
    if (!this.#transmit(words)) this.#waiting.push(words);
  }

  /** The connection is ready. */
  ready() {
    for (const words of this.#waiting.splice(0)) this.#transmit(words);
  }

  /** Sends a text again that is already on screen. @param {string} words */
  again(words) {
    this.#transmit(words);
  }

  /** Discards the waiting texts for a new conversation. */
  clear() {
    this.#waiting = [];
  }

  /** @param {string} text */
  #transmit(text) {
    const { connection, latency, clock, sent } = this.#parts;
    if (!connection()?.send({ text })) return false;
    latency.asked('text', clock.now());
    sent();
    return true;
  }
}
