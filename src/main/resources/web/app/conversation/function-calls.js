/**
 * Function calls of the model. The host page may answer them; otherwise an error response is sent, because the model would
 * wait without one. Each call is answered once. Responses without a connection are sent after the same conversation is
 * resumed. The service decides whether a result is still needed.
 *
 * @typedef {{id?: string, name: string, response: Record<string, unknown>}} FunctionResponse
 * @typedef {import('../proto/messages.js').FunctionCall} FunctionCall
 *
 * @typedef {object} Parts
 * @property {import('../state/transcript.js').Transcript} transcript
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {(calls: FunctionCall[]) => boolean} offer returns whether the host page answers
 * @property {() => void} changed the transcript has changed
 */

export class FunctionCalls {
  #parts;
  /** @type {Set<string>} ids of this conversation's answered calls */
  #answered = new Set();
  /** @type {FunctionResponse[]} */
  #waiting = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {FunctionCall[]} calls */
  onCalls(calls) {
    if (this.#parts.offer(calls)) return;
    const response = { error: 'This page offers no functions.' };
    this.respond(calls.map(({ id, name }) => ({ ...(id && { id }), name, response })));
  }

  /** @param {FunctionResponse[]} functionResponses */
  respond(functionResponses) {
    const { transcript, changed } = this.#parts;
    const first = functionResponses.filter(({ id }) => !id || !this.#answered.has(id));
    if (first.length === 0) return;
    if (!this.#send(first)) this.#waiting.push(...first);
    for (const { id, response } of first) {
      if (id) this.#answered.add(id);
      transcript.toolOutcome(id ?? '', { result: response });
    }
    changed();
  }

  /** The connection is ready. @param {boolean} resumed whether the service knows the unanswered calls */
  ready(resumed) {
    const waiting = this.#waiting.splice(0);
    if (resumed && waiting.length > 0) this.#send(waiting);
    if (!resumed) this.#answered.clear();
  }

  /** @param {FunctionResponse[]} functionResponses */
  #send(functionResponses) {
    return this.#parts.connection()?.send({ toolResponse: { functionResponses } }) ?? false;
  }
}
