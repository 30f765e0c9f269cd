import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation } from './live-turns.js';

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

test('an interruption after the end of playback interrupts nothing', () => {
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
  assert.deepEqual(c.played, ['push 1', 'complete 1', 'complete 1']);
});

test('an interruption flushes before all else and deafens to the dead turn', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 10);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'I can see a laptop' });
  c.say({ type: 'interrupted', turn: 1 });
  assert.equal(c.played.at(-1), 'flush 1');
  assert.equal(c.phase(), 'interrupted');
  c.sound(1);
  assert.equal(c.latency.droppedChunks, 1);
  assert.equal(c.played.at(-1), 'flush 1', 'the late chunk went nowhere');
  c.turns.flushed(1, 2400, 2400, 20);
  assert.equal(c.phase(), 'listening');
  assert.equal(c.transcript.items[0].interrupted, true);
  assert.equal(c.transcript.items[0].heardChars, 'I can see'.length);
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  assert.equal(c.played.at(-1), 'push 2');
});

test('an interruption behind the end of a turn takes the sound that is still queued', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 10);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'One two' });
  c.say({ type: 'turnComplete', turn: 1 });
  c.say({ type: 'interrupted', turn: 2 });
  assert.equal(c.played.at(-1), 'flush 2');
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
  assert.equal(c.played.at(-1), 'push 3');
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
  assert.equal(c.played.at(-1), 'push 2');
  assert.deepEqual(
    c.transcript.items.map((item) => item.text),
    ['Once upon a time.'],
  );
  c.say({ type: 'turnComplete', turn: 1 });
  c.sound(2);
  assert.equal(c.played.at(-1), 'push 3');
});

test('a reply of which nothing had come before the connection was lost is a turn of its own', () => {
  const c = conversation();
  c.sound(1);
  c.say({ type: 'turnComplete', turn: 1 });
  c.turns.disconnected();
  c.turns.connected(true);
  c.sound(1);
  assert.equal(c.played.at(-1), 'push 2');
});

test('what was silenced before the connection was lost stays silent after it', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.turns.interrupt();
  c.turns.disconnected();
  c.turns.connected(true);
  c.played.length = 0;
  c.sound(1);
  assert.deepEqual(c.played, []);
});

test('a lost connection lets queued sound play out', () => {
  const c = conversation();
  c.sound(1);
  c.played.length = 0;
  c.turns.disconnected();
  assert.deepEqual(c.played, ['complete 1']);
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

test('unknown messages change nothing', () => {
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
  c.turns.onSpeechStart();
  c.sound(1);
  assert.equal(c.latency.droppedChunks, 2, 'it had begun before the person spoke again');
  c.sound(2);
  assert.equal(c.played.at(-1), 'push 2');
});

test('an answer given up before it began is wanted again when the person goes on speaking', () => {
  const c = conversation();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'How' });
  c.store.dispatch({ type: 'inputComplete', typed: false, at: 0 });
  c.turns.interrupt();
  c.turns.onSpeechStart();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: ' are you?' });
  c.sound(1);
  assert.equal(c.played.at(-1), 'push 1');
});

test('a typed question in the middle of a spoken one gets its answer', () => {
  const c = conversation();
  c.say({ type: 'transcript', turn: 1, role: 'user', text: 'Hm' });
  c.turns.startUserTurn();
  c.sound(1);
  assert.equal(c.played.at(-1), 'push 1');
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
  c.turns.onUnderrun();
  c.clock.advance(500);
  c.say({ type: 'interrupted', turn: 1 });
  c.turns.flushed(2, 100, 100, 530);
  assert.deepEqual(c.beacons, [], 'the turn is not over');
  c.say({ type: 'turnComplete', turn: 1 });
  c.say({ type: 'turnComplete', turn: 1 });
  assert.deepEqual(c.beacons, [{ turn: 1, firstSoundMs: 380, underruns: 1, interruptSilenceMs: 30 }]);
});

test('a service without timing messages gets no beacons', () => {
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

for (const [when, over] of /** @type {const} */ ([
  ['was over', true],
  ['was still playing', false],
])) {
  test(`the second typed message is awaited like the first when the turn before it ${when}`, () => {
    const c = conversation();
    c.sound(1);
    c.turns.started(1, 0);
    c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Hello.' });
    c.say({ type: 'turnComplete', turn: 1 });
    c.clock.advance(500);
    if (over) c.turns.drained(1);
    c.clock.advance(500);

    c.turns.startUserTurn();
    c.store.dispatch({ type: 'inputComplete', typed: true, at: c.clock.now() });
    c.turns.flushed(1, over ? 0 : 2400, 2400, c.clock.now());
    assert.equal(c.phase(), 'thinking');

    c.clock.advance(10_000);
    c.store.dispatch({ type: 'tick', at: c.clock.now() });
    assert.equal(c.store.state.patience, 'waiting');
    c.clock.advance(20_000);
    c.store.dispatch({ type: 'tick', at: c.clock.now() });
    assert.equal(c.store.state.patience, 'askAgain');
  });
}

test('the late end of an interrupted turn does not end the wait for the next answer', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.clock.advance(500);
  c.turns.startUserTurn();
  c.store.dispatch({ type: 'inputComplete', typed: true, at: c.clock.now() });
  c.turns.flushed(1, 2400, 2400, c.clock.now());
  c.say({ type: 'interrupted', turn: 1 });
  c.say({ type: 'turnComplete', turn: 1 });
  assert.equal(c.phase(), 'thinking');
  c.clock.advance(100);
  c.sound(2);
  c.turns.started(2, c.clock.now());
  c.say({ type: 'turnComplete', turn: 2 });
  c.turns.drained(2);
  assert.equal(c.phase(), 'listening');
});

for (const [reason, notice] of [
  ['RESPONSE_REJECTED', 'notice.noAnswer'],
  ['', 'notice.silent'],
]) {
  test(`an answer without a word is noted below its question (${reason || 'no reason'})`, () => {
    const c = conversation();
    c.store.dispatch({ type: 'inputComplete', typed: true, at: 0 });
    c.clock.advance(300);
    c.say({ type: 'turnComplete', turn: 1, ...(reason && { reason }) });
    assert.deepEqual(
      c.transcript.items.map(({ role, text }) => [role, text]),
      [['notice', notice]],
    );
    assert.equal(c.phase(), 'listening');
  });
}

test('a turn without a word that answers no question is not noted', () => {
  const c = conversation();
  c.say({ type: 'turnComplete', turn: 1 });
  c.store.dispatch({ type: 'inputComplete', typed: false, at: 0 });
  c.say({ type: 'turnComplete', turn: 2 });
  assert.deepEqual(c.transcript.items, [], 'noise, of which nothing was transcribed');
});

test('the heard part of an answer follows the voice and ends with it', () => {
  const c = conversation();
  c.clock.advance(1000);
  assert.equal(c.turns.heardShare(1), null);
  c.sound(1, 4800);
  assert.equal(c.turns.heardShare(1), 0, 'received, and not heard yet');
  c.turns.started(1, 0);
  c.turns.progressed(1, 1200);
  assert.equal(c.turns.heardShare(1), 0.25);
  c.turns.progressed(1, 9600);
  assert.equal(c.turns.heardShare(1), 1);
  c.turns.drained(1);
  assert.equal(c.turns.heardShare(1), null);
  c.turns.progressed(1, 4800);
  assert.equal(c.turns.heardShare(1), null, 'a late report');
  c.say({ type: 'text', turn: 2, text: 'Only text.' });
  assert.equal(c.turns.heardShare(2), null);
});
