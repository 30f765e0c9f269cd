/**
 * The conversation's state: one pure reducer, from which everything on screen is derived.
 *
 * What the connection does is explicit in `phase`. While a conversation is live, the phase follows from facts:
 *
 *   speaking      sound of the model is audible
 *   interrupted   it was cut and has not fallen silent yet
 *   userSpeaking  the user's voice is heard (or push to talk is held)
 *   thinking      input is complete and nothing has come back yet
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
 * @property {boolean} ptt push to talk instead of automatic turn detection
 * @property {boolean} textOnly no microphone in this conversation
 * @property {boolean} camera
 * @property {boolean} screen
 * @property {boolean} soundBlocked the browser does not let us play
 * @property {boolean} deafMic the microphone delivers nothing but zeros
 * @property {boolean} slowNetwork
 * @property {boolean} hidden
 * @property {boolean} renewing the service announced that the connection will be replaced
 * @property {boolean} capturing a capture message arrived within the last second
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
 * @property {{attempt: number, at: number} | null} retry
 * @property {Problem | null} problem why the conversation failed, or what is wrong beside it
 * @property {'none' | 'waiting' | 'askAgain'} patience
 * @property {number | null} startedAt
 * @property {number | null} endedAt
 */

/**
 * @typedef {{at: number} & (
 *     {type: 'start', textOnly: boolean}
 *   | {type: 'microphoneReady'}
 *   | {type: 'ready', session: {id: string, backend: string, model: string, notices: string[]}}
 *   | {type: 'lost', attempt: number, retryAt: number, renewing: boolean}
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
 *   | {type: 'turnOver'}
 *   | {type: 'tick'}
 *   | {type: 'flag', name: keyof Flags, value: boolean})} StateEvent
 */

const FIRST_CONTENT_MS = 10_000;
const ASK_AGAIN_MS = 30_000;

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
      ptt: false,
      textOnly: false,
      camera: false,
      screen: false,
      soundBlocked: false,
      deafMic: false,
      slowNetwork: false,
      hidden: false,
      renewing: false,
      capturing: false,
    },
    facts: QUIET,
    session: null,
    retry: null,
    problem: null,
    patience: 'none',
    startedAt: null,
    endedAt: null,
  };
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
        flags: { ...state.flags, textOnly: event.textOnly, renewing: false, deafMic: false, capturing: false },
        facts: QUIET,
        session: null,
        retry: null,
        problem: null,
        patience: 'none',
        startedAt: event.at,
        endedAt: null,
      };
    case 'microphoneReady':
      return state.phase === 'permission' ? { ...state, phase: 'connecting' } : state;
    case 'ready':
      if (state.phase !== 'connecting' && state.phase !== 'reconnecting') return state;
      return {
        ...state,
        phase: 'listening',
        flags: { ...state.flags, renewing: false },
        facts: QUIET,
        session: event.session,
        retry: null,
        patience: 'none',
      };
    case 'lost':
      if (!isRunning(state.phase)) return state;
      return {
        ...state,
        phase: 'reconnecting',
        flags: { ...state.flags, renewing: event.renewing },
        facts: QUIET,
        retry: { attempt: event.attempt, at: event.retryAt },
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
        facts: QUIET,
        retry: null,
        problem: event.problem,
        patience: 'none',
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
        retry: null,
        problem: null,
        patience: 'none',
        endedAt: event.at,
      };
    case 'flag':
      return state.flags[event.name] === event.value
        ? state
        : { ...state, flags: { ...state.flags, [event.name]: event.value } };
    case 'tick':
      return withPatience(state, event.at);
    default:
      return isLive(state.phase) ? stepLive(state, event) : state;
  }
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
  return { ...state, facts, phase: livePhase(facts), patience };
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
      // It may come when nothing is playing; then there is nothing to see.
      return facts.audible ? { ...facts, interrupting: true } : facts;
    case 'flushed':
      return facts.audible || facts.interrupting ? { ...facts, audible: false, interrupting: false } : facts;
    case 'turnOver':
      return facts.turnOver && !facts.awaiting ? facts : { ...facts, turnOver: true, awaiting: false, content: false };
    default:
      return facts;
  }
}

/**
 * What to say when an answer takes its time. Noise taken for speech is given up quietly.
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
