/**
 * Why an answer has no words, or ends early: the `reason` of `turnComplete` (gemini-live-api.md section 5).
 */

/** Reasons of the service itself; it says more about them by other messages. */
const OF_SERVICE = new Set(['CONNECTION_LOST', 'PLAYED_OUT', 'INTERRUPTED']);
/** Reasons that are said although the answer has words. */
const OF_ENDING = /SAFETY|PROHIBITED|BLOCKLIST|CELEBRITY|PEOPLE|PERSON|MINORS|UNSAFE|NCII|MALFORMED/;

/**
 * @param {string | null} reason null for a normal end
 * @param {boolean} answered whether the answer has words, sound or a function call
 * @returns {string | null} id of the notice; null if there is nothing to say
 */
export function silenceNotice(reason, answered) {
  if (reason === null) return answered ? null : 'notice.silent';
  if (OF_SERVICE.has(reason) || (answered && !OF_ENDING.test(reason))) return null;
  if (reason === 'NEED_MORE_INPUT') return 'notice.needsMore';
  if (reason === 'MALFORMED_FUNCTION_CALL') return 'notice.badCall';
  if (!OF_ENDING.test(reason)) return 'notice.noAnswer';
  return /INPUT|PROMPT/.test(reason) ? 'notice.blockedInput' : 'notice.blocked';
}
