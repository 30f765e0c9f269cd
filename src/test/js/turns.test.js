import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { SpeechDetector } from '../../main/resources/web/app/metrics/speech.js';
import { decodeMessage } from '../../main/resources/web/app/proto/messages.js';
import { StateStore } from '../../main/resources/web/app/state/state-store.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';
import { Turns } from '../../main/resources/web/app/turns.js';
import { constant, FakeClock } from './support.js';

/** A live conversation whose loudspeaker writes down what it is told. */
function conversation() {
  const clock = new FakeClock();
  /** @type {string[]} */
  const told = [];
  const speaker = /** @type {import('../../main/resources/web/app/media/speaker.js').Speaker} */ (
    /** @type {unknown} */ ({
      push: (/** @type {number} */ turn) => told.push(`push ${turn}`),
      complete: (/** @type {number} */ turn) => told.push(`complete ${turn}`),
      flush: (/** @type {number} */ turn) => told.push(`flush ${turn}`),
    })
  );
  const store = new StateStore(() => undefined);
  const transcript = new Transcript(clock.wall);
  const latency = new Latency();
  const detector = new SpeechDetector();
  /** @type {import('../../main/resources/web/app/proto/messages.js').FunctionCall[]} */
  const calls = [];
  /** @type {object[]} */
  const beacons = [];
  const turns = new Turns({
    store,
    transcript,
    latency,
    detector,
    clock,
    speaker: () => speaker,
    rtt: () => 20,
    changed: () => undefined,
    onToolCall: (_turn, wanted) => calls.push(...wanted),
    onFirstAudio: () => undefined,
    report: (message) => beacons.push(message.beacon),
  });
  store.dispatch({ type: 'start', textOnly: true, at: 0 });
  store.dispatch({ type: 'ready', session: { id: 's', backend: 'simulator', model: 'm', notices: [] }, at: 0 });
  turns.connected(false);
  return {
    clock,
    told,
    store,
    transcript,
    latency,
    detector,
    calls,
    beacons,
    turns,
    phase: () => store.state.phase,
    /** @param {Record<string, unknown>} message */
    say: (message) => turns.message(decodeMessage(JSON.stringify(message))),
    /** @param {number} turn @param {number} [samples] */
    sound: (turn, samples = 4800) =>
      turns.audio({ ok: true, turn, first: false, last: false, at: 0, pcm: constant(samples, 1000) }),
  };
}

test('an interruption counts although the buffer has just run dry', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 100);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Once upon' });
  c.clock.advance(500);
  c.turns.interrupt();
  c.turns.flushed(1, 0, 4800, 520);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: ' a time' });
  assert.equal(c.phase(), 'listening');
  assert.equal(c.latency.interruption.last, 20);
  assert.equal(c.transcript.items[0].interrupted, true);
  assert.equal(c.transcript.items[0].heardChars, 'Once upon'.length);
});

test('silence ordered when all has been heard interrupts nothing', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 100);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Yes.' });
  c.say({ type: 'generationComplete', turn: 1 });
  c.say({ type: 'interrupted', turn: 1 });
  c.turns.flushed(1, 0, 4800, 120);
  assert.equal(c.transcript.items[0].interrupted, false);
  assert.equal(c.latency.interruption.count, 0);
});

test('a turn runs from question to silence', () => {
  const c = conversation();
  c.latency.asked('text', 0);
  c.store.dispatch({ type: 'inputComplete', typed: true, at: 0 });
  c.clock.advance(300);
  c.sound(1);
  assert.equal(c.phase(), 'thinking', 'nothing is heard yet');
  c.turns.started(1, 380);
  assert.equal(c.phase(), 'speaking');
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Hello.' });
  c.say({ type: 'generationComplete', turn: 1 });
  c.say({ type: 'turnComplete', turn: 1 });
  assert.equal(c.phase(), 'speaking', 'it is still being heard');
  c.turns.drained(1);
  assert.equal(c.phase(), 'listening');
  assert.equal(c.transcript.items[0].latencyMs, 380);
  assert.deepEqual(c.told, ['push 1', 'complete 1', 'complete 1']);
});

