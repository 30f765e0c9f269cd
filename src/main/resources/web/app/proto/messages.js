import { isBlank } from '../state/segments.js';
import { groundingOf } from './grounding.js';
import { list, number, numberOrNull, record, text } from './values.js';

/**
 * Decodes the text frames of `/live` (docs/live-protocol.md). Their content is untrusted.
 */

/**
 * @typedef {{id?: string, name: string, args?: unknown}} FunctionCall
 * @typedef {{type: 'ready', session: string, backend: string, model: string, setup: Record<string, unknown>,
 *     notices: string[], t: number, resumed: boolean, memory: Memory, answering: boolean, transcript: TranscriptEntry[]}
 *   | {type: 'resumeToken' | 'migrate', token: string, expiresInMs: number}
 *   | {type: 'upstream', state: 'renewing' | 'reconnecting' | 'ready', memory: Memory, retryInMs: number}
 *   | {type: 'warning', code: string, message: string, inMs: number}
 *   | {type: 'transcript', turn: number, role: 'user' | 'model', text: string, interim: boolean, finished: boolean}
 *   | {type: 'text', turn: number, text: string, thought: boolean}
 *   | {type: 'part', turn: number, code: {code: string, language: string} | null,
 *     outcome: {output: string, failed: boolean} | null}
 *   | {type: 'interrupted', turn: number}
 *   | {type: 'generationComplete', turn: number}
 *   | {type: 'turnComplete', turn: number, reason: string | null}
 *   | {type: 'status', turn: number, status: string}
 *   | {type: 'toolCall', turn: number, calls: FunctionCall[]}
 *   | {type: 'toolCallCancellation', ids: string[]}
 *   | {type: 'grounding', turn: number, sources: Source[], suggestions: Suggestion[]}
 *   | {type: 'usage', turn: number, promptTokens: number, responseTokens: number, totalTokens: number,
 *     metadata: Record<string, unknown>}
 *   | {type: 'voiceActivity', activity: 'start' | 'end'}
 *   | {type: 'timing', turn: number, stamps: ServiceStamps}
 *   | {type: 'pong', t: number, received: number, sent: number}
 *   | {type: 'error', code: string, message: string, remedy: string | null, fatal: boolean, retryAfter: number | null}
 *   | {type: 'unknown', name: string}
 *   | {type: 'malformed', problem: string}} ServiceMessage
 *
 * @typedef {import('./grounding.js').Source} Source
 * @typedef {import('./grounding.js').Suggestion} Suggestion
 *
 * The model's memory after a resumption: complete, or rebuilt from the transcript.
 * @typedef {'new' | 'resumed' | 'rebuilt'} Memory
 *
 * @typedef {{role: 'user' | 'model', text: string}} TranscriptEntry of the service's transcript
 *
 * Moments of one turn on the service's clock, milliseconds since session start; null if not measured.
 * @typedef {{inputReceived: number | null, inputWritten: number | null, firstAudioReceived: number | null,
 *     firstAudioWritten: number | null}} ServiceStamps
 */

/** @param {unknown} value @returns {Memory} */
const memory = (value) => (value === 'resumed' || value === 'rebuilt' ? value : 'new');

/** @param {unknown} value @returns {TranscriptEntry[]} */
const transcriptEntries = (value) =>
  list(value)
    .map(record)
    .filter((entry) => !isBlank(text(entry.text)))
    .map((entry) => ({ role: entry.role === 'user' ? 'user' : 'model', text: text(entry.text) }));

/** @param {unknown} value @returns {FunctionCall} */
function functionCall(value) {
  const call = record(value);
  return { id: text(call.id) || undefined, name: text(call.name), args: call.args };
}

/**
 * Code that the model runs, or its outcome.
 * @param {Record<string, unknown>} part
 */
