import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from './reconnecting-fixture.js';
import { READY } from './support.js';

test('an address says that the conversation goes on, and keeps its own query', async () => {
  const f = fixture(async () => ({ url: 'wss://x/live?tenant=a', protocols: [] }));
  await f.connection.connect();
  f.token.keep('opaque', 60_000);
  f.sockets[0].lose(1006);
  f.connection.retryNow();
  await f.settle();
  assert.deepEqual(f.addresses, ['wss://x/live?tenant=a', 'wss://x/live?tenant=a&resume=']);
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

test('the newest token takes the conversation up again, once', async () => {
  const f = fixture();
  await f.live();
  f.offer('one');
  f.offer('two');
  await f.reconnect();
  assert.deepEqual(f.sockets[1].texts[0], { resume: { token: 'two' } });
  f.sockets[1].receive({ ...READY, resumed: true, memory: 'resumed' });
  assert.equal(f.token.value, null, 'it has been used');
  await f.reconnect();
  assert.deepEqual(f.sockets[2].texts[0], { setup: {} });
});

test('a token is kept over attempts that do not arrive', async () => {
  const f = fixture();
  await f.live();
  f.offer('one');
  f.sockets[0].lose(1006);
  await f.pass(500);
  await f.reconnect(1000);
  assert.deepEqual(f.sockets[2].texts[0], { resume: { token: 'one' } });
});

test('a token that has expired is not shown', async () => {
  const f = fixture();
  await f.live();
  f.offer('one', 2400);
  await f.reconnect();
  assert.deepEqual(f.sockets[1].texts[0], { setup: {} });
});

for (const [code, closeCode] of [
  ['resume_refused', 1008],
  ['bad_setup', 1007],
]) {
  test(`a refused token (${code}) begins a new conversation at once`, async () => {
    const f = fixture();
    await f.live();
    f.offer('forged');
    await f.reconnect();
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
  await f.live();
  f.offer('one');
  await f.reconnect();
  f.sockets[1].receive({ type: 'error', code: 'capacity', message: 'Full.', fatal: true });
  f.sockets[1].lose(1013);
  assert.equal(f.events.at(-1), 'lost 2 1000');
  assert.equal(f.token.value, 'one');
});

test('an ordered move connects at once, hears the old one out and then lets it go', async () => {
  const f = fixture();
  await f.live();
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
  await f.live();
  f.sockets[0].receive({ type: 'migrate', token: 'moving', expiresInMs: 60_000 });
  f.sockets[0].lose(1012, 'restarting');
  await f.settle();
  assert.equal(f.events.includes('gone'), false);
  f.sockets[1].lose(1006);
  await f.settle();
  assert.deepEqual(f.events.slice(-2), ['gone', 'lost 1 500'], 'but a move that fails is one');
});

test('a restarting service that gave a token is asked at once', async () => {
  const f = fixture();
  await f.live();
  f.offer('one');
  f.sockets[0].lose(1012);
  assert.equal(f.events.at(-1), 'lost 1 0 renewing');
  await f.pass(0);
  f.sockets[1].lose(1012);
  assert.equal(f.events.at(-1), 'lost 2 1000 renewing');
});

test('a page that leaves says that it may come back', async () => {
  const f = fixture();
  await f.live();
  f.connection.close({ forGood: false });
  assert.equal(f.sockets[0].closedWith, 3001);
});

test('a conversation that went on elsewhere is not fought over', async () => {
  const f = fixture();
  await f.live();
  f.offer('one');
  f.sockets[0].lose(4002, 'moved');
  assert.equal(f.events.at(-1), 'refused moved');
  assert.equal(f.token.value, null);
  await f.pass(60_000);
  assert.equal(f.sockets.length, 1);
});
