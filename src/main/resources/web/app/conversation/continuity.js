import { capabilitiesOf, historyTurns } from '../state/setup.js';

/**
 * Continues one conversation over several connections: restores the transcript, sends the history to a new session, and
 * shows how much of the conversation the model still knows.
 *
 * @typedef {import('../proto/messages.js').ServiceMessage} ServiceMessage
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').Clock} clock
 * @property {import('../state/setup.js').PageConfiguration} configuration
 * @property {import('../state/transcript.js').Transcript} transcript
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {() => number} turn the newest turn
 * @property {() => number} waiting number of its last items that are not sent yet
 * @property {() => void} changed the transcript has changed
 * @property {(event: import('../state/state-store.js').Untimed) => void} dispatch
 */

export class Continuity {
  #parts;
  /** Whether the interruption was visible; the continuation is then shown, too. */
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

  /** The service has refused to resume the conversation. */
  resumeRefused() {
    this.#resumeRefused = true;
  }

  /** @param {Extract<ServiceMessage, {type: 'ready'}>} message */
  ready({ resumed, memory, answering, transcript: entries, model }) {
    const { transcript, configuration, connection, turn, waiting } = this.#parts;
    const before = transcript.current.some((item) => item.role === 'model');
    if (resumed) {
      transcript.restore(turn(), entries, answering);
      this.#continued(memory === 'rebuilt' ? 'rebuilt' : 'continued', this.#interruptionSeen || !before);
    } else if (before || this.#resumeRefused) {
      // Unsent texts are sent by TypedInput.
      const sent = transcript.current.slice(0, transcript.current.length - waiting());
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
   * Shows how the conversation continues: as a notice in the transcript if memory was lost, else as a short message.
   * @param {import('../state/machine.js').Note} note
   * @param {boolean} seen whether the interruption was visible
   */
  #continued(note, seen) {
    const { transcript, turn, changed, dispatch } = this.#parts;
    if (note === 'continued' && !seen) return;
    if (note !== 'continued') transcript.notice(turn(), `notice.${note}`);
    changed();
    dispatch({ type: 'continued', note });
  }
}
