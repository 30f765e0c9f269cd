/**
 * Everything that can go wrong, sorted into what a person can do about it. Words are ids of `i18n`; the service's own
 * sentence travels along where there is one.
 */

/**
 * @typedef {object} Problem
 * @property {string} id name of the text: `problem.<id>`
 * @property {'microphone' | 'camera' | 'screen' | 'sound' | 'service' | 'network' | 'page'} source
 * @property {'again' | 'never' | 'later' | 'auto'} retry whether another attempt is useful; `auto` is tried automatically
 * @property {Record<string, string>} params for the text
 * @property {string} detail technical, for the collapsed part
 * @property {number | null} retryAfterMs the next sensible moment, if the service named one
 */

/**
 * @param {string} id
 * @param {Problem['source']} source
 * @param {Partial<Problem>} [members]
 * @returns {Problem}
 */
export function problem(id, source, members = {}) {
  return { id, source, retry: 'again', params: {}, detail: '', retryAfterMs: null, ...members };
}

/**
 * A rejected `getUserMedia`.
 * @param {'microphone' | 'camera'} device
 * @param {unknown} error
 * @param {{secure: boolean, permission: string | null}} page permission is the state after the rejection
 * @returns {Problem}
 */
export function mediaProblem(device, error, { secure, permission }) {
  const { name = '', message = '' } = /** @type {{name?: string, message?: string}} */ (error ?? {});
  const detail = [name, message].filter(Boolean).join(': ');
  if (!secure) return problem('insecure', device, { retry: 'never', detail });
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return problem(permission === 'prompt' ? `${device}.dismissed` : `${device}.blocked`, device, { detail });
    case 'NotFoundError':
    case 'OverconstrainedError':
      return problem(`${device}.none`, device, { detail });
    case 'NotReadableError':
    case 'AbortError':
      return problem(`${device}.busy`, device, { detail });
    default:
      return problem(`${device}.other`, device, { detail });
  }
}

/**
 * A rejected `getDisplayMedia`; null when the person merely cancelled.
 * @param {unknown} error
 * @returns {Problem | null}
 */
export function screenProblem(error) {
  const { name = '', message = '' } = /** @type {{name?: string, message?: string}} */ (error ?? {});
  if (name === 'NotAllowedError' || name === 'AbortError') return null;
  return problem('screen.other', 'screen', { detail: [name, message].filter(Boolean).join(': ') });
}

/**
 * What was thrown while the microphone was being opened.
 * @param {unknown} error
 * @returns {Problem}
 */
export function asProblem(error) {
  return asProblemOf(error, () => problem('microphone.module', 'microphone', { detail: String(error) }));
}

/**
 * @param {unknown} error thrown
 * @param {() => Problem} otherwise what it means when it is no problem itself
 * @returns {Problem}
 */
export function asProblemOf(error, otherwise) {
  const candidate = /** @type {Partial<Problem> | null} */ (error);
  const isProblem = typeof candidate?.id === 'string' && typeof candidate.source === 'string';
  return isProblem ? /** @type {Problem} */ (error) : otherwise();
}

/** Endings that come by themselves and go by themselves. */
const TRANSIENT = new Set([
  'access_unavailable',
  'capacity',
  'client_lost',
  'drain',
  'upstream_lost',
  'upstream_closed',
  'upstream_unreachable',
  'slow_consumer',
  'client_stalled',
  'internal',
]);
/**
 * Maximum number of consecutive automatic attempts per cause; then the user decides. Lower for answers of the service,
 * which rarely change within seconds, than for failures of the network.
 */
const ATTEMPTS = new Map([
  ['access_unavailable', 3],
  ['upstream_unreachable', 3],
  ['internal', 3],
  ['ticket.unavailable', 3],
  ['ticket.timeout', 1],
  ['upstream_lost', 6],
  ['upstream_closed', 6],
  ['slow_consumer', 6],
  ['client_stalled', 6],
  // Six minutes and more: a place becomes free when a conversation ends.
  ['capacity', 60],
]);
const MOST_ATTEMPTS = 30;

/** @param {Problem} cause */
export function automaticAttempts({ id, retry }) {
  return retry === 'auto' ? (ATTEMPTS.get(id) ?? MOST_ATTEMPTS) : 0;
}

/** Errors about single messages of the page; the user can't do anything about them. */
const ASIDE = new Set(['tool_call_gone']);

/** Whether an error that does not end the connection is shown to the user. @param {string} code */
export function concernsPerson(code) {
  return !ASIDE.has(code);
}

/** Only the operator or other settings can fix these; there is no retry. */
const HOPELESS = new Set([
  'policy',
  'upstream_credentials',
  'upstream_region',
  'bad_setup',
  'upstream_rejected',
  'upstream_model',
  'origin',
]);
const LATER = new Set(['upstream_quota', 'concurrency', 'rate', 'budget']);
const KNOWN = new Set([
  ...TRANSIENT,
  ...HOPELESS,
  ...LATER,
  'moved',
  'resume_refused',
  'setup_timeout',
  'message_too_big',
  'memory_limit',
  'rate_limit',
  'idle_timeout',
  'max_duration',
  'auth_missing',
  'auth_invalid',
  'auth_expired',
  'ambiguous_credentials',
  'forbidden',
]);

/**
 * An `error` message of the service, or what its close frame stands for.
 * @param {{code: string, message?: string, remedy?: string | null, retryAfter?: number | null}} error
 * @param {string} [session] reference for the operator
 * @returns {Problem}
 */
export function serviceProblem({ code, message = '', remedy = null, retryAfter = null }, session = '') {
  const retry = TRANSIENT.has(code) ? 'auto' : HOPELESS.has(code) ? 'never' : LATER.has(code) ? 'later' : 'again';
  return problem(KNOWN.has(code) ? code : 'other', 'service', {
    retry,
    params: { message: [message, remedy ?? ''].filter(Boolean).join(' '), session },
    detail: [code, session && `session ${session}`].filter(Boolean).join(', '),
    retryAfterMs: retryAfter,
  });
}

/**
 * A closed socket without an `error` message before it.
 * @param {{code: number, reason: string, opened: boolean}} close
 * @returns {Problem}
 */
export function closeProblem({ code, reason, opened }) {
  const detail = [`close ${code}`, reason].filter(Boolean).join(', ');
  const from = (/** @type {string} */ name) => ({ ...serviceProblem({ code: name, message: reason }), detail });
  switch (code) {
    case 1000:
      return from('upstream_closed');
    case 1001:
    case 1012:
      return from('drain');
    case 1007:
      return from('bad_setup');
    case 1008:
      return from('policy');
    case 1009:
      return from('message_too_big');
    case 1011:
      return from('internal');
    case 1013:
      return from('capacity');
    case 4000:
      return from('idle_timeout');
    case 4001:
      return from('max_duration');
    case 4002:
      return from('moved');
    case 4003:
      return from('resume_refused');
    case 4004:
      return from('budget');
    case 4005:
      return from('auth_expired');
    default:
      return problem(opened ? 'lost' : 'unreachable', 'network', { retry: 'auto', detail });
  }
}
