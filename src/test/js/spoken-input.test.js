import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpokenInput } from '../../main/resources/web/app/conversation/spoken-input.js';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { problem } from '../../main/resources/web/app/net/errors.js';
import { initialState } from '../../main/resources/web/app/state/machine.js';
import { DEFAULTS } from '../../main/resources/web/app/state/setup.js';
import { constant, FakeClock } from './support.js';

/** @param {{ptt?: boolean}} [how] */
function input({ ptt = false } = {}) {
  const clock = new FakeClock();
  /** @type {string[]} */
  const sent = [];
  /** @type {string[]} */
  const events = [];
  const state = initialState();
  state.flags = { ...state.flags, ptt };
  const connection = /** @type {import('../../main/resources/web/app/net/connection.js').Connection} */ (
    /** @type {unknown} */ ({
      audio: (/** @type {Int16Array} */ pcm) => sent.push(`audio ${pcm.length} ${pcm[0]}`),
      send: (/** @type {{realtimeInput: object}} */ message) => sent.push(Object.keys(message.realtimeInput)[0]),
    })
  );
  const microphone = /** @type {import('../../main/resources/web/app/media/microphone.js').Microphone} */ (
    /** @type {unknown} */ ({
      gate: (/** @type {boolean} */ open) => sent.push(`gate ${open}`),
      mute: () => undefined,
      open: async () => undefined,
      close: () => sent.push('closed'),
    })
  );
  /** @type {import('../../main/resources/web/app/media/microphone.js').Listener[]} */
  const ears = [];
  /** @type {(string | null)[]} */
  const troubles = [];
  const latency = new Latency();
  const subject = new SpokenInput({
    clock,
    latency,
    connection: () => connection,
    newMicrophone(listener) {
      ears.push(listener);
      return microphone;
    },
    state: () => state,
    dispatch: (event) => events.push(event.type),
    onTrouble: (trouble) => troubles.push(trouble?.id ?? null),
    onDevices: () => undefined,
    onChunk: () => undefined,
  });
  // Settles at once; what it sets is there before the first await.
  void subject.open(/** @type {AudioContext} */ ({}), { ...DEFAULTS, turns: ptt ? 'ptt' : 'auto' });
  return {
    clock,
    sent,
    events,
    troubles,
    ears,
    state,
    latency,
    input: subject,
    /** @param {number} ms @param {number} level @param {boolean} [open] */
    hear(ms, level, open = true) {
      for (let at = 0; at < ms; at += 20) {
        clock.advance(20);
        ears[0].onChunk({ pcm: constant(open ? 320 : 0, 7), level, sample: 0, open, silent: false }, 5);
      }
    },
  };
}

test('an utterance becomes a question, dated to its last voice', () => {
  const i = input();
  i.hear(200, 0.001);
  i.hear(600, 0.1);
  i.hear(600, 0.001);
  assert.deepEqual(i.events, ['speechStart', 'speechEnd', 'inputComplete']);
  assert.equal(i.sent.length, 70, 'silence is sent too: the service listens to it');
  i.latency.chunk(1, 1500, 1, null);
  assert.equal(i.latency.firstAudioPlayed(1, 1600), 800);
  assert.equal(i.latency.captureToSocket.last, 5);
});

test('a cough asks for nothing', () => {
  const i = input();
  i.hear(120, 0.1);
  i.hear(600, 0.001);
  assert.deepEqual(i.events, ['speechStart', 'speechEnd']);
  assert.equal(i.latency.waiting, false);
});

test('mute sends nothing and says so after a second', () => {
  const i = input();
  i.input.mute(true);
  i.hear(980, 0.1);
  assert.deepEqual(i.sent, []);
  i.hear(40, 0.1);
  assert.deepEqual(i.sent, ['audioStreamEnd']);
  assert.equal(i.input.level, 0);
  i.input.mute(false);
  i.hear(20, 0.1);
  assert.equal(i.sent.at(-1), 'audio 320 7');
});

test('a short mute is not announced', () => {
  const i = input();
  i.input.mute(true);
  i.clock.advance(900);
  i.input.mute(false);
  i.clock.advance(5000);
  assert.deepEqual(i.sent, []);
});

test('push to talk: begin, look-back and speech, silence, end', () => {
  const i = input({ ptt: true });
  i.hear(100, 0.1, false);
  assert.deepEqual(i.sent, []);
  assert.equal(i.input.hold(true), true);
  assert.equal(i.input.hold(true), false);
  i.hear(40, 0.1);
  i.input.hold(false);
  i.hear(20, 0.1);
  i.hear(20, 0.1, false);
  i.hear(20, 0.1, false);
  assert.deepEqual(i.sent, [
    'activityStart',
    'gate true',
    'audio 320 7',
    'audio 320 7',
    'gate false',
    'audio 320 7',
    'audio 8000 0',
    'activityEnd',
  ]);
  assert.deepEqual(i.events, ['speechStart', 'inputComplete']);
});

test('a microphone that dies while held does not leave the activity open', () => {
  const i = input({ ptt: true });
  i.input.hold(true);
  i.input.hold(false);
  i.clock.advance(300);
  assert.equal(i.sent.at(-1), 'activityEnd');
  i.clock.advance(1000);
  assert.equal(i.sent.filter((entry) => entry === 'activityEnd').length, 1);
});

test('pressing again at once ends the first activity before the next', () => {
  const i = input({ ptt: true });
  i.input.hold(true);
  i.input.hold(false);
  i.input.hold(true);
  assert.deepEqual(
    i.sent.filter((entry) => entry.startsWith('activity')),
    ['activityStart', 'activityEnd', 'activityStart'],
  );
});

test('a lost connection forgets a held button', () => {
  const i = input({ ptt: true });
  i.input.hold(true);
  i.input.disconnected();
  assert.equal(i.input.hold(true), true, 'it can be pressed again');
});

test('a deaf microphone is a trouble until it hears again', () => {
  const i = input();
  i.ears[0].onDeaf(true, 'Headset');
  assert.deepEqual(i.troubles, ['microphone.deaf']);
  i.state.problem = problem('microphone.deaf', 'microphone');
  i.ears[0].onDeaf(false, 'Headset');
  assert.deepEqual(i.troubles, ['microphone.deaf', null]);
});

test('an insecure page has no microphone, and says so', async () => {
  const i = input();
  await assert.rejects(() => i.input.open(null, DEFAULTS), { id: 'insecure', retry: 'never' });
});

test('the end closes the microphone', () => {
  const i = input();
  i.input.release();
  assert.deepEqual(i.sent, ['closed']);
});
