import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceClock } from '../../main/resources/web/app/metrics/clock.js';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { problem, serviceProblem, ticketProblem } from '../../main/resources/web/app/net/errors.js';
import { ReconnectingConnection } from '../../main/resources/web/app/net/reconnecting-connection.js';
import { ResumeToken } from '../../main/resources/web/app/platform/resume-token.js';
import { FakeClock, FakeSocket, READY } from './support.js';

/**
 * @param {(begins: boolean) => Promise<import('../../main/resources/web/app/net/connection.js').Target>} [target]
 * @param {() => void} [opening] what happens when a socket is opened
 */
function fixture(target = async () => ({ url: 'ws://x/live', protocols: [] }), opening = () => undefined) {
  const clock = new FakeClock();
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {string[]} */
  const addresses = [];
  /** @type {string[]} */
  const events = [];
  const environment = /** @type {import('../../main/resources/web/app/platform/environment.js').PageEnvironment} */ (
    /** @type {unknown} */ ({
      clock,
      random: () => 1,
      /** @param {string} url */
      openSocket(url) {
        opening();
        addresses.push(url);
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket.asSocket();
      },
    })
  );
  const serviceClock = new ServiceClock();
  const latency = new Latency();
  const token = new ResumeToken(clock.wall, null);
  const subject = new ReconnectingConnection(
    { environment, target, setup: () => ({}), token, latency, serviceClock },
    {
      onReady: ({ session }) => events.push(`ready ${session}`),
      onMessage: ({ type }) => events.push(type),
      onAudio: () => events.push('audio'),
      onMigrating: () => events.push('moving'),
      onResumeRefused: () => events.push('forgotten'),
      onClosed: () => events.push('gone'),
      onLost: ({ attempt, retryAt, renewing }) =>
        events.push(`lost ${attempt} ${retryAt - clock.now()}${renewing ? ' renewing' : ''}`),
      onRetrying: () => events.push('retrying'),
      onRefused: ({ id }) => events.push(`refused ${id}`),
      onTrouble: ({ id }) => events.push(`trouble ${id}`),
      onSlow: () => events.push('slow'),
    },
  );
  /** Lets promises that are settled run on. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, sockets, addresses, events, token, connection: subject, serviceClock, latency, settle };
}

test('a lost connection is tried again, each time later, until it holds', async () => {
  const f = fixture();
  await f.connection.connect();
  for (const wait of [500, 1000, 2000, 4000, 8000, 8000]) {
    f.sockets.at(-1)?.lose(1006);
    assert.equal(f.events.at(-1)?.split(' ')[2], String(wait));
    f.clock.advance(wait);
    await f.settle();
  }
  assert.equal(f.sockets.length, 7);
  f.sockets[6].open();
  f.sockets[6].receive({ ...READY });
  f.sockets[6].lose(1006);
  assert.equal(f.events.at(-1), 'lost 1 500', 'success resets the schedule');
});

test('an address says that the conversation goes on, and keeps its own query', async () => {
  const f = fixture(async () => ({ url: 'wss://x/live?tenant=a', protocols: [] }));
  await f.connection.connect();
  f.token.keep('opaque', 60_000);
  f.sockets[0].lose(1006);
  f.connection.retryNow();
  await f.settle();
  assert.deepEqual(f.addresses, ['wss://x/live?tenant=a', 'wss://x/live?tenant=a&resume=']);
});

test('a refusal is not tried again', async () => {
  for (const code of ['policy', 'capacity', 'upstream_quota', 'bad_setup', 'idle_timeout']) {
    const f = fixture();
    await f.connection.connect();
    f.sockets[0].open();
    f.sockets[0].receive({ type: 'error', code, message: 'x', fatal: true });
    f.sockets[0].lose(1011);
    assert.deepEqual(f.events, ['gone', `refused ${code}`]);
    f.clock.advance(60_000);
    await f.settle();
    assert.equal(f.sockets.length, 1);
  }
});

test('the address is asked for with whether a conversation begins', async () => {
  /** @type {boolean[]} */
  const begins = [];
  const f = fixture(async (/** @type {boolean} */ begin) => {
    begins.push(begin);
    return { url: 'ws://x/live', protocols: [] };
  });
  await f.connection.connect();
  f.token.keep('opaque', 60_000);
  f.sockets[0].lose(1006);
  f.connection.retryNow();
  await f.settle();
  assert.deepEqual(begins, [true, false]);
});

