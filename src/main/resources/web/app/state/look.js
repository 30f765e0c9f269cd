import { isLive, isRunning } from './machine.js';

/**
 * The view of the state: the orb's colour, the label, the sentence below it.
 *
 * @typedef {{look: string, pill: string, caption: string, params: Record<string, string | number>}} Look
 */

/** The captions of causes for which the service was not reached. */
const NOT_REACHED = new Map([
  ['unreachable', 'unreachable'],
  ['unavailable', 'unavailable'],
  ['access_unavailable', 'unavailable'],
  ['capacity', 'full'],
]);

/** A shorter "thinking" is not shown. */
const THINKING_SHOWN_MS = 300;

/**
 * @param {import('./machine.js').State} state
 * @param {number} now
 * @param {{bargeIn: boolean}} settings
 * @returns {Look}
 */
export function lookOf(state, now, settings) {
  const { phase, flags } = state;
  /** @type {(look: string, pill?: string, caption?: string, params?: Record<string, string | number>) => Look} */
  const say = (look, pill = look, caption = pill, params = {}) => ({
    look,
    pill: `state.${pill}`,
    caption: `caption.${caption}`,
    params,
  });
  const secondsUntil = (/** @type {number} */ at) => Math.ceil((at - now) / 1000);
  if (state.modelLost && isLive(phase) && !state.facts.audible) {
    const seconds = secondsUntil(state.modelLost.at);
    return seconds > 0
      ? say('reconnecting', 'reconnecting', 'modelLost', { seconds })
      : say('reconnecting', 'reconnecting', 'modelLostNow');
  }
  switch (phase) {
    case 'reconnecting': {
      if (flags.renewing) return say(phase, phase, 'renewing');
      const seconds = secondsUntil(state.retry?.at ?? now);
      const cause = state.retry?.cause ?? '';
      const trouble = NOT_REACHED.get(cause.startsWith('ticket.') ? 'unreachable' : cause) ?? 'reconnecting';
      const pill = trouble === 'full' ? 'waiting' : phase;
      return seconds > 0 ? say(phase, pill, trouble, { seconds }) : say(phase, pill, `${trouble}Now`);
    }
    case 'ended':
      return say(phase, phase, phase, { ms: (state.endedAt ?? now) - (state.startedAt ?? now) });
    case 'thinking':
      if (state.patience !== 'none') return say(phase, phase, state.patience);
      // The voice has just ended, and its words are not transcribed yet: the look of listening to it stays.
      if (now - state.since < THINKING_SHOWN_MS)
        return state.facts.heardUser ? listening(state, say) : say('userSpeaking');
      return say(phase);
    case 'failed':
      // Not a failure: the conversation is where the person has taken it.
      if (state.problem?.id === 'moved') return say('ended', 'moved', 'moved');
      return say(
        state.problem?.source === 'microphone' ? 'attention' : phase,
        phase,
        state.session ? phase : 'notBegun',
      );
    case 'speaking':
      return say(phase, phase, settings.bargeIn && !flags.muted && !flags.textOnly ? phase : 'speakingNoBargeIn');
    case 'listening':
      return listening(state, say);
    default:
      return say(phase);
  }
}

/**
 * "Listening" is shown only while the microphone delivers audio.
 * @param {import('./machine.js').State} state
 * @param {(look: string, pill?: string, caption?: string) => Look} say
 */
function listening({ flags }, say) {
  if (flags.textOnly) return say('ready', 'ready', 'textOnly');
  if (flags.muted) return say('muted');
  if (!flags.capturing) return say('muted', 'stalled');
  if (flags.deafMic) return say('muted', 'stalled', 'deaf');
  if (flags.ptt) return say('ready', 'ptt');
  return say('listening');
}

/**
 * The action of the main button.
 * @param {import('./machine.js').State} state
 * @returns {'start' | 'startAgain' | 'tryAgain' | 'continueHere' | 'cancel' | 'end'}
 */
export function mainAction({ phase, problem, session }) {
  if (phase === 'idle') return 'start';
  if (phase === 'ended') return 'startAgain';
  if (phase === 'failed') return problem?.id === 'moved' ? 'continueHere' : 'tryAgain';
  return isRunning(phase) && !isLive(phase) && (phase !== 'reconnecting' || !session) ? 'cancel' : 'end';
}

/**
 * Whether the built-in simulator answers: as the session says, before one as the configuration says.
 * @param {import('./machine.js').State} state
 * @param {{simulated: boolean}} configuration
 */
export function isSimulated({ session }, { simulated }) {
  return session ? session.backend === 'simulator' : simulated;
}