function codeOf({ executableCode, codeExecutionResult }) {
  const program = record(executableCode);
  const result = record(codeExecutionResult);
  return {
    code: executableCode ? { code: text(program.code), language: text(program.language) } : null,
    outcome: codeExecutionResult
      ? { output: text(result.output), failed: text(result.outcome) !== 'OUTCOME_OK' }
      : null,
  };
}

/**
 * @param {string} frame
 * @returns {ServiceMessage}
 */
export function decodeMessage(frame) {
  /** @type {unknown} */
  let parsed;
  try {
    parsed = JSON.parse(frame);
  } catch (error) {
    return { type: 'malformed', problem: /** @type {Error} */ (error).message };
  }
  const m = record(parsed);
  const turn = number(m.turn);
  switch (m.type) {
    case 'ready':
      return {
        type: 'ready',
        session: text(m.session),
        backend: text(m.backend),
        model: text(m.model),
        setup: record(m.setup),
        notices: list(m.notices).map(text).filter(Boolean),
        t: number(m.t),
        resumed: m.resumed === true,
        memory: memory(m.memory),
        answering: m.answering === true,
        transcript: transcriptEntries(m.transcript),
      };
    case 'resumeToken':
    case 'migrate':
      return { type: m.type, token: text(m.token), expiresInMs: number(m.expiresInMs) };
    case 'upstream':
      return {
        type: 'upstream',
        state: m.state === 'renewing' || m.state === 'reconnecting' ? m.state : 'ready',
        memory: memory(m.memory),
        retryInMs: number(m.retryInMs),
      };
    case 'warning':
      return { type: 'warning', code: text(m.code), message: text(m.message), inMs: number(m.inMs) };
    case 'transcript':
      return {
        type: 'transcript',
        turn,
        role: m.role === 'user' ? 'user' : 'model',
        text: text(m.text),
        interim: m.interim === true,
        finished: m.finished === true,
      };
    case 'text':
      return { type: 'text', turn, text: text(m.text), thought: m.thought === true };
    case 'part':
      return { type: 'part', turn, ...codeOf(record(m.part)) };
    case 'interrupted':
    case 'generationComplete':
      return { type: m.type, turn };
    case 'turnComplete':
      return { type: 'turnComplete', turn, reason: text(m.reason) || null };
    case 'status':
      return { type: 'status', turn, status: text(m.status) };
    case 'toolCall':
      return { type: 'toolCall', turn, calls: list(m.calls).map(functionCall) };
    case 'toolCallCancellation':
      return { type: 'toolCallCancellation', ids: list(m.ids).map(text).filter(Boolean) };
    case 'grounding':
      return { type: 'grounding', turn, ...groundingOf(m) };
    case 'usage':
      return {
        type: 'usage',
        turn,
        promptTokens: number(m.promptTokens),
        responseTokens: number(m.responseTokens),
        totalTokens: number(m.totalTokens),
        metadata: record(m.usageMetadata),
      };
    case 'voiceActivity':
      return { type: 'voiceActivity', activity: m.activity === 'end' ? 'end' : 'start' };
    case 'timing':
      return {
        type: 'timing',
        turn,
        stamps: {
          inputReceived: numberOrNull(m.inputReceived),
          inputWritten: numberOrNull(m.inputWritten),
          firstAudioReceived: numberOrNull(m.firstAudioReceived),
          firstAudioWritten: numberOrNull(m.firstAudioWritten),
        },
      };
    case 'pong':
      return { type: 'pong', t: number(m.t), received: number(m.received), sent: number(m.sent) };
    case 'error':
      return {
        type: 'error',
        code: text(m.code) || 'internal',
        message: text(m.message),
        remedy: text(m.remedy) || null,
        fatal: m.fatal === true,
        retryAfter: numberOrNull(m.retryAfter),
      };
    default:
      return typeof m.type === 'string'
        ? { type: 'unknown', name: m.type }
        : { type: 'malformed', problem: 'a message without a type' };
  }
}
