import { initialState, reduce } from './machine.js';

/**
 * @typedef {import('./machine.js').State} State
 * @typedef {import('./machine.js').StateEvent} StateEvent
 * @typedef {import('./machine.js').Phase} Phase
 *
 * An event without its time.
 * @typedef {StateEvent extends infer E ? E extends {at: number} ? Omit<E, 'at'> : never : never} Untimed
 */

/** The reducer with a memory: the last transitions, for the diagnostics export. */
export class StateStore {
  static #CAPACITY = 500;
  /** @type {State} */
  #state = initialState();
  /** @type {{at: number, event: string, from: Phase, to: Phase}[]} */
  #log = [];
  #changed;

  /** @param {(state: State, previous: State, event: StateEvent) => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  get state() {
    return this.#state;
  }

  /** Newest last. */
  get log() {
    return this.#log.slice();
  }

  /** @param {StateEvent} event */
  dispatch(event) {
    const previous = this.#state;
    this.#state = reduce(previous, event);
    if (this.#state === previous) return;
    const name = event.type === 'flag' ? `${event.name}=${event.value}` : event.type;
    this.#log.push({ at: event.at, event: name, from: previous.phase, to: this.#state.phase });
    if (this.#log.length > StateStore.#CAPACITY) this.#log.shift();
    this.#changed(this.#state, previous, event);
  }
}
