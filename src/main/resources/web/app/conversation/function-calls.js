/**
 * Functions that the model wants called. Who embeds the element may answer; if nobody does, the model is told so, or it
 * would wait for ever. Each call is answered once. What is answered while the connection is gone goes along when the same
 * conversation is there again. Whether the model still wants a result is for the service to judge.
 *
 * @typedef {{id?: string, name: string, response: Record<string, unknown>}} FunctionResponse
 * @typedef {import('../proto/messages.js').FunctionCall} FunctionCall
 *
 * @typedef {object} Parts
 * @property {import('../state/transcript.js').Transcript} transcript
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {(calls: FunctionCall[]) => boolean} offer whether someone will answer
 * @property {() => void} changed the transcript has
 */

export class FunctionCalls {
  #parts;
  /** @type {Set<string>} ids of calls that have been answered, of this conversation */
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

  /** The service is there. @param {boolean} resumed whether it knows the calls that are not answered yet */
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
