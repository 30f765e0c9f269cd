/** The service's clock, seen from here through pings. */
export class ServiceClock {
  static #KEPT = 8;
  /** @type {{rtt: number, offset: number}[]} */
  #samples = [];

  /**
   * @param {number} sentHere on the page's clock
   * @param {number} received the service's clock at arrival
   * @param {number} answered the service's clock at departure
   * @param {number} arrivedHere on the page's clock
   * @returns {number} round-trip time without the service's own share, milliseconds
   */
  add(sentHere, received, answered, arrivedHere) {
    const rtt = Math.max(0, arrivedHere - sentHere - (answered - received));
    const offset = (received - sentHere + (answered - arrivedHere)) / 2;
    this.#samples.push({ rtt, offset });
    if (this.#samples.length > ServiceClock.#KEPT) this.#samples.shift();
    return rtt;
  }

  /** Newest round-trip time. @returns {number | null} */
  get rtt() {
    return this.#samples.at(-1)?.rtt ?? null;
  }

  /** Service clock minus the page's clock, from the ping with the shortest round trip. @returns {number | null} */
  get offset() {
    if (this.#samples.length === 0) return null;
    return this.#samples.reduce((best, sample) => (sample.rtt < best.rtt ? sample : best)).offset;
  }

  reset() {
    this.#samples = [];
  }
}
