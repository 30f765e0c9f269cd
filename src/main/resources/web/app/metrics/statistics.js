/** Order statistics over the newest values. */
export class Sample {
  /** @type {number[]} */
  #values = [];
  #capacity;

  /** @param {number} [capacity] older values are forgotten */
  constructor(capacity = 200) {
    this.#capacity = capacity;
  }

  /** @param {number} value */
  add(value) {
    this.#values.push(value);
    if (this.#values.length > this.#capacity) this.#values.shift();
  }

  get count() {
    return this.#values.length;
  }

  /** @returns {number | null} */
  get last() {
    return this.#values.at(-1) ?? null;
  }

  /**
   * Nearest-rank percentile.
   * @param {number} percent
   * @returns {number | null}
   */
  percentile(percent) {
    if (this.#values.length === 0) return null;
    const sorted = this.#values.toSorted((a, b) => a - b);
    const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
    return sorted[rank - 1];
  }

  get values() {
    return this.#values.slice();
  }
}

/** Bits per second over a sliding window. */
export class BitRate {
  static #WINDOW_MS = 5000;
  /** @type {{at: number, bytes: number}[]} */
  #entries = [];

  /**
   * @param {number} at
   * @param {number} bytes
   */
  add(at, bytes) {
    this.#entries.push({ at, bytes });
    this.#trim(at);
  }

  /** @param {number} now */
  value(now) {
    this.#trim(now);
    const bytes = this.#entries.reduce((sum, entry) => sum + entry.bytes, 0);
    return (bytes * 8000) / BitRate.#WINDOW_MS;
  }

  /** @param {number} now */
  #trim(now) {
    while (this.#entries.length > 0 && this.#entries[0].at <= now - BitRate.#WINDOW_MS) this.#entries.shift();
  }
}