test('an interruption flushes before all else and deafens to the dead turn', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 10);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'I can see a laptop' });
  c.say({ type: 'interrupted', turn: 1 });
  assert.equal(c.told.at(-1), 'flush 1');
  assert.equal(c.phase(), 'interrupted');
  c.sound(1);
  assert.equal(c.latency.droppedChunks, 1);
  assert.equal(c.told.at(-1), 'flush 1', 'the late chunk went nowhere');
  c.turns.flushed(1, 2400, 2400, 20);
  assert.equal(c.phase(), 'listening');
  assert.equal(c.transcript.items[0].interrupted, true);
  assert.equal(c.transcript.items[0].heardChars, 'I can see'.length);
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  assert.equal(c.told.at(-1), 'push 2');
});

test('an interruption behind the end of a turn takes the sound that is still queued', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 10);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'One two' });
  c.say({ type: 'turnComplete', turn: 1 });
  c.say({ type: 'interrupted', turn: 2 });
  assert.equal(c.told.at(-1), 'flush 2');
  c.turns.flushed(2, 2400, 2400, 20);
  assert.equal(c.transcript.items[0].interrupted, true, 'the words of the turn that sounded');
});

test('an interruption of nothing is not seen', () => {
  const c = conversation();
  c.say({ type: 'interrupted', turn: 1 });
  c.turns.flushed(1, 0, 0, 0);
  assert.equal(c.phase(), 'listening');
  assert.equal(c.latency.interruption.count, 0);
});

test('a turn without an end is over two seconds after its last sound', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Hm.' });
  c.say({ type: 'generationComplete', turn: 1 });
  c.clock.advance(500);
  c.turns.drained(1);
  c.clock.advance(1999);
  assert.equal(c.transcript.items[0].partial, true);
  c.clock.advance(1);
  assert.equal(c.transcript.items[0].partial, false);
  assert.equal(c.store.state.facts.turnOver, true);
});

test('turns count on across connections', () => {
  const c = conversation();
  c.sound(1);
  c.sound(2);
  c.turns.disconnected();
  c.turns.connected(false);
  c.sound(1);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Again.' });
  assert.equal(c.turns.current, 3);
  assert.equal(c.told.at(-1), 'push 3');
  assert.equal(c.transcript.items.at(-1)?.turn, 3);
});

test('a reply that a lost connection cut goes on as the same turn', () => {
  const c = conversation();
  c.sound(1);
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  c.say({ type: 'transcript', turn: 2, role: 'model', text: 'Once upon' });
  c.turns.disconnected();
  c.turns.connected(true);
  c.sound(1);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: ' a time.' });
  assert.equal(c.told.at(-1), 'push 2');
  assert.deepEqual(
    c.transcript.items.map((item) => item.text),
    ['Once upon a time.'],
  );
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  assert.equal(c.told.at(-1), 'push 3');
});

test('a reply of which nothing had come before the connection was lost is a turn of its own', () => {
  const c = conversation();
  c.sound(1);
  c.say({ type: 'turnComplete', turn: 1 });
  c.turns.disconnected();
  c.turns.connected(true);
  c.sound(1);
  assert.equal(c.told.at(-1), 'push 2');
});

test('what was silenced before the connection was lost stays silent after it', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.turns.interrupt();
  c.turns.disconnected();
  c.turns.connected(true);
  c.told.length = 0;
  c.sound(1);
  assert.deepEqual(c.told, []);
});

test('a lost connection lets queued sound play out', () => {
  const c = conversation();
  c.sound(1);
  c.told.length = 0;
  c.turns.disconnected();
  assert.deepEqual(c.told, ['complete 1']);
});

