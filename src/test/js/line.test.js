import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceClock } from '../../main/resources/web/app/metrics/clock.js';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { Line } from '../../main/resources/web/app/net/line.js';
import { FakeClock, FakeSocket, READY } from './support.js';

/** @param {() => Promise<import('../../main/resources/web/app/net/connection.js').Target>} [target] */
function line(target = async () => ({ url: 'ws://x/live', protocols: [] })) {
  const clock = new FakeClock();
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {string[]} */
  const heard = [];
  const environment = /** @type {import('../../main/resources/web/app/platform/environment.js').PageEnvironment} */ (
    /** @type {unknown} */ ({
      clock,
      random: () => 1,
      openSocket() {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket.asSocket();
      },
    })
  );
  const serviceClock = new ServiceClock();
  const latency = new Latency();
  const subject = new Line(
    { environment, target, setup: () => ({}), latency, serviceClock },
    {
      onReady: ({ session }) => heard.push(`ready ${session}`),
      onMessage: ({ type }) => heard.push(type),
      onAudio: () => heard.push('audio'),
      onGone: () => heard.push('gone'),
      onLost: ({ attempt, retryAt, renewing }) =>
        heard.push(`lost ${attempt} ${retryAt - clock.now()}${renewing ? ' renewing' : ''}`),
      onRetrying: () => heard.push('retrying'),
      onRefused: ({ id }) => heard.push(`refused ${id}`),
      onTrouble: ({ id }) => heard.push(`trouble ${id}`),
      onSlow: () => heard.push('slow'),
    },
  );
  /** Lets promises that are settled run on. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, sockets, heard, line: subject, serviceClock, latency, settle };
}

test('a lost connection is tried again, each time later, until it holds', async () => {
  const l = line();
  await l.line.connect();
  for (const wait of [500, 1000, 2000, 4000, 8000, 8000]) {
    l.sockets.at(-1)?.lose(1006);
    assert.equal(l.heard.at(-1)?.split(' ')[2], String(wait));
    l.clock.advance(wait);
    await l.settle();
  }
  assert.equal(l.sockets.length, 7);
  l.sockets[6].open();
  l.sockets[6].receive({ ...READY });
  l.sockets[6].lose(1006);
  assert.equal(l.heard.at(-1), 'lost 1 500', 'success begins the schedule anew');
});

test('a refusal is not tried again', async () => {
  for (const code of ['policy', 'capacity', 'upstream_quota', 'bad_setup', 'idle_timeout']) {
    const l = line();
    await l.line.connect();
    l.sockets[0].open();
    l.sockets[0].receive({ type: 'error', code, message: 'x', fatal: true });
    l.sockets[0].lose(1011);
    assert.deepEqual(l.heard, ['gone', `refused ${code}`]);
    l.clock.advance(60_000);
    await l.settle();
    assert.equal(l.sockets.length, 1);
  }
});

test('a restarting service is announced as such', async () => {
  const l = line();
  await l.line.connect();
  l.sockets[0].lose(1012);
  assert.deepEqual(l.heard, ['gone', 'lost 1 500 renewing']);
});

test('an error that is not fatal leaves the connection alone', async () => {
  const l = line();
  await l.line.connect();
  l.sockets[0].open();
  l.sockets[0].receive({ ...READY });
  l.sockets[0].receive({ type: 'error', code: 'bad_message', message: 'x', fatal: false });
  l.sockets[0].receive({ type: 'usage', turn: 1 });
  assert.deepEqual(l.heard, ['ready s-1', 'trouble other', 'usage']);
});

test('the person can hurry it, and only once', async () => {
  const l = line();
  await l.line.connect();
  l.sockets[0].lose(1006);
  l.line.retryNow();
  await l.settle();
  l.line.retryNow();
  l.clock.advance(10_000);
  await l.settle();
  assert.equal(l.sockets.length, 2);
});

test('closed means closed, also while an address is being looked up', async () => {
  /** @type {(target: import('../../main/resources/web/app/net/connection.js').Target) => void} */
  let found = () => undefined;
  const l = line(
    () =>
      new Promise((resolve) => {
        found = resolve;
      }),
  );
  const connecting = l.line.connect();
  l.line.close();
  found({ url: 'ws://x/live', protocols: [] });
  await connecting;
  assert.equal(l.sockets.length, 0);
  assert.equal(l.clock.pending, 0);
});

test('a ticket that can not be had is a lost connection', async () => {
  const l = line(async () => {
    throw new Error('no ticket: 503');
  });
  await l.line.connect();
  assert.deepEqual(l.heard, ['lost 1 500']);
});

test('pongs feed the clock', async () => {
  const l = line();
  await l.line.connect();
  l.sockets[0].open();
  l.clock.advance(30);
  l.sockets[0].receive({ type: 'pong', t: 0, received: 1010, sent: 1015 });
  assert.equal(l.serviceClock.rtt, 25);
  assert.equal(l.latency.roundTrip.last, 25);
});
