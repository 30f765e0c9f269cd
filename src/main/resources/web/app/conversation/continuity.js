import { capabilitiesOf, historyTurns } from '../state/setup.js';

/**
 * One conversation over changing connections: how it went on, what the model still knows of it, and what threatens to
 * end it. Says only what the service said.
 *
 * @typedef {import('../proto/messages.js').ServiceMessage} ServiceMessage
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').Clock} clock
 * @property {import('../state/setup.js').PageConfiguration} configuration
 * @property {import('../state/transcript.js').Transcript} transcript
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {() => number} turn the newest
 * @property {() => number} waiting how many of its last items have not been sent yet
 * @property {() => void} changed the transcript has
 * @property {(event: import('../state/state-store.js').Untimed) => void} dispatch
 */

export class Continuity {
  #parts;
  /** The person has seen that it was interrupted, so they shall see that it goes on. */
  #interruptionSeen = false;
  #resumeRefused = false;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  begin() {
    this.#interruptionSeen = false;
    this.#resumeRefused = false;
  }

  connectionLost() {
    this.#interruptionSeen = true;
  }

  /** The service does not take it up again. */
  resumeRefused() {
    this.#resumeRefused = true;
  }

  /** @param {Extract<ServiceMessage, {type: 'ready'}>} message */
  ready({ resumed, memory, answering, transcript: entries, model }) {
    const { transcript, configuration, connection, turn, waiting } = this.#parts;
    const before = transcript.items.some((item) => item.role === 'model');
    if (resumed) {
      transcript.restore(turn(), entries, answering);
      this.#continued(memory === 'rebuilt' ? 'rebuilt' : 'continued', this.#interruptionSeen || !before);
    } else if (before || this.#resumeRefused) {
      // What was typed meanwhile is sent by itself.
      const sent = transcript.items.slice(0, transcript.items.length - waiting());
      const history = capabilitiesOf(configuration, model)?.history ? historyTurns(sent) : [];
      if (history.length > 0) connection()?.send({ clientContent: { turns: history, turnComplete: false } });
      this.#continued(history.length > 0 ? 'told' : 'fresh', true);
    }
    this.begin();
  }

  /** @param {Extract<ServiceMessage, {type: 'upstream'}>} message */
  upstream({ state, memory, retryInMs }) {
    const { clock, dispatch } = this.#parts;
    switch (state) {
      case 'renewing':
        dispatch({ type: 'model', connection: 'renewing' });
        return;
      case 'reconnecting':
        this.#interruptionSeen = true;
        dispatch({ type: 'model', connection: 'reconnecting', retryAt: clock.now() + retryInMs });
        return;
      case 'ready':
        dispatch({ type: 'model', connection: 'ready' });
        this.#continued(memory === 'rebuilt' ? 'rebuilt' : 'continued', this.#interruptionSeen);
        this.#interruptionSeen = false;
    }
  }

  /** @param {Extract<ServiceMessage, {type: 'warning'}>} message */
  warning({ code, inMs }) {
    const { clock, dispatch } = this.#parts;
    dispatch({ type: 'warning', code, endsAt: clock.now() + inMs });
  }

  /**
   * Memory that was lost, in part or whole, is said where the person reads; a memory that is whole only in passing.
   * @param {import('../state/machine.js').Note} note
   * @param {boolean} seen whether anybody noticed that it was gone
   */
  #continued(note, seen) {
    const { transcript, turn, changed, dispatch } = this.#parts;
    if (note === 'continued' && !seen) return;
    if (note !== 'continued') transcript.notice(turn(), `notice.${note}`);
    changed();
    dispatch({ type: 'continued', note });
  }
}
