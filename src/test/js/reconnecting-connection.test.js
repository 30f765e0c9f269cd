import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem, serviceProblem } from '../../main/resources/web/app/net/errors.js';
import { ticketProblem } from '../../main/resources/web/app/net/ticket.js';
import { fixture } from './reconnecting-fixture.js';
import { READY } from './support.js';

/** @typedef {import('./support.js').FakeSocket} FakeSocket */

test('a lost connection is tried again, each time later, until it holds', async () => {
  const f = fixture();
  await f.connection.connect();
  for (const wait of [500, 1000, 2000, 4000, 8000, 8000]) {
    f.sockets.at(-1)?.lose(1006);
    await f.settle();
    assert.equal(f.events.at(-1)?.split(' ')[2], String(wait));
    await f.pass(wait);
  }
  assert.equal(f.sockets.length, 7);
  f.sockets[6].open();
  f.sockets[6].receive({ ...READY });
  f.sockets[6].lose(1006);
  assert.equal(f.events.at(-1), 'lost 1 500', 'success resets the schedule');
});

test('a refusal is not tried again', async () => {
  for (const code of ['policy', 'upstream_quota', 'bad_setup', 'idle_timeout']) {
    const f = fixture();
    await f.connection.connect();
    f.sockets[0].open();
    f.sockets[0].receive({ type: 'error', code, message: 'x', fatal: true });
    f.sockets[0].lose(1011);
    assert.deepEqual(f.events, ['gone', `refused ${code}`]);
    await f.pass(60_000);
    assert.equal(f.sockets.length, 1);
  }
});

test('a refused upgrade is explained, and a full service is asked until there is room', async () => {
  const full = serviceProblem({ code: 'capacity', retryAfter: 5000 });
  /** @type {[string, boolean][]} */
  const asked = [];
  const f = fixture(undefined, undefined, async (url, begins) => {
    asked.push([url, begins]);
    return full;
  });
  await f.connection.connect();
  for (let attempt = 1; attempt <= 60; attempt++) {
    f.sockets.at(-1)?.lose(1006);
    await f.settle();
    assert.equal(f.events.at(-1), `lost ${attempt} ${attempt < 5 ? 5000 : 8000}`);
    await f.pass(8000);
  }
  assert.deepEqual(asked[0], ['ws://x/live', true]);
  f.sockets.at(-1)?.lose(1006);
  await f.settle();
  assert.equal(f.events.at(-1), 'refused capacity');
});

test('a refusal that time does not change is not tried again', async () => {
  const f = fixture(undefined, undefined, async () => serviceProblem({ code: 'origin' }));
  await f.connection.connect();
  f.sockets[0].lose(1006);
  await f.settle();
  assert.deepEqual(f.events, ['gone', 'refused origin']);
});

test('a reason that comes after the end is ignored', async () => {
  /** @type {(reason: null) => void} */
  let explain = () => undefined;
  const f = fixture(undefined, undefined, () => new Promise((resolve) => (explain = resolve)));
  await f.connection.connect();
  f.sockets[0].lose(1006);
  f.connection.close();
  explain(null);
  await f.settle();
  assert.deepEqual(f.events, ['gone']);
  assert.equal(f.clock.pending, 0);
});

test('a restarting service is announced as such', async () => {
  const f = fixture();
  await f.connection.connect();
  f.sockets[0].lose(1012);
  assert.deepEqual(f.events, ['gone', 'lost 1 500 renewing']);
});

test('an error that is not fatal leaves the connection alone', async () => {
  const f = fixture();
  await f.live();
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
  await f.pass(10_000);
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
    await f.pass(60_000);
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
    await f.pass(500);
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
    await f.pass(60_000);
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
    await f.pass(20_000);
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

test('a function result that comes too late is no trouble of the user', async () => {
  const f = fixture();
  await f.live();
  f.events.length = 0;
  f.sockets[0].receive({ type: 'error', code: 'tool_call_gone', message: 'x', fatal: false });
  assert.deepEqual(f.events, []);
});
