/**
 * Functions that the model wants called. Who embeds the element may answer; if nobody does, the model is told so, or it
 * would wait for ever.
 *
 * @typedef {import('./proto/messages.js').FunctionCall} FunctionCall
 *
 * @typedef {object} Parts
 * @property {import('./state/transcript.js').Transcript} transcript
 * @property {() => import('./net/connection.js').Connection | null} connection
 * @property {(calls: FunctionCall[]) => boolean} offer whether someone will answer
 * @property {() => void} changed the transcript has
 */

export class FunctionCalls {
  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {FunctionCall[]} calls */
  wanted(calls) {
    if (this.#parts.offer(calls)) return;
    const response = { error: 'This page offers no functions.' };
    this.respond(calls.map(({ id, name }) => ({ ...(id && { id }), name, response })));
  }

  /** @param {{id?: string, name: string, response: Record<string, unknown>}[]} functionResponses */
  respond(functionResponses) {
    const { transcript, connection, changed } = this.#parts;
    for (const { id, response } of functionResponses) transcript.toolOutcome(id ?? '', { result: response });
    connection()?.send({ toolResponse: { functionResponses } });
    changed();
  }
}
