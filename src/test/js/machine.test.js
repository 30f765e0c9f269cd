import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from '../../main/resources/web/app/net/errors.js';
import { lookOf, mainAction } from '../../main/resources/web/app/state/look.js';
import { initialState, reduce } from '../../main/resources/web/app/state/machine.js';
import { StateStore } from '../../main/resources/web/app/state/state-store.js';

/** @typedef {import('../../main/resources/web/app/state/machine.js').State} State */
/** @typedef {import('../../main/resources/web/app/state/machine.js').StateEvent} StateEvent */
/** @typedef {StateEvent extends infer E ? E extends StateEvent ? Omit<E, 'at'> : never : never} Event */

const session = { id: 's', backend: 'simulator', model: 'm', notices: [] };

/** @type {Record<string, Event>} */
const e = {
  start: { type: 'start', textOnly: false },
  type: { type: 'start', textOnly: true },
  microphone: { type: 'microphoneReady' },
  ready: { type: 'ready', session },
  capturing: { type: 'flag', name: 'capturing', value: true },
  migrating: { type: 'migrating' },
  modelLost: { type: 'model', connection: 'reconnecting', retryAt: 1000 },
  warning: { type: 'warning', code: 'idle_timeout', endsAt: 60_000 },
  lost: { type: 'lost', attempt: 1, retryAt: 1000, renewing: false, cause: 'lost' },
  failed: { type: 'failed', problem: problem('capacity', 'service') },
  end: { type: 'end' },
  speechStart: { type: 'speechStart' },
  speechEnd: { type: 'speechEnd' },
  input: { type: 'inputComplete', typed: false },
  typed: { type: 'inputComplete', typed: true },
  content: { type: 'content' },
  audible: { type: 'audible' },
  silent: { type: 'silent' },
  interrupted: { type: 'interrupted' },
  flushed: { type: 'flushed' },
  turnOver: { type: 'turnOver', begunAt: Number.MAX_VALUE },
};

/** @param {Event[]} events @param {number} [step] */
function after(events, step = 10) {
  let at = 0;
  return events.reduce((state, event) => {
    at += step;
    return reduce(state, /** @type {StateEvent} */ ({ ...event, at }));
  }, initialState());
}

const live = [e.start, e.microphone, e.ready, e.capturing];

/** @type {[string, Event[], string][]} */
const transitions = [
  ['nothing yet', [], 'idle'],
  ['start asks for the microphone', [e.start], 'permission'],
  ['typing needs none', [e.type], 'connecting'],
  ['a granted microphone connects', [e.start, e.microphone], 'connecting'],
  ['ready listens', live, 'listening'],
  ['a second start changes nothing', [...live, e.start], 'listening'],
  ['speech is heard', [...live, e.speechStart], 'userSpeaking'],
  ['a cough is not a question', [...live, e.speechStart, e.speechEnd], 'listening'],
  ['complete input thinks', [...live, e.speechStart, e.input], 'thinking'],
  ['content alone is not sound', [...live, e.input, e.content], 'thinking'],
  ['sound speaks', [...live, e.input, e.content, e.audible], 'speaking'],
  ['speech over the model is no state of its own', [...live, e.audible, e.speechStart], 'speaking'],
  ['the end of sound listens', [...live, e.input, e.content, e.audible, e.silent], 'listening'],
  ['an interruption cuts', [...live, e.audible, e.interrupted], 'interrupted'],
  ['silence after the cut listens', [...live, e.audible, e.interrupted, e.flushed], 'listening'],
  ['the interrupter is still heard', [...live, e.audible, e.speechStart, e.interrupted, e.flushed], 'userSpeaking'],
  ['a typed interruption thinks', [...live, e.audible, e.interrupted, e.typed, e.flushed], 'thinking'],
  ['an interruption of nothing has no effect', [...live, e.interrupted], 'listening'],
  ['a silent turn ends thinking', [...live, e.input, e.turnOver], 'listening'],
  ['a lost connection reconnects', [...live, e.audible, e.lost], 'reconnecting'],
  ['and comes back listening', [...live, e.lost, e.ready], 'listening'],
  ['what arrived before the loss is still heard', [...live, e.audible, e.lost, e.ready], 'speaking'],
  ['and ends while there is no connection', [...live, e.audible, e.lost, e.silent, e.ready], 'listening'],
  ['a move is silent', [...live, e.audible, e.migrating], 'speaking'],
  ['a move of the silent arrives listening', [...live, e.migrating, e.ready], 'listening'],
  ['the model is looked for beside the conversation', [...live, e.modelLost], 'listening'],
  ['a lost first connection reconnects too', [e.start, e.microphone, e.lost], 'reconnecting'],
  ['nothing is lost before a start', [e.lost], 'idle'],
  ['a refusal fails', [e.start, e.microphone, e.failed], 'failed'],
  ['a refused microphone fails', [e.start, e.failed], 'failed'],
  ['try again starts', [e.start, e.failed, e.start], 'permission'],
  ['end ends', [...live, e.end], 'ended'],
  ['end while reconnecting ends', [...live, e.lost, e.end], 'ended'],
  ['cancel ends', [e.start, e.end], 'ended'],
  ['end of nothing is nothing', [e.end], 'idle'],
  ['late events of an ended conversation are ignored', [...live, e.end, e.audible, e.speechStart], 'ended'],
  ['start again', [...live, e.end, e.start], 'permission'],
];

