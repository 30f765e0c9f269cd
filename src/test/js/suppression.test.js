import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation } from './live-turns.js';

/** The model speaks, the user speaks over it, and the service says so. @param {ReturnType<typeof conversation>} c */
function cutByTheUser(c) {
  c.sound(1);
  c.turns.started(1, 0);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Once upon a time' });
  c.clock.advance(500);
  c.say({ type: 'interrupted', turn: 1 });
  c.turns.flushed(1, 2400, 2400, 520);
  c.played.length = 0;
}

/** @param {ReturnType<typeof conversation>} c */
const words = (c) => c.transcript.items.map(({ role, text }) => `${role}: ${text}`);

test('after an interrupted turn without an end, the next answer is played as a turn of its own', () => {
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
  assert.deepEqual(c.played, ['push 2', 'push 2', 'complete 2', 'complete 2']);
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
  assert.equal(c.played.at(-1), 'push 3', 'numbers go on from there');
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
  assert.deepEqual(c.played, ['complete 1', 'push 2']);
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
  assert.equal(c.played.at(-1), 'push 2');
});

test('without words of the user a cut turn is over after a pause of two seconds', () => {
  const c = conversation();
  cutByTheUser(c);
  c.sound(1);
  c.clock.advance(1999);
  c.sound(1);
  assert.deepEqual(c.played, [], 'late chunks, and each restarts the pause');
  c.clock.advance(2000);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Still there?' });
  c.sound(1);
  assert.deepEqual(c.played, ['push 2']);
  assert.equal(c.transcript.items.at(-1)?.text, 'Still there?');
  assert.equal(c.transcript.items.length, 2);
});

test('blank words of the user are no evidence', () => {
  const c = conversation();
  cutByTheUser(c);
  c.say({ type: 'transcript', turn: 1, role: 'user', text: ' ' });
  c.sound(1);
  assert.deepEqual(c.played, []);
});

test('what is silenced here stays silent as long as the service generates it', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.turns.interrupt();
  c.played.length = 0;
  c.clock.advance(5000);
  c.sound(1);
  c.say({ type: 'text', turn: 1, text: 'more' });
  assert.deepEqual(c.played, [], 'a pause in the middle of an answer is not its end');
  assert.deepEqual(c.transcript.items, []);
  c.say({ type: 'generationComplete', turn: 1 });
  c.sound(1);
  assert.equal(c.played.at(-1), 'push 2', 'what comes after its generation is another answer');
});

test('a typed question in the middle of an answer is answered aloud although the answer never ends', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Once upon' });
  c.turns.startUserTurn();
  c.transcript.typed(c.turns.current, 'A poem!');
  c.sound(1);
  assert.equal(c.played.includes('push 2'), false, 'the service does not know yet');
  c.say({ type: 'interrupted', turn: 1 });
  c.say({ type: 'text', turn: 1, text: 'Roses' });
  assert.deepEqual(words(c), ['model: Once upon', 'user: A poem!', 'model: Roses']);
  assert.equal(c.transcript.items[1].turn, 2, 'the question belongs to its answer');
});

test('a typed question is answered although the service says nothing of what was cut', () => {
  const c = conversation();
  c.sound(1);
  c.turns.started(1, 0);
  c.turns.startUserTurn();
  c.sound(1);
  c.played.length = 0;
  c.clock.advance(2000);
  c.sound(1);
  assert.deepEqual(c.played, ['push 2']);
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
  assert.equal(c.played.at(-1), 'push 3');
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
  c.played.length = 0;
  c.sound(1);
  assert.deepEqual(c.played, []);
});
