import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Continuity } from '../../main/resources/web/app/conversation/continuity.js';
import { decodeMessage } from '../../main/resources/web/app/proto/messages.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';
import { FakeClock, READY } from './support.js';

/** @typedef {import('../../main/resources/web/app/proto/messages.js').ServiceMessage} ServiceMessage */

function continuity({ history = true, waiting = 0 } = {}) {
  const clock = new FakeClock();
  const transcript = new Transcript(clock.wall);
  /** @type {Record<string, unknown>[]} */
  const sent = [];
  /** @type {object[]} */
  const events = [];
  const connection = /** @type {import('../../main/resources/web/app/net/connection.js').Connection} */ (
    /** @type {unknown} */ ({ send: (/** @type {Record<string, unknown>} */ message) => sent.push(message) })
  );
  const model = { id: 'gemini-3.8-live', history };
  const subject = new Continuity({
    clock,
    configuration: /** @type {import('../../main/resources/web/app/state/setup.js').PageConfiguration} */ (
      /** @type {unknown} */ ({ defaultModel: model.id, models: [model] })
    ),
    transcript,
    connection: () => connection,
    turn: () => 1,
    waiting: () => waiting,
    changed: () => undefined,
    dispatch: (event) => events.push(event),
  });
  /** @param {Record<string, unknown>} message */
  const hear = (message) => decodeMessage(JSON.stringify(message));
  return {
    transcript,
    sent,
    events,
    continuity: subject,
    texts: () => transcript.items.map((item) => item.text),
    /** @param {Record<string, unknown>} [more] */
    ready: (more) =>
      subject.ready(/** @type {Extract<ServiceMessage, {type: 'ready'}>} */ (hear({ ...READY, ...more }))),
    /** @param {Record<string, unknown>} message */
    upstream: (message) =>
      subject.upstream(
        /** @type {Extract<ServiceMessage, {type: 'upstream'}>} */ (hear({ type: 'upstream', ...message })),
      ),
    talk() {
      transcript.user(1, 'My name is Ada.');
      transcript.answered(1);
      transcript.model(1, 'Hello Ada.');
      transcript.closeAll();
    },
  };
}

test('a first conversation has nothing to say about itself', () => {
  const c = continuity();
  c.ready();
  assert.deepEqual([c.events, c.sent, c.texts()], [[], [], []]);
});

test('a resumed conversation says so only to who saw it break, and doubles nothing', () => {
  const c = continuity();
  c.talk();
  const said = [
    { role: 'user', text: 'My name is Ada.' },
    { role: 'model', text: 'Hello Ada.' },
  ];
  c.ready({ resumed: true, memory: 'resumed', transcript: said });
  assert.deepEqual(c.events, [], 'a move is silent');
  c.continuity.connectionLost();
  c.ready({ resumed: true, memory: 'resumed', transcript: said });
  assert.deepEqual(c.events, [{ type: 'continued', note: 'continued' }]);
  assert.deepEqual(c.texts(), ['My name is Ada.', 'Hello Ada.']);
  assert.deepEqual(c.sent, [], 'the model remembers');
});

test('a page that is reloaded during an answer continues the answer', () => {
  const c = continuity();
  const entries = [
    { role: 'user', text: 'Tell me a story.' },
    { role: 'model', text: 'Once upon' },
  ];
  c.ready({ resumed: true, memory: 'resumed', answering: true, transcript: entries });
  c.transcript.model(2, ' a time.');
  assert.deepEqual(c.texts(), ['Tell me a story.', 'Once upon a time.']);
});

test('what was said while the page was away is added', () => {
  const c = continuity();
  c.talk();
  c.ready({
    resumed: true,
    memory: 'resumed',
    transcript: [
      { role: 'model', text: 'Hello Ada.  How are you?' },
      { role: 'user', text: 'Well.' },
      { role: 'model', text: 'Good.' },
    ],
  });
  assert.deepEqual(c.texts(), ['My name is Ada.', 'Hello Ada.  How are you?', 'Well.', 'Good.']);
});

test('a reloaded page gets the transcript back', () => {
  const c = continuity();
  c.ready({
    resumed: true,
    memory: 'resumed',
    transcript: [
      { role: 'user', text: 'Hi' },
      { role: 'model', text: 'Hello' },
    ],
  });
  assert.deepEqual(c.texts(), ['Hi', 'Hello']);
  assert.equal(c.transcript.items[0].partial, false);
  assert.deepEqual(c.events, [{ type: 'continued', note: 'continued' }]);
});

test('a transcript that fits nowhere changes nothing', () => {
  const c = continuity();
  c.talk();
  c.ready({ resumed: true, memory: 'resumed', transcript: [{ role: 'model', text: 'Something else.' }] });
  assert.deepEqual(c.texts(), ['My name is Ada.', 'Hello Ada.']);
});

test('a rebuilt memory is admitted, also after a silent move', () => {
  const c = continuity();
  c.talk();
  c.ready({ resumed: true, memory: 'rebuilt' });
  assert.deepEqual(c.events, [{ type: 'continued', note: 'rebuilt' }]);
  assert.deepEqual(c.texts().at(-1), 'notice.rebuilt');
});

test('a new conversation after a loss gets the text of the old one, and that is said', () => {
  const c = continuity();
  c.talk();
  c.continuity.connectionLost();
  c.ready();
  assert.equal(c.sent.length, 1);
  assert.equal(/** @type {{turns: unknown[]}} */ (c.sent[0].clientContent).turns.length, 2);
  assert.equal(c.texts().at(-1), 'notice.told');
});

test('what was typed meanwhile is not events twice', () => {
  const c = continuity({ waiting: 1 });
  c.talk();
  c.transcript.typed(1, 'And now?');
  c.ready();
  assert.equal(/** @type {{turns: unknown[]}} */ (c.sent[0].clientContent).turns.length, 2);
});

test('a model that takes no history begins afresh, and that is said', () => {
  const c = continuity({ history: false });
  c.talk();
  c.continuity.connectionLost();
  c.ready();
  assert.deepEqual(c.sent, []);
  assert.equal(c.texts().at(-1), 'notice.fresh');
});

test('a refused token is admitted although nothing is on screen', () => {
  const c = continuity();
  c.continuity.resumeRefused();
  c.ready();
  assert.deepEqual(c.texts(), ['notice.fresh']);
  c.ready();
  assert.deepEqual(c.texts(), ['notice.fresh'], 'once');
});

test('a renewal towards the model is silent, a loss is not, a rebuilt memory never', () => {
  const c = continuity();
  c.upstream({ state: 'renewing' });
  c.upstream({ state: 'ready', memory: 'resumed' });
  c.upstream({ state: 'reconnecting', attempt: 1, retryInMs: 500 });
  c.upstream({ state: 'ready', memory: 'resumed' });
  c.upstream({ state: 'ready', memory: 'rebuilt' });
  assert.deepEqual(c.events, [
    { type: 'model', connection: 'renewing' },
    { type: 'model', connection: 'ready' },
    { type: 'model', connection: 'reconnecting', retryAt: 500 },
    { type: 'model', connection: 'ready' },
    { type: 'continued', note: 'continued' },
    { type: 'model', connection: 'ready' },
    { type: 'continued', note: 'rebuilt' },
  ]);
});
