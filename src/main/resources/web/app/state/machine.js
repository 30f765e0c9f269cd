/**
 * The conversation's state machine: one pure reducer. The whole screen is derived from its state.
 *
 * `phase` holds the state of the connection. While a conversation is live, the phase follows from facts:
 *
 *   speaking      the model is audible
 *   interrupted   the model was interrupted and is not silent yet
 *   userSpeaking  the user's voice is heard (or push to talk is held)
 *   thinking      input is complete and no content has arrived
 *   listening     none of these
 */

/**
 * @typedef {'idle' | 'permission' | 'connecting' | 'listening' | 'userSpeaking' | 'thinking' | 'speaking'
 *   | 'interrupted' | 'reconnecting' | 'failed' | 'ended'} Phase
 *
 * @typedef {import('../net/errors.js').Problem} Problem
 *
 * @typedef {object} Flags
 * @property {boolean} muted
 * @property {boolean} silent answers are not played aloud
 * @property {boolean} ptt push to talk instead of automatic turn detection
 * @property {boolean} textOnly no microphone in this conversation
 * @property {boolean} camera
 * @property {boolean} screen
 * @property {boolean} soundBlocked the browser blocks playback
 * @property {boolean} microphoneBlocked the browser suspends the capture context, although there is a microphone
 * @property {boolean} deafMic the microphone delivers nothing but zeros
 * @property {boolean} slowNetwork
 * @property {boolean} hidden
 * @property {boolean} renewing the page's or the model's connection is being replaced, as announced
 * @property {boolean} capturing a capture message arrived within the last second
 *
 * @typedef {'continued' | 'rebuilt' | 'told' | 'fresh'} Note how a conversation continued: with the model's full memory,
 *   with a memory that the service has rebuilt, as a new session with the transcript as history, or as a new session without
 *
 * @typedef {object} Facts
 * @property {boolean} audible
 * @property {boolean} interrupting
 * @property {boolean} userTalking
 * @property {boolean} awaiting input is complete, no content yet
 * @property {number} awaitingSince
 * @property {boolean} heardUser the service transcribed something of the awaited input, or it was typed
 * @property {boolean} content the running turn has brought content
 * @property {boolean} turnOver
 *
 * @typedef {object} State
 * @property {Phase} phase
 * @property {number} since when the phase began
 * @property {Flags} flags
 * @property {Facts} facts
 * @property {{id: string, backend: string, model: string, notices: string[]} | null} session
 * @property {{attempt: number, at: number, cause: string} | null} retry with the id of the problem
 * @property {{at: number} | null} modelLost the service reconnects to the model; time of the next attempt
 * @property {{note: Note, at: number} | null} passing shown for a moment after the conversation continued
 * @property {{code: string, at: number} | null} warning time at which the conversation ends
 * @property {Problem | null} problem why the conversation failed, or a problem that does not end it
 * @property {'none' | 'waiting' | 'askAgain'} patience
 * @property {number | null} startedAt
 * @property {number | null} endedAt
 */

/**
 * @typedef {{at: number} & (
 *     {type: 'start', textOnly: boolean}
 *   | {type: 'microphoneReady'}
 *   | {type: 'ready', session: {id: string, backend: string, model: string, notices: string[]}}
 *   | {type: 'migrating'}
 *   | {type: 'continued', note: Note}
 *   | {type: 'model', connection: 'renewing' | 'ready'} | {type: 'model', connection: 'reconnecting', retryAt: number}
 *   | {type: 'warning', code: string, endsAt: number}
 *   | {type: 'stayed'}
 *   | {type: 'lost', attempt: number, retryAt: number, renewing: boolean, cause: string}
 *   | {type: 'retrying'}
 *   | {type: 'failed', problem: Problem}
 *   | {type: 'trouble', problem: Problem | null}
 *   | {type: 'end'}
 *   | {type: 'speechStart'} | {type: 'speechEnd'}
 *   | {type: 'inputComplete', typed: boolean}
 *   | {type: 'userTranscript'}
 *   | {type: 'content'}
 *   | {type: 'audible'} | {type: 'silent'}
 *   | {type: 'interrupted'} | {type: 'flushed'}
 *   | {type: 'turnOver', begunAt: number}
 *   | {type: 'tick'}
 *   | {type: 'flag', name: keyof Flags, value: boolean})} StateEvent
 */

const FIRST_CONTENT_MS = 10_000;
const ASK_AGAIN_MS = 30_000;
/** How long the message about a continued conversation is shown. */
const PASSING_MS = 6000;
/** Any input cancels this warning. */
const IDLE = 'idle_timeout';

/** @type {Facts} */
const QUIET = Object.freeze({
  audible: false,
  interrupting: false,
  userTalking: false,
  awaiting: false,
  awaitingSince: 0,
  heardUser: false,
  content: false,
  turnOver: true,
});