test('an answer quicker than our certainty is measured from the last voice', () => {
  const c = conversation();
  for (let at = 20; at <= 600; at += 20) {
    c.clock.advance(20);
    c.detector.push(0.1, 20, at);
  }
  c.clock.advance(200);
  c.sound(1);
  c.turns.started(1, 850);
  assert.equal(c.latency.bars()[0].origin, 'speech');
  assert.equal(c.latency.bars()[0].total, 250);
});

test('text without sound is an answer too', () => {
  const c = conversation();
  c.store.dispatch({ type: 'inputComplete', typed: true, at: 0 });
  c.say({ type: 'text', turn: 1, text: 'Thinking about it', thought: true });
  assert.equal(c.phase(), 'thinking');
  c.say({ type: 'text', turn: 1, text: 'Four.' });
  assert.equal(c.phase(), 'speaking');
  c.say({ type: 'turnComplete', turn: 1 });
  assert.equal(c.phase(), 'listening');
});

test('function calls are handed out and cancelled', () => {
  const c = conversation();
  c.say({ type: 'toolCall', turn: 1, calls: [{ id: 'a', name: 'f', args: { x: 1 } }] });
  assert.deepEqual(c.calls, [{ id: 'a', name: 'f', args: { x: 1 } }]);
  c.say({ type: 'toolCallCancellation', ids: ['a'] });
  assert.equal(c.transcript.items[0].tool?.cancelled, true);
});

test('what nobody knows changes nothing', () => {
  const c = conversation();
  c.say({ type: 'somethingNew', turn: 7 });
  c.say({ type: 'usage', turn: 1, promptTokens: 1, responseTokens: 2, totalTokens: 3 });
  assert.equal(c.phase(), 'listening');
  assert.deepEqual(c.transcript.items, []);
});

test('giving up an awaited answer keeps it silent, but not the one to what is said next', () => {
  const c = conversation();
  c.latency.asked('text', 0);
  c.store.dispatch({ type: 'inputComplete', typed: true, at: 0 });
  c.turns.interrupt();
  assert.equal(c.phase(), 'listening');
  c.sound(1);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Well,' });
  assert.equal(c.latency.droppedChunks, 1);
  assert.equal(c.transcript.items[0].interrupted, true);
  assert.equal(c.transcript.items[0].heardChars, 0);
  c.turns.spokenTo();
  c.sound(1);
  assert.equal(c.latency.droppedChunks, 2, 'it had begun before the person spoke again');
  c.sound(2);
  assert.equal(c.told.at(-1), 'push 2');
});

test('an answer given up before it began is wanted again when the person goes on speaking', () => {
  const c = conversation();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'How' });
  c.store.dispatch({ type: 'inputComplete', typed: false, at: 0 });
  c.turns.interrupt();
  c.turns.spokenTo();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: ' are you?' });
  c.sound(1);
  assert.equal(c.told.at(-1), 'push 1');
});

test('a typed question in the middle of a spoken one gets its answer', () => {
  const c = conversation();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'Hm' });
  c.turns.makeRoom();
  c.sound(1);
  assert.equal(c.told.at(-1), 'push 1');
});

test('each turn is reported once, in the numbers of its connection', () => {
  const c = conversation();
  c.sound(1);
  c.turns.disconnected();
  c.turns.connected(false);
  c.latency.asked('text', 0);
  c.sound(1);
  c.turns.started(2, 380.04);
  c.say({ type: 'timing', turn: 1, firstAudioReceived: 1, firstAudioWritten: 2 });
  c.turns.underran();
  c.clock.advance(500);
  c.say({ type: 'interrupted', turn: 1 });
  c.turns.flushed(2, 100, 100, 530);
  assert.deepEqual(c.beacons, [], 'the turn is not over');
  c.say({ type: 'turnComplete', turn: 1 });
  c.say({ type: 'turnComplete', turn: 1 });
  assert.deepEqual(c.beacons, [{ turn: 1, firstSoundMs: 380, underruns: 1, interruptSilenceMs: 30 }]);
});

