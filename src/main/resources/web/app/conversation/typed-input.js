/**
 * What the person types, on its way to the service. What is typed before the service is there waits for it.
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').Clock} clock
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {() => void} sent the service has it
 */

export class TypedInput {
  #parts;
  /** @type {string[]} */
  #waiting = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** How many texts wait for the service. */
  get waiting() {
    return this.#waiting.length;
  }

  /** @param {string} words */
  send(words) {
    if (!this.#transmit(words)) this.#waiting.push(words);
  }

  /** The service is there. */
  ready() {
    for (const words of this.#waiting.splice(0)) this.#transmit(words);
  }

  /** Words that are on screen already, once more. @param {string} words */
  again(words) {
    this.#transmit(words);
  }

  /** A new conversation begins with nothing said. */
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