/** The state's members about pending events, all empty. */
const NOTHING_PENDING = Object.freeze({
  retry: null,
  modelLost: null,
  passing: null,
  warning: null,
  patience: /** @type {'none'} */ ('none'),
});

/** Phases in which an open conversation can be. */
const LIVE = new Set(['listening', 'userSpeaking', 'thinking', 'speaking', 'interrupted']);

/** @param {Phase} phase */
export function isLive(phase) {
  return LIVE.has(phase);
}

/** Whether a conversation is under way, connected or not. @param {Phase} phase */
export function isRunning(phase) {
  return isLive(phase) || phase === 'permission' || phase === 'connecting' || phase === 'reconnecting';
}

/** @returns {State} */
export function initialState() {
  return {
    phase: 'idle',
    since: 0,
    flags: {
      muted: false,
      silent: false,
      ptt: false,
      textOnly: false,
      camera: false,
      screen: false,
      soundBlocked: false,
      microphoneBlocked: false,
      deafMic: false,
      slowNetwork: false,
      hidden: false,
      renewing: false,
      capturing: false,
    },
    facts: QUIET,
    session: null,
    ...NOTHING_PENDING,
    problem: null,
    startedAt: null,
    endedAt: null,
  };
}

/** The facts after the end of a connection: audio that has arrived is still played. @param {Facts} facts @returns {Facts} */
function afterConnection({ audible, interrupting }) {
  return audible || interrupting ? { ...QUIET, audible, interrupting } : QUIET;
}

/** @param {Facts} facts @returns {Phase} */
function livePhase(facts) {
  if (facts.interrupting) return 'interrupted';
  if (facts.audible) return 'speaking';
  if (facts.userTalking) return 'userSpeaking';
  if (facts.awaiting) return 'thinking';
  return 'listening';
}

/**
 * @param {State} state
 * @param {StateEvent} event
 * @returns {State} the same object when nothing changed
 */
export function reduce(state, event) {
  const next = step(state, event);
  if (next === state) return state;
  return next.phase === state.phase ? next : { ...next, since: event.at };
}

/**
 * @param {State} state
 * @param {StateEvent} event
 * @returns {State}
 */
function step(state, event) {
  switch (event.type) {
    case 'start':
      if (isRunning(state.phase)) return state;
      return {
        ...state,
        phase: event.textOnly ? 'connecting' : 'permission',
        flags: {
          ...state.flags,
          textOnly: event.textOnly,
          renewing: false,
          deafMic: false,
          microphoneBlocked: false,
          capturing: false,
        },
        facts: QUIET,
        session: null,
        ...NOTHING_PENDING,
        problem: null,
        startedAt: event.at,
        endedAt: null,
      };
    case 'microphoneReady':
      return state.phase === 'permission' ? { ...state, phase: 'connecting' } : state;
    case 'ready':
      if (!isRunning(state.phase) || state.phase === 'permission') return state;
      return {
        ...state,
        phase: livePhase(afterConnection(state.facts)),
        flags: { ...state.flags, renewing: false },
        facts: afterConnection(state.facts),
        session: event.session,
        retry: null,
        modelLost: null,
        warning: null,
        patience: 'none',
      };
    case 'migrating':
      return isLive(state.phase) ? { ...state, flags: { ...state.flags, renewing: true } } : state;
    case 'continued':
      return { ...state, passing: { note: event.note, at: event.at } };
    case 'model':
      if (!isLive(state.phase)) return state;
      return {
        ...state,
        flags: { ...state.flags, renewing: event.connection === 'renewing' },
        modelLost: event.connection === 'reconnecting' ? { at: event.retryAt } : null,
      };
    case 'warning':
      return isLive(state.phase) ? { ...state, warning: { code: event.code, at: event.endsAt } } : state;
    case 'lost':
      if (!isRunning(state.phase)) return state;
      return {
        ...state,
        phase: 'reconnecting',
        flags: { ...state.flags, renewing: event.renewing },
        facts: afterConnection(state.facts),
        retry: { attempt: event.attempt, at: event.retryAt, cause: event.cause },
        modelLost: null,
        warning: null,
        patience: 'none',
      };
    case 'retrying':
      return state.phase === 'reconnecting' && state.retry
        ? { ...state, retry: { ...state.retry, at: event.at } }
        : state;
    case 'failed':
      return {
        ...state,
        phase: 'failed',
        flags: { ...state.flags, renewing: false },
        facts: QUIET,
        ...NOTHING_PENDING,
        problem: event.problem,
        endedAt: event.at,
      };
    case 'trouble':
      return state.problem === event.problem || state.phase === 'failed' ? state : { ...state, problem: event.problem };
    case 'end':
      if (!isRunning(state.phase)) return state;
      return {
        ...state,
        phase: 'ended',
        flags: { ...state.flags, camera: false, screen: false, capturing: false, renewing: false, slowNetwork: false },
        facts: QUIET,
        ...NOTHING_PENDING,
        problem: null,
        endedAt: event.at,
      };
    case 'flag':
      return state.flags[event.name] === event.value
        ? state
        : { ...state, flags: { ...state.flags, [event.name]: event.value } };
    case 'stayed':
      return state.warning ? { ...state, warning: null } : state;
    case 'tick':
      return withPatience(withoutExpired(state, event.at), event.at);
    default:
      if (isLive(state.phase)) return stepLive(state, event);
      return state.phase === 'reconnecting' ? stepDisconnected(state, event) : state;
  }
}