test('a service that does not time its turns is told nothing of them', () => {
  const c = conversation();
  c.latency.asked('text', 0);
  c.sound(1);
  c.turns.started(1, 300);
  c.turns.drained(1);
  c.say({ type: 'turnComplete', turn: 1 });
  assert.deepEqual(c.beacons, []);
});

test('a turn whose wait was not measured is not reported', () => {
  const c = conversation();
  c.say({ type: 'timing', turn: 1, firstAudioReceived: 1, firstAudioWritten: 2 });
  c.sound(1);
  c.turns.started(1, 10);
  c.turns.drained(1);
  c.say({ type: 'turnComplete', turn: 1 });
  assert.deepEqual(c.beacons, []);
});

/** The model speaks, the user speaks over it, and the service says so. @param {ReturnType<typeof conversation>} c */
function cutByTheUser(c) {
  c.sound(1);
  c.turns.started(1, 0);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Once upon a time' });
  c.clock.advance(500);
  c.say({ type: 'interrupted', turn: 1 });
  c.turns.flushed(1, 2400, 2400, 520);
  c.told.length = 0;
}

/** @param {ReturnType<typeof conversation>} c */
const words = (c) => c.transcript.items.map(({ role, text }) => `${role}: ${text}`);

test('after a cut turn without an end, the answer to what the user said is heard and stands by itself', () => {
  const c = conversation();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'A story, please.' });
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'No,' });
  c.say({ type: 'transcript', turn: 1, role: 'user', text: ' a poem.' });
  c.clock.advance(700);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Roses' });
  c.sound(1);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: ' are red.' });
  c.sound(1);
  c.say({ type: 'generationComplete', turn: 1 });
  c.say({ type: 'turnComplete', turn: 1 });
  assert.deepEqual(c.told, ['push 2', 'push 2', 'complete 2', 'complete 2']);
  assert.equal(c.latency.droppedChunks, 0);
  assert.deepEqual(words(c), [
    'user: A story, please.',
    'model: Once upon a time',
    'user: No, a poem.',
    'model: Roses are red.',
  ]);
  assert.deepEqual(
    c.transcript.items.map(({ interrupted, partial }) => interrupted || partial),
    [false, true, false, false],
  );
  c.sound(2);
  assert.equal(c.told.at(-1), 'push 3', 'numbers go on from there');
});

test('the answer under a dead number is measured and reported like any other', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'A poem.' });
  c.latency.asked('speech', c.clock.now());
  c.clock.advance(700);
  c.sound(1);
  c.turns.started(2, c.clock.now() + 40);
  c.say({ type: 'timing', turn: 1, firstAudioReceived: 1, firstAudioWritten: 2 });
  c.turns.drained(2);
  c.say({ type: 'turnComplete', turn: 1 });
  assert.deepEqual(c.beacons, [{ turn: 1, firstSoundMs: 740, underruns: 0 }]);
});

test('the end of a cut turn that does come leaves the numbers alone, and its late words in their bubble', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'Stop.' });
  c.say({ type: 'transcript', turn: 1, role: 'model', text: ' there was' });
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  assert.deepEqual(c.told, ['complete 1', 'push 2']);
  assert.deepEqual(words(c), ['model: Once upon a time there was', 'user: Stop.']);
});

test('words of the user that came before they were taken for an interruption count as well', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.clock.advance(500);
  for (let at = 20; at <= 400; at += 20) {
    c.clock.advance(20);
    c.detector.push(0.1, 20, c.clock.now());
  }
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'Stop' });
  c.say({ type: 'interrupted', turn: 1 });
  c.sound(1);
  assert.equal(c.told.at(-1), 'push 2');
});