test('a restarting service is announced as such', async () => {
  const f = fixture();
  await f.connection.connect();
  f.sockets[0].lose(1012);
  assert.deepEqual(f.events, ['gone', 'lost 1 500 renewing']);
});

test('an error that is not fatal leaves the connection alone', async () => {
  const f = fixture();
  await f.connection.connect();
  f.sockets[0].open();
  f.sockets[0].receive({ ...READY });
  f.sockets[0].receive({ type: 'error', code: 'bad_message', message: 'x', fatal: false });
  f.sockets[0].receive({ type: 'usage', turn: 1 });
  assert.deepEqual(f.events, ['ready s-1', 'trouble other', 'usage']);
});

test('the person can hurry it, and only once', async () => {
  const f = fixture();
  await f.connection.connect();
  f.sockets[0].lose(1006);
  f.connection.retryNow();
  await f.settle();
  f.connection.retryNow();
  f.clock.advance(10_000);
  await f.settle();
  assert.equal(f.sockets.length, 2);
});

test('closed means closed, also while an address is being looked up', async () => {
  /** @type {(target: import('../../main/resources/web/app/net/connection.js').Target) => void} */
  let found = () => undefined;
  const f = fixture(
    () =>
      new Promise((resolve) => {
        found = resolve;
      }),
  );
  const connecting = f.connection.connect();
  f.connection.close();
  found({ url: 'ws://x/live', protocols: [] });
  await connecting;
  assert.equal(f.sockets.length, 0);
  assert.equal(f.clock.pending, 0);
});

test('a ticket that can not be had is a lost connection', async () => {
  const f = fixture(async () => {
    throw new Error('no ticket: 503');
  });
  await f.connection.connect();
  assert.deepEqual(f.events, ['lost 1 500']);
});

test('pongs feed the clock', async () => {
  const f = fixture();
  await f.connection.connect();
  f.sockets[0].open();
  f.clock.advance(30);
  f.sockets[0].receive({ type: 'pong', t: 0, received: 1010, sent: 1015 });
  assert.equal(f.serviceClock.rtt, 25);
  assert.equal(f.latency.roundTrip.last, 25);
});

/** @param {ReturnType<typeof fixture>} f */
async function live(f) {
  await f.connection.connect();
  f.sockets[0].open();
  f.sockets[0].receive({ ...READY });
}

test('the newest token takes the conversation up again, once', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'resumeToken', token: 'one', expiresInMs: 60_000 });
  f.sockets[0].receive({ type: 'resumeToken', token: 'two', expiresInMs: 60_000 });
  f.sockets[0].lose(1006);
  f.clock.advance(500);
  await f.settle();
  f.sockets[1].open();
  assert.deepEqual(f.sockets[1].texts[0], { resume: { token: 'two' } });
  f.sockets[1].receive({ ...READY, resumed: true, memory: 'resumed' });
  assert.equal(f.token.value, null, 'it has been used');
  f.sockets[1].lose(1006);
  f.clock.advance(500);
  await f.settle();
  f.sockets[2].open();
  assert.deepEqual(f.sockets[2].texts[0], { setup: {} });
});

test('a token is kept over attempts that do not arrive', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'resumeToken', token: 'one', expiresInMs: 60_000 });
  f.sockets[0].lose(1006);
  f.clock.advance(500);
  await f.settle();
  f.sockets[1].lose(1006);
  f.clock.advance(1000);
  await f.settle();
  f.sockets[2].open();
  assert.deepEqual(f.sockets[2].texts[0], { resume: { token: 'one' } });
});

test('a token that has expired is not shown', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'resumeToken', token: 'one', expiresInMs: 2400 });
  f.sockets[0].lose(1006);
  f.clock.advance(500);
  await f.settle();
  f.sockets[1].open();
  assert.deepEqual(f.sockets[1].texts[0], { setup: {} });
});