/**
 * Without a connection only the events of playback count.
 * @param {State} state
 * @param {StateEvent} event
 * @returns {State}
 */
function stepDisconnected(state, event) {
  if (event.type !== 'silent' && event.type !== 'flushed' && event.type !== 'interrupted') return state;
  const facts = liveFacts(state.facts, event);
  return facts === state.facts ? state : { ...state, facts };
}

/**
 * @param {State} state
 * @param {StateEvent} event
 * @returns {State}
 */
function stepLive(state, event) {
  const facts = liveFacts(state.facts, event);
  if (facts === state.facts) return state;
  const patience = facts.awaiting && facts.awaitingSince === state.facts.awaitingSince ? state.patience : 'none';
  const warning = state.warning?.code === IDLE && isActivity(event) ? null : state.warning;
  return { ...state, facts, phase: livePhase(facts), patience, warning };
}

/** Whether the service counts the event as activity. @param {StateEvent} event */
function isActivity({ type }) {
  return type === 'inputComplete' || type === 'speechStart' || type === 'content';
}

/**
 * Removes an expired message.
 * @param {State} state
 * @param {number} now
 * @returns {State}
 */
function withoutExpired(state, now) {
  const passing = state.passing && now - state.passing.at < PASSING_MS ? state.passing : null;
  return passing === state.passing ? state : { ...state, passing };
}

/**
 * @param {Facts} facts
 * @param {StateEvent} event
 * @returns {Facts}
 */
function liveFacts(facts, event) {
  switch (event.type) {
    case 'speechStart':
      return facts.userTalking ? facts : { ...facts, userTalking: true };
    case 'speechEnd':
      return facts.userTalking ? { ...facts, userTalking: false } : facts;
    case 'inputComplete':
      return {
        ...facts,
        userTalking: false,
        awaiting: true,
        awaitingSince: event.at,
        heardUser: event.typed,
        content: false,
      };
    case 'userTranscript':
      return facts.awaiting && !facts.heardUser ? { ...facts, heardUser: true } : facts;
    case 'content':
      if (facts.content && !facts.turnOver) return facts;
      return { ...facts, content: true, turnOver: false };
    case 'audible':
      return facts.audible ? facts : { ...facts, audible: true, awaiting: false };
    case 'silent':
      return facts.audible || facts.interrupting ? { ...facts, audible: false, interrupting: false } : facts;
    case 'interrupted':
      // Without playback an interruption does not change the phase.
      return facts.audible ? { ...facts, interrupting: true } : facts;
    case 'flushed':
      return facts.audible || facts.interrupting ? { ...facts, audible: false, interrupting: false } : facts;
    case 'turnOver':
      return turnOver(facts, event.begunAt);
    default:
      return facts;
  }
}

/**
 * The end of a turn ends the wait for it, but not the wait for the answer to input that came after its beginning.
 * @param {Facts} facts
 * @param {number} begunAt time of the turn's first content
 * @returns {Facts}
 */
function turnOver(facts, begunAt) {
  const awaiting = facts.awaiting && facts.awaitingSince > begunAt;
  if (facts.turnOver && awaiting === facts.awaiting) return facts;
  return { ...facts, turnOver: true, awaiting, content: false };
}

/**
 * Sets the message for a slow answer. If the service has transcribed nothing, the input was noise and the wait ends.
 * @param {State} state
 * @param {number} now
 * @returns {State}
 */
function withPatience(state, now) {
  if (state.phase !== 'thinking' || state.facts.content) return state;
  const waited = now - state.facts.awaitingSince;
  if (waited < FIRST_CONTENT_MS) return state;
  if (!state.facts.heardUser) {
    const facts = { ...state.facts, awaiting: false };
    return { ...state, facts, phase: livePhase(facts), patience: 'none' };
  }
  const patience = waited < ASK_AGAIN_MS ? 'waiting' : 'askAgain';
  return patience === state.patience ? state : { ...state, patience };
}