test('without words of the user a cut turn is over after a pause of two seconds', () => {
  const c = conversation();
  cutByTheUser(c);
  c.sound(1);
  c.clock.advance(1999);
  c.sound(1);
  assert.deepEqual(c.told, [], 'late chunks, and each begins the pause anew');
  c.clock.advance(2000);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Still there?' });
  c.sound(1);
  assert.deepEqual(c.told, ['push 2']);
  assert.equal(c.transcript.items.at(-1)?.text, 'Still there?');
  assert.equal(c.transcript.items.length, 2);
});

test('blank words of the user are no evidence', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: ' ' });
  c.sound(1);
  assert.deepEqual(c.told, []);
});

test('what is silenced here stays silent as long as the service generates it', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.turns.interrupt();
  c.told.length = 0;
  c.clock.advance(5000);
  c.sound(1);
  c.say({ type: 'text', turn: 1, text: 'more' });
  assert.deepEqual(c.told, [], 'a pause in the middle of an answer is not its end');
  assert.deepEqual(c.transcript.items, []);
  c.say({ type: 'generationComplete', turn: 1 });
  c.sound(1);
  assert.equal(c.told.at(-1), 'push 2', 'what comes after its generation is another answer');
});

test('a typed question in the middle of an answer is answered aloud although the answer never ends', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Once upon' });
  c.turns.makeRoom();
  c.transcript.typed(c.turns.current, 'A poem!');
  c.sound(1);
  assert.equal(c.told.includes('push 2'), false, 'the service does not know yet');
  c.say({ type: 'interrupted', turn: 1 });
  c.say({ type: 'text', turn: 1, text: 'Roses' });
  assert.deepEqual(words(c), ['model: Once upon', 'user: A poem!', 'model: Roses']);
  assert.equal(c.transcript.items[1].turn, 2, 'the question belongs to its answer');
});

test('a typed question is answered although the service says nothing of what was cut', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.turns.makeRoom();
  c.sound(1);
  c.told.length = 0;
  c.clock.advance(2000);
  c.sound(1);
  assert.deepEqual(c.told, ['push 2']);
});

test('an interruption behind the end of a turn does not silence the answer after it', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 10);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'One two' });
  c.say({ type: 'turnComplete', turn: 1 });
  c.say({ type: 'interrupted', turn: 2 });
  c.say({ type: 'transcript', turn: 2, role: 'user', text: 'Wait.' });
  c.sound(2);
  c.say({ type: 'transcript', turn: 2, role: 'model', text: 'Yes?' });
  assert.equal(c.told.at(-1), 'push 3');
  assert.deepEqual(words(c), ['model: One two', 'user: Wait.', 'model: Yes?']);
});

test('a function call under a dead number belongs to the next answer', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'The weather?' });
  c.say({ type: 'toolCall', turn: 1, calls: [{ id: 'a', name: 'f', args: {} }] });
  assert.deepEqual(
    c.transcript.items.map(({ turn, role }) => `${role}${turn}`),
    ['model1', 'user2', 'tool2'],
  );
  const other = conversation();
  cutByTheUser(other);
  other.say({ type: 'toolCall', turn: 1, calls: [{ id: 'a', name: 'f', args: {} }] });
  assert.equal(other.calls.length, 1, 'the model waits for it, whoever listens');
});

test('undecided words are not lost with the connection', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'Stop.' });
  c.say({ type: 'transcript', turn: 1, role: 'model', text: ' there was' });
  c.turns.disconnected();
  assert.deepEqual(words(c), ['model: Once upon a time there was', 'user: Stop.']);
});

test('a generation that completes under a dead number takes its words along', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'A poem.' });
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Roses.' });
  c.say({ type: 'generationComplete', turn: 1 });
  assert.deepEqual(words(c), ['model: Once upon a time', 'user: A poem.', 'model: Roses.']);
});

test('a number that was left behind stays dead', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'Stop.' });
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  c.clock.advance(5000);
  c.told.length = 0;
  c.sound(1);
  assert.deepEqual(c.told, []);
});