for (const [name, events, phase] of transitions) {
  test(name, () => assert.equal(after(events).phase, phase));
}

test('an event that changes nothing keeps the object', () => {
  const state = after(live);
  assert.equal(reduce(state, { type: 'flag', name: 'muted', value: false, at: 99 }), state);
  assert.equal(reduce(state, { type: 'silent', at: 99 }), state);
});

test('since tells when the phase began', () => {
  const state = after([...live, e.speechStart]);
  assert.equal(state.since, 50);
  assert.equal(reduce(state, { type: 'flag', name: 'muted', value: true, at: 99 }).since, 50);
});

/** @param {State} state @param {number} now */
const caption = (state, now = 10_000) => lookOf(state, now, { bargeIn: true }).caption;

test('"Listening" is said only when it is true', () => {
  const words = (/** @type {Event[]} */ ...more) => lookOf(after([...live, ...more]), 1000, { bargeIn: true }).pill;
  assert.equal(words(), 'state.listening');
  assert.equal(words({ type: 'flag', name: 'capturing', value: false }), 'state.stalled');
  assert.equal(words({ type: 'flag', name: 'muted', value: true }), 'state.muted');
  assert.equal(words({ type: 'flag', name: 'ptt', value: true }), 'state.ptt');
  assert.equal(words({ type: 'flag', name: 'deafMic', value: true }), 'state.stalled');
  assert.equal(lookOf(after([e.type, e.ready]), 1000, { bargeIn: true }).pill, 'state.ready');
});

test('thinking is shown after 300 ms', () => {
  const state = after([...live, e.input]);
  const before = lookOf(state, state.since + 299, { bargeIn: true });
  assert.deepEqual(
    [before.look, before.caption],
    ['userSpeaking', 'caption.userSpeaking'],
    'no flash of another colour',
  );
  const typed = after([...live, e.typed]);
  assert.equal(lookOf(typed, typed.since + 299, { bargeIn: true }).look, 'listening');
  assert.equal(lookOf(state, state.since + 300, { bargeIn: true }).look, 'thinking');
});

test('a slow answer is admitted after 10 s, a new question offered after 30 s', () => {
  let state = after([...live, e.typed]);
  const asked = state.since;
  const tick = (/** @type {number} */ waited) => reduce(state, { type: 'tick', at: asked + waited });
  assert.equal(tick(9999), state);
  state = tick(10_000);
  assert.equal(caption(state, asked + 10_000), 'caption.waiting');
  state = tick(30_000);
  assert.equal(caption(state, asked + 30_000), 'caption.askAgain');
  state = reduce(state, { type: 'audible', at: asked + 31_000 });
  assert.equal(state.patience, 'none');
});

