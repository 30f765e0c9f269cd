import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceClock } from '../../main/resources/web/app/metrics/clock.js';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { Line } from '../../main/resources/web/app/net/line.js';
import { ResumeToken } from '../../main/resources/web/app/platform/resume-token.js';
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
  const token = new ResumeToken(clock.wall, null);
  const subject = new Line(
    { environment, target, setup: () => ({}), token, latency, serviceClock },
    {
      onReady: ({ session }) => heard.push(`ready ${session}`),
      onMessage: ({ type }) => heard.push(type),
      onAudio: () => heard.push('audio'),
      onMoving: () => heard.push('moving'),
      onForgotten: () => heard.push('forgotten'),
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
  return { clock, sockets, heard, token, line: subject, serviceClock, latency, settle };
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

/** @param {ReturnType<typeof line>} l */
async function live(l) {
  await l.line.connect();
  l.sockets[0].open();
  l.sockets[0].receive({ ...READY });
}

test('the newest token takes the conversation up again, once', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'resume', token: 'one', expiresInMs: 60_000 });
  l.sockets[0].receive({ type: 'resume', token: 'two', expiresInMs: 60_000 });
  l.sockets[0].lose(1006);
  l.clock.advance(500);
  await l.settle();
  l.sockets[1].open();
  assert.deepEqual(l.sockets[1].texts[0], { resume: { token: 'two' } });
  l.sockets[1].receive({ ...READY, resumed: true, memory: 'resumed' });
  assert.equal(l.token.value, null, 'it has been used');
  l.sockets[1].lose(1006);
  l.clock.advance(500);
  await l.settle();
  l.sockets[2].open();
  assert.deepEqual(l.sockets[2].texts[0], { setup: {} });
});

test('a token is kept over attempts that do not arrive', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'resume', token: 'one', expiresInMs: 60_000 });
  l.sockets[0].lose(1006);
  l.clock.advance(500);
  await l.settle();
  l.sockets[1].lose(1006);
  l.clock.advance(1000);
  await l.settle();
  l.sockets[2].open();
  assert.deepEqual(l.sockets[2].texts[0], { resume: { token: 'one' } });
});

test('a token that has expired is not shown', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'resume', token: 'one', expiresInMs: 2400 });
  l.sockets[0].lose(1006);
  l.clock.advance(500);
  await l.settle();
  l.sockets[1].open();
  assert.deepEqual(l.sockets[1].texts[0], { setup: {} });
});

for (const [code, closeCode] of [
  ['resume_refused', 1008],
  ['bad_setup', 1007],
]) {
  test(`a refused token (${code}) begins a new conversation at once`, async () => {
    const l = line();
    await live(l);
    l.sockets[0].receive({ type: 'resume', token: 'forged', expiresInMs: 60_000 });
    l.sockets[0].lose(1006);
    l.clock.advance(500);
    await l.settle();
    l.sockets[1].open();
    l.heard.length = 0;
    l.sockets[1].receive({ type: 'error', code, message: 'No.', fatal: true });
    l.sockets[1].lose(/** @type {number} */ (closeCode));
    await l.settle();
    assert.deepEqual(l.heard, ['gone', 'forgotten']);
    l.sockets[2].open();
    assert.deepEqual(l.sockets[2].texts[0], { setup: {} });
    l.sockets[2].receive({ type: 'error', code, message: 'No.', fatal: true });
    l.sockets[2].lose(/** @type {number} */ (closeCode));
    await l.settle();
    assert.equal(l.sockets.length, 3, 'a refused setup is not tried again');
  });
}

test('a full service is no reason to forget', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'resume', token: 'one', expiresInMs: 60_000 });
  l.sockets[0].lose(1006);
  l.clock.advance(500);
  await l.settle();
  l.sockets[1].open();
  l.sockets[1].receive({ type: 'error', code: 'capacity', message: 'Full.', fatal: true });
  l.sockets[1].lose(1013);
  assert.equal(l.heard.at(-1), 'refused capacity');
  assert.equal(l.token.value, 'one');
});

test('an ordered move connects at once, hears the old one out and then lets it go', async () => {
  const l = line();
  await live(l);
  l.heard.length = 0;
  l.sockets[0].receive({ type: 'migrate', token: 'moving', expiresInMs: 60_000 });
  await l.settle();
  assert.deepEqual(l.heard, ['moving']);
  assert.equal(l.sockets.length, 2);
  l.sockets[1].open();
  assert.deepEqual(l.sockets[1].texts[0], { resume: { token: 'moving' } });
  l.sockets[0].receive({ type: 'turnComplete', turn: 1 });
  l.sockets[0].receive({ type: 'resume', token: 'stale', expiresInMs: 60_000 });
  l.sockets[1].receive({ ...READY, session: 's-2', resumed: true });
  assert.deepEqual(l.heard, ['moving', 'turnComplete', 'ready s-2']);
  assert.equal(l.sockets[0].closedWith, 3001);
  assert.equal(l.token.value, null, 'what the old one said last does not count');
  l.sockets[0].lose(1012);
  assert.equal(l.heard.at(-1), 'ready s-2');
});

test('the close that ends a move is not a loss', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'migrate', token: 'moving', expiresInMs: 60_000 });
  l.sockets[0].lose(1012, 'restarting');
  await l.settle();
  assert.equal(l.heard.includes('gone'), false);
  l.sockets[1].lose(1006);
  assert.deepEqual(l.heard.slice(-2), ['gone', 'lost 1 500'], 'but a move that fails is one');
});

test('a restarting service that gave a token is asked at once', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'resume', token: 'one', expiresInMs: 60_000 });
  l.sockets[0].lose(1012);
  assert.equal(l.heard.at(-1), 'lost 1 0 renewing');
  l.clock.advance(0);
  await l.settle();
  l.sockets[1].lose(1012);
  assert.equal(l.heard.at(-1), 'lost 2 1000 renewing');
});

test('a page that leaves says that it may come back', async () => {
  const l = line();
  await live(l);
  l.line.close({ forGood: false });
  assert.equal(l.sockets[0].closedWith, 3001);
});

test('a conversation that went on elsewhere is not fought over', async () => {
  const l = line();
  await live(l);
  l.sockets[0].receive({ type: 'resume', token: 'one', expiresInMs: 60_000 });
  l.sockets[0].lose(4002, 'moved');
  assert.equal(l.heard.at(-1), 'refused moved');
  assert.equal(l.token.value, null);
  l.clock.advance(60_000);
  await l.settle();
  assert.equal(l.sockets.length, 1);
});
