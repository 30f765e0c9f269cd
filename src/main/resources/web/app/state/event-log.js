/**
 * The newest messages of the connection, for developers. Bounded in number and size; nothing of it is stored or sent.
 *
 * @typedef {object} WireEvent
 * @property {number} id
 * @property {number} at milliseconds on the page's clock
 * @property {boolean} up whether the page sent it
 * @property {string} text JSON of a message; empty for media
 * @property {number} kind of media, `Kind`; 0 for a message
 * @property {number} count of media frames
 * @property {number} bytes
 */

const MOST = 400;
const LONGEST = 20_000;
/** Both directions and both cameras at once. */
const LOOK_BACK = 4;

export class EventLog {
  /** @type {WireEvent[]} */
  #events = [];
  #last = 0;

  /** Oldest first. @returns {readonly WireEvent[]} */
  get events() {
    return this.#events;
  }

  /**
   * @param {number} at
   * @param {boolean} up
   * @param {string} text
   */
  message(at, up, text) {
    this.#add({ id: ++this.#last, at, up, text: text.slice(0, LONGEST), kind: 0, count: 1, bytes: text.length });
  }

  /**
   * A frame of media; frames of one kind without a message between them are one event.
   * @param {number} at
   * @param {boolean} up
   * @param {number} kind
   * @param {number} bytes
   */
  media(at, up, kind, bytes) {
    const from = Math.max(
      0,
      this.#events.length - LOOK_BACK,
      this.#events.findLastIndex((event) => event.kind === 0) + 1,
    );
    const index = this.#events.findIndex((event, place) => place >= from && event.kind === kind && event.up === up);
    if (index < 0) {
      this.#add({ id: ++this.#last, at, up, text: '', kind, count: 1, bytes });
      return;
    }
    const event = this.#events[index];
    this.#events[index] = { ...event, count: event.count + 1, bytes: event.bytes + bytes };
  }

  /** @param {WireEvent} event */
  #add(event) {
    this.#events.push(event);
    if (this.#events.length > MOST) this.#events.shift();
  }
}