test('noise that the service did not hear is given up', () => {
  const state = after([...live, e.input]);
  assert.equal(reduce(state, { type: 'tick', at: state.since + 10_000 }).phase, 'listening');
});

test('the countdown counts', () => {
  const state = after([...live, { type: 'lost', attempt: 3, retryAt: 5000, renewing: false, cause: 'lost' }]);
  assert.deepEqual(lookOf(state, 2100, { bargeIn: true }).params, { seconds: 3 });
  assert.equal(caption(state, 5001), 'caption.reconnectingNow');
  const renewing = after([...live, { type: 'lost', attempt: 1, retryAt: 5000, renewing: true, cause: 'drain' }]);
  assert.equal(caption(renewing), 'caption.renewing');
});

test('a service that was never reached is not called a lost connection', () => {
  for (const [cause, words] of [
    ['unreachable', 'unreachable'],
    ['ticket.unavailable', 'unreachable'],
    ['unavailable', 'unavailable'],
    ['access_unavailable', 'unavailable'],
    ['capacity', 'full'],
  ]) {
    const state = after([e.type, { type: 'lost', attempt: 1, retryAt: 5000, renewing: false, cause }]);
    assert.equal(caption(state, 100), `caption.${words}`);
    assert.equal(caption(state, 5001), `caption.${words}Now`);
    assert.equal(mainAction(state), 'cancel');
  }
});

test('every phase has one main action', () => {
  const action = (/** @type {Event[]} */ events) => mainAction(after(events));
  assert.equal(action([]), 'start');
  assert.equal(action([e.start]), 'cancel');
  assert.equal(action([e.start, e.microphone]), 'cancel');
  assert.equal(action(live), 'end');
  assert.equal(action([...live, e.lost]), 'end');
  assert.equal(action([...live, e.end]), 'startAgain');
  assert.equal(action([e.start, e.failed]), 'tryAgain');
});

test('the store remembers the last 500 transitions and tells each change once', () => {
  let calls = 0;
  const store = new StateStore(() => calls++);
  for (let i = 0; i < 600; i++) store.dispatch({ type: 'flag', name: 'muted', value: i % 2 === 0, at: i });
  store.dispatch({ type: 'flag', name: 'muted', value: false, at: 600 });
  assert.equal(calls, 600);
  assert.equal(store.log.length, 500);
  assert.deepEqual(store.log.at(-1), { at: 599, event: 'muted=false', from: 'idle', to: 'idle' });
});

test('a warning is shown until there is input or another conversation', () => {
  const warned = after([...live, e.warning]);
  assert.deepEqual(warned.warning, { code: 'idle_timeout', at: 60_000 });
  for (const event of [e.speechStart, e.typed, e.content, e.ready, e.lost, e.end, e.failed]) {
    assert.equal(after([...live, e.warning, event]).warning, null, event.type);
  }
  assert.equal(after([...live, e.warning, e.silent]).warning?.code, 'idle_timeout');
  const limit = after([...live, { type: 'warning', code: 'max_duration', endsAt: 1 }, e.typed]);
  assert.equal(limit.warning?.code, 'max_duration', 'talk does not help against the limit');
});

test('that it went on is said for a moment', () => {
  const state = after([...live, { type: 'continued', note: 'continued' }]);
  assert.equal(state.passing?.note, 'continued');
  const said = state.passing?.at ?? 0;
  assert.equal(reduce(state, { type: 'tick', at: said + 5999 }), state);
  assert.equal(reduce(state, { type: 'tick', at: said + 6000 }).passing, null);
});

test('a lost model is shown unless its audio still plays', () => {
  const lost = after([...live, e.modelLost]);
  assert.equal(caption(lost, 100), 'caption.modelLost');
  assert.deepEqual(lookOf(lost, 100, { bargeIn: true }).params, { seconds: 1 });
  assert.equal(caption(lost, 1001), 'caption.modelLostNow');
  assert.equal(caption(after([...live, e.audible, e.modelLost])), 'caption.speaking');
  assert.equal(caption(after([...live, e.modelLost, { type: 'model', connection: 'ready' }])), 'caption.listening');
});