for (const [code, closeCode] of [
  ['resume_refused', 1008],
  ['bad_setup', 1007],
]) {
  test(`a refused token (${code}) begins a new conversation at once`, async () => {
    const f = fixture();
    await live(f);
    f.sockets[0].receive({ type: 'resumeToken', token: 'forged', expiresInMs: 60_000 });
    f.sockets[0].lose(1006);
    f.clock.advance(500);
    await f.settle();
    f.sockets[1].open();
    f.events.length = 0;
    f.sockets[1].receive({ type: 'error', code, message: 'No.', fatal: true });
    f.sockets[1].lose(/** @type {number} */ (closeCode));
    await f.settle();
    assert.deepEqual(f.events, ['gone', 'forgotten']);
    f.sockets[2].open();
    assert.deepEqual(f.sockets[2].texts[0], { setup: {} });
    f.sockets[2].receive({ type: 'error', code, message: 'No.', fatal: true });
    f.sockets[2].lose(/** @type {number} */ (closeCode));
    await f.settle();
    assert.equal(f.sockets.length, 3, 'a refused setup is not tried again');
  });
}

test('a full service is no reason to forget', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'resumeToken', token: 'one', expiresInMs: 60_000 });
  f.sockets[0].lose(1006);
  f.clock.advance(500);
  await f.settle();
  f.sockets[1].open();
  f.sockets[1].receive({ type: 'error', code: 'capacity', message: 'Full.', fatal: true });
  f.sockets[1].lose(1013);
  assert.equal(f.events.at(-1), 'refused capacity');
  assert.equal(f.token.value, 'one');
});

test('an ordered move connects at once, hears the old one out and then lets it go', async () => {
  const f = fixture();
  await live(f);
  f.events.length = 0;
  f.sockets[0].receive({ type: 'migrate', token: 'moving', expiresInMs: 60_000 });
  await f.settle();
  assert.deepEqual(f.events, ['moving']);
  assert.equal(f.sockets.length, 2);
  f.sockets[1].open();
  assert.deepEqual(f.sockets[1].texts[0], { resume: { token: 'moving' } });
  f.sockets[0].receive({ type: 'turnComplete', turn: 1 });
  f.sockets[0].receive({ type: 'resumeToken', token: 'stale', expiresInMs: 60_000 });
  f.sockets[1].receive({ ...READY, session: 's-2', resumed: true });
  assert.deepEqual(f.events, ['moving', 'turnComplete', 'ready s-2']);
  assert.equal(f.sockets[0].closedWith, 3001);
  assert.equal(f.token.value, null, 'what the old one said last does not count');
  f.sockets[0].lose(1012);
  assert.equal(f.events.at(-1), 'ready s-2');
});

test('the close that ends a move is not a loss', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'migrate', token: 'moving', expiresInMs: 60_000 });
  f.sockets[0].lose(1012, 'restarting');
  await f.settle();
  assert.equal(f.events.includes('gone'), false);
  f.sockets[1].lose(1006);
  assert.deepEqual(f.events.slice(-2), ['gone', 'lost 1 500'], 'but a move that fails is one');
});

test('a restarting service that gave a token is asked at once', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'resumeToken', token: 'one', expiresInMs: 60_000 });
  f.sockets[0].lose(1012);
  assert.equal(f.events.at(-1), 'lost 1 0 renewing');
  f.clock.advance(0);
  await f.settle();
  f.sockets[1].lose(1012);
  assert.equal(f.events.at(-1), 'lost 2 1000 renewing');
});

test('a page that leaves says that it may come back', async () => {
  const f = fixture();
  await live(f);
  f.connection.close({ forGood: false });
  assert.equal(f.sockets[0].closedWith, 3001);
});

test('a conversation that went on elsewhere is not fought over', async () => {
  const f = fixture();
  await live(f);
  f.sockets[0].receive({ type: 'resumeToken', token: 'one', expiresInMs: 60_000 });
  f.sockets[0].lose(4002, 'moved');
  assert.equal(f.events.at(-1), 'refused moved');
  assert.equal(f.token.value, null);
  f.clock.advance(60_000);
  await f.settle();
  assert.equal(f.sockets.length, 1);
});

/**
 * Lets the service end each connection in the same way, as long as there are automatic attempts.
 * @param {ReturnType<typeof fixture>} f
 * @param {(socket: FakeSocket) => void} end
 */
async function endAlways(f, end) {
  await f.connection.connect();
  for (let round = 0; round < 200 && !f.events.at(-1)?.startsWith('refused'); round++) {
    const socket = f.sockets.at(-1);
    if (socket) end(socket);
    f.clock.advance(60_000);
    await f.settle();
  }
}

