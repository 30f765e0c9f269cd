import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../../main/resources/web/app/net/connection.js';
import { encodeFrame, Kind } from '../../main/resources/web/app/proto/frames.js';
import { EventLog } from '../../main/resources/web/app/state/event-log.js';
import { constant, FakeClock, FakeSocket, READY } from './support.js';

function connect() {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  /** @type {unknown[]} */
  const events = [];
  /** @type {boolean[]} */
  const slow = [];
  let dropped = 0;
  /** @type {{url: string, protocols: string[]} | null} */
  let asked = null;
  const connection = new Connection(
    { url: 'ws://x/live', protocols: ['ticket'] },
    { setup: { generationConfig: {} } },
    {
      onMessage: (message) => events.push(message.type),
      onAudio: (frame) => events.push(`audio ${frame.turn}`),
      onClose: (close) => events.push(close),
      onSlow: (value) => slow.push(value),
      onSent: () => undefined,
      onDropped: (count) => {
        dropped += count;
      },
    },
    {
      clock,
      events: new EventLog(),
      openSocket(url, protocols) {
        asked = { url, protocols };
        return socket.asSocket();
      },
    },
  );
  return { clock, socket, connection, events, slow, asked: () => asked, dropped: () => dropped };
}

test('setup goes first, then a ping, and one every five seconds', () => {
  const { clock, socket, asked } = connect();
  assert.deepEqual(asked(), { url: 'ws://x/live', protocols: ['ticket'] });
  assert.equal(socket.binaryType, 'arraybuffer');
  assert.equal(socket.sent.length, 0);
  socket.open();
  assert.deepEqual(socket.texts[0], { setup: { generationConfig: {} } });
  clock.advance(10_000);
  assert.deepEqual(
    socket.texts.slice(1).map((message) => /** @type {{t: number}} */ (message.ping).t),
    [0, 5000, 10_000],
  );
});

test('speech before ready waits, at most two seconds of it, and keeps its order', () => {
  const { socket, connection, dropped } = connect();
  socket.open();
  for (let i = 0; i < 120; i++) connection.audio(constant(320, i));
  assert.equal(socket.binaries.length, 0);
  assert.equal(dropped(), 20);
  socket.receive({ ...READY });
  assert.equal(socket.binaries.length, 100);
  assert.deepEqual(
    socket.binaries.map((frame) => new Int16Array(frame, 8)[0]),
    Array.from({ length: 100 }, (_, i) => i + 20),
  );
  assert.deepEqual(
    socket.binaries.map((frame) => new DataView(frame).getUint16(2, true)),
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test('a jammed network skips pictures, then sound, and says so', () => {
  const { socket, connection, slow } = connect();
  socket.open();
  socket.receive({ ...READY });
  assert.equal(connection.picture(Kind.CAMERA, new ArrayBuffer(10)), true);
  socket.bufferedAmount = 65 * 1024;
  assert.equal(connection.picture(Kind.CAMERA, new ArrayBuffer(10)), false);
  connection.audio(constant(320, 1));
  assert.equal(socket.binaries.length, 2, 'sound outranks pictures');
  assert.deepEqual(slow, [true]);
  socket.bufferedAmount = 257 * 1024;
  connection.audio(constant(320, 2));
  assert.equal(socket.binaries.length, 2, 'held back');
  socket.bufferedAmount = 0;
  connection.audio(constant(320, 3));
  assert.equal(socket.binaries.length, 4, 'and sent in order');
  assert.deepEqual(slow, [true, false]);
});

test('nothing is sent before ready, nothing after close', () => {
  const { socket, connection } = connect();
  socket.open();
  assert.equal(connection.send({ text: 'hi' }), false);
  socket.receive({ ...READY });
  assert.equal(connection.send({ text: 'hi' }), true);
  connection.close();
  assert.equal(socket.closedWith, 1000);
  const count = socket.sent.length;
  assert.equal(connection.send({ text: 'late' }), false);
  connection.audio(constant(320, 1));
  assert.equal(socket.sent.length, count);
});

test('control does not overtake the sound before it', () => {
  const { socket, connection } = connect();
  socket.open();
  socket.receive({ ...READY });
  socket.bufferedAmount = 257 * 1024;
  connection.audio(constant(320, 1));
  socket.bufferedAmount = 0;
  connection.send({ realtimeInput: { activityEnd: {} } });
  assert.ok(socket.sent.at(-2) instanceof ArrayBuffer);
  assert.equal(typeof socket.sent.at(-1), 'string');
});

test('audio frames are read, other binary frames reported', () => {
  const { socket, events } = connect();
  socket.open();
  socket.receive({ ...READY });
  socket.receive(encodeFrame({ kind: Kind.MODEL_AUDIO, id: 3, at: 0 }, constant(10, 1)));
  socket.receive(new ArrayBuffer(3));
  assert.deepEqual(events, ['ready', 'audio 3', 'malformed']);
});

test('a loss is reported once, with code and reason', () => {
  const { clock, socket, events } = connect();
  socket.lose(1006);
  socket.lose(1006);
  assert.deepEqual(events, [{ code: 1006, reason: '', opened: false }]);
  assert.equal(clock.pending, 0, 'no timer survives');
});

test('a service that never says ready is given up', () => {
  const { clock, socket, events } = connect();
  socket.open();
  clock.advance(25_000);
  assert.deepEqual(events, [{ code: 1006, reason: 'no answer', opened: true }]);
  assert.notEqual(socket.closedWith, null);
  socket.receive({ ...READY });
  assert.equal(events.length, 1, 'too late');
});
