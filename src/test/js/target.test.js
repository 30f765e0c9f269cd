import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTarget } from '../../main/resources/web/app/net/target.js';

Object.assign(globalThis, { location: { href: 'https://page.example/talk/' } });

/** @param {string} body @param {ResponseInit} [how] */
const answering = (body, how) => async () => new Response(body, how);
/** @param {() => Promise<unknown>} run */
const problemOf = async (run) => {
  try {
    await run();
  } catch (error) {
    return /** @type {import('../../main/resources/web/app/net/errors.js').Problem} */ (error);
  }
  throw new Error('nothing was thrown');
};
/** @param {string} body @param {ResponseInit} [how] */
const refusal = (body, how) => problemOf(() => findTarget('/live', '/ticket', answering(body, how)));

test('addresses are relative to the page and become socket addresses', async () => {
  assert.deepEqual(await findTarget('/live', ''), { url: 'wss://page.example/live', protocols: [] });
  assert.deepEqual(await findTarget('http://other.example/x', ''), { url: 'ws://other.example/x', protocols: [] });
  const problem = await problemOf(() => findTarget('http://[', ''));
  assert.deepEqual([problem.id, problem.retry], ['target', 'never']);
});

test('a ticket is asked for by POST, without following redirections, and goes along as subprotocols', async () => {
  /** @type {[unknown, RequestInit | undefined][]} */
  const asked = [];
  const answer = async (/** @type {unknown} */ url, /** @type {RequestInit} */ how) => {
    asked.push([url, how]);
    return new Response('{"protocols":["livebridge","ticket.q7w8e9"]}');
  };
  assert.deepEqual((await findTarget('/live', '/ticket', /** @type {typeof fetch} */ (answer))).protocols, [
    'livebridge',
    'ticket.q7w8e9',
  ]);
  assert.equal(asked[0][0], '/ticket');
  assert.equal(asked[0][1]?.method, 'POST');
  assert.equal(asked[0][1]?.redirect, 'manual');
  assert.equal(asked[0][1]?.credentials, 'same-origin');
});

for (const status of [400, 401, 403, 404, 410]) {
  test(`a ticket server that answers ${status} is not asked again`, async () => {
    const { id, retry, detail } = await refusal('', { status });
    assert.deepEqual([id, retry, detail], ['ticket.refused', 'again', `ticket: HTTP ${status}`]);
  });
}

test('a redirection leads to a login page, not to a ticket', async () => {
  const redirected = /** @type {typeof fetch} */ (
    async () => /** @type {Response} */ (/** @type {unknown} */ ({ ok: false, status: 0, headers: new Headers() }))
  );
  const { id } = await problemOf(() => findTarget('/live', '/ticket', redirected));
  assert.equal(id, 'ticket.refused');
});

for (const status of [408, 429, 500, 503]) {
  test(`a ticket server that answers ${status} is asked again`, async () => {
    const { id, retry, retryAfterMs } = await refusal('', { status, headers: { 'Retry-After': '7' } });
    assert.deepEqual([id, retry, retryAfterMs], ['ticket.unavailable', 'auto', 7000]);
  });
}

test('a date, or nonsense, as Retry-After is left alone', async () => {
  for (const header of ['Wed, 21 Oct 2026 07:28:00 GMT', 'soon', '-3', '']) {
    assert.equal((await refusal('', { status: 503, headers: { 'Retry-After': header } })).retryAfterMs, null);
  }
});

for (const [name, body] of [
  ['no JSON', '<html>secret.token</html>'],
  ['half of it', '{"protocols":["livebridge"'],
  ['null', 'null'],
  ['no list', '{"protocols":"livebridge"}'],
  ['nothing', '{}'],
  ['an empty list', '{"protocols":[]}'],
  ['numbers', '{"protocols":[1]}'],
  ['an empty name', '{"protocols":[""]}'],
  ['a space', '{"protocols":["a b"]}'],
  ['a comma', '{"protocols":["a,b"]}'],
  ['a line end', '{"protocols":["a\\nb"]}'],
  ['a name twice', '{"protocols":["a","a"]}'],
  ['too many', JSON.stringify({ protocols: Array.from({ length: 9 }, (_, i) => `p${i}`) })],
  ['a name too long', JSON.stringify({ protocols: ['x'.repeat(5000)] })],
]) {
  test(`an answer that is no ticket is said to be none: ${name}`, async () => {
    const { id, retry, detail } = await refusal(body);
    assert.deepEqual([id, retry], ['ticket.broken', 'again']);
    assert.doesNotMatch(detail, /secret|html/, 'what it says may be a part of a ticket');
  });
}

test('a ticket server that says nothing is not waited for', async () => {
  /** @type {typeof fetch} */
  const silent = (_url, how) =>
    new Promise((_resolve, reject) => how?.signal?.addEventListener('abort', () => reject(how.signal?.reason)));
  const { id, retry } = await problemOf(() => findTarget('/live', '/ticket', silent, 10));
  assert.deepEqual([id, retry], ['ticket.timeout', 'auto']);
});

test('a ticket server that can not be reached is tried again', async () => {
  const gone = async () => {
    throw new TypeError('fetch failed');
  };
  const { id, retry, detail } = await problemOf(() => findTarget('/live', '/ticket', gone));
  assert.deepEqual([id, retry], ['ticket.unavailable', 'auto']);
  assert.match(detail, /fetch failed/);
});