test('a setup that is swallowed is tried again three times, and then when the person wants it', async () => {
  const f = fixture();
  const swallow = (/** @type {FakeSocket} */ socket) => {
    socket.open();
    socket.receive({ type: 'error', code: 'upstream_unreachable', message: 'No answer.', fatal: true });
    socket.lose(1013);
  };
  await endAlways(f, swallow);
  assert.equal(f.sockets.length, 4);
  assert.equal(f.events.at(-1), 'refused upstream_unreachable');
  assert.equal(serviceProblem({ code: 'upstream_unreachable' }).retry, 'auto');
  f.connection.close();
  await f.connection.connect();
  swallow(f.sockets[4]);
  assert.equal(f.events.at(-1), 'lost 1 500', 'an attempt of the user resets the schedule');
});

test('nothing is tried again for ever', async () => {
  for (const [name, end, most] of /** @type {[string, (socket: FakeSocket) => void, number][]} */ ([
    ['no socket', (socket) => socket.lose(1006), 31],
    [
      'a socket and no answer',
      (socket) => {
        socket.open();
        socket.lose(1006);
      },
      31,
    ],
    [
      'ready and gone',
      (socket) => {
        socket.open();
        socket.receive({ ...READY });
        socket.lose(1006);
      },
      33,
    ],
    [
      'ready and an error',
      (socket) => {
        socket.open();
        socket.receive({ ...READY });
        socket.receive({ type: 'error', code: 'internal', message: 'x', fatal: true });
        socket.lose(1011);
      },
      6,
    ],
  ])) {
    const f = fixture();
    await endAlways(f, end);
    assert.match(f.events.at(-1) ?? '', /^refused/, name);
    assert.equal(f.sockets.length, most, name);
  }
});

test('a connection that held counts as a success', async () => {
  const f = fixture();
  await f.connection.connect();
  for (let i = 0; i < 50; i++) {
    const socket = f.sockets[i];
    socket.open();
    socket.receive({ ...READY });
    f.clock.advance(10_000);
    socket.lose(1006);
    assert.equal(f.events.at(-1), 'lost 1 500');
    f.clock.advance(500);
    await f.settle();
  }
});

test('a ticket that is refused is not asked for again', async () => {
  for (const cause of [ticketProblem(401, null), ticketProblem(0, null), problem('ticket.broken', 'network')]) {
    let asked = 0;
    const f = fixture(async () => {
      asked++;
      throw cause;
    });
    await f.connection.connect();
    f.clock.advance(60_000);
    await f.settle();
    assert.deepEqual(f.events, [`refused ${cause.id}`]);
    assert.equal(asked, 1);
  }
});

test('a busy ticket server gets a few attempts, not before its Retry-After', async () => {
  let asked = 0;
  const f = fixture(async () => {
    asked++;
    throw ticketProblem(503, '20');
  });
  await f.connection.connect();
  assert.deepEqual(f.events, ['lost 1 20000']);
  for (let i = 0; i < 9; i++) {
    f.clock.advance(20_000);
    await f.settle();
  }
  assert.equal(asked, 4);
  assert.equal(f.events.at(-1), 'refused ticket.unavailable');
});

test('an address that the browser does not take ends the attempt with its cause', async () => {
  const f = fixture(
    async () => ({ url: 'nonsense', protocols: [] }),
    () => {
      throw new DOMException('The URL is invalid.', 'SyntaxError');
    },
  );
  await f.connection.connect();
  assert.deepEqual(f.events, ['refused target']);
});

test('a ticket that arrives after the person has hurried it is not used twice', async () => {
  /** @type {((target: import('../../main/resources/web/app/net/connection.js').Target) => void)[]} */
  const found = [];
  const f = fixture(() => new Promise((resolve) => found.push(resolve)));
  void f.connection.connect();
  f.connection.retryNow();
  for (const resolve of found) resolve({ url: 'ws://x/live', protocols: [] });
  await f.settle();
  assert.equal(found.length, 2);
  assert.equal(f.sockets.length, 1);
});

test('that a result came too late is nothing for the person', async () => {
  const f = fixture();
  await live(f);
  f.events.length = 0;
  f.sockets[0].receive({ type: 'error', code: 'tool_call_gone', message: 'x', fatal: false });
  assert.deepEqual(f.events, []);
});
