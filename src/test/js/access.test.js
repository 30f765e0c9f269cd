import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Access } from '../../main/resources/web/app/net/access.js';

/**
 * @typedef {import('../../main/resources/web/app/net/errors.js').Problem} Problem
 * @typedef {[url: string, how: RequestInit]} Asked
 */

/**
 * @param {Record<string, (() => Response | Promise<Response>)>} answers by path
 * @param {string} [url]
 */
function accessTo(answers, url = '/api/session') {
  /** @type {Asked[]} */
  const asked = [];
  let changes = 0;
  const fetch = async (/** @type {string} */ path, /** @type {RequestInit} */ how) => {
    asked.push([path, how]);
    return await answers[path]();
  };
  const access = new Access(url, () => changes++, /** @type {typeof globalThis.fetch} */ (fetch));
  return { access, asked, changes: () => changes };
}

/** @param {Record<string, unknown>} members */
const session = (members) => ({ '/api/session': () => Response.json(members) });

/** @param {() => Promise<unknown>} run @returns {Promise<Problem>} */
const problemOf = async (run) => {
  try {
    await run();
  } catch (error) {
    return /** @type {Problem} */ (error);
  }
  throw new Error('nothing was thrown');
};

const PERSON = {
  admitted: true,
  kind: 'person',
  logoutUrl: '/logout',
  ticketUrl: '/api/tickets',
  usageUrl: '/api/usage',
};

test('a service without credentials gets no request', async () => {
  const { access, asked } = accessTo({}, '');
  await access.admit();
  await access.count();
  assert.deepEqual(asked, []);
  assert.equal(access.session, null);
  assert.equal(access.loginUrl, '');
  assert.equal(access.refusal, null);
});

test('the request has the cookie, and redirects are not followed', async () => {
  const { access, asked, changes } = accessTo(session(PERSON));
  await access.admit();
  assert.equal(access.session?.kind, 'person');
  assert.equal(access.session?.logoutUrl, '/logout');
  assert.equal(access.loginUrl, '');
  assert.equal(access.refusal, null);
  assert.equal(changes(), 1);
  assert.equal(asked[0][1].credentials, 'same-origin');
  assert.equal(asked[0][1].redirect, 'manual');
});

test('a service of another origin is asked there, and its login does not help', async () => {
  const url = 'https://live.example.com:8443/api/session';
  const usage = 'https://live.example.com:8443/api/usage';
  let admitted = true;
  const { access, asked } = accessTo(
    {
      [url]: () => Response.json({ ...PERSON, admitted, reason: 'auth_missing', loginUrl: '/login' }),
      [usage]: () => Response.json({ limits: [] }),
    },
    url,
  );
  await access.admit();
  await access.count();
  assert.deepEqual(
    asked.map(([path]) => path),
    [url, usage],
  );
  admitted = false;
  assert.equal((await problemOf(() => access.admit())).id, 'auth_missing');
  assert.equal(access.loginUrl, '');
  assert.equal(access.refusal?.id, 'auth_missing');
});

for (const reason of ['auth_missing', 'auth_invalid', 'auth_expired']) {
  test(`${reason} offers a login`, async () => {
    const { access } = accessTo(session({ admitted: false, reason, loginUrl: '/login' }));
    const { id, retry } = await problemOf(() => access.admit());
    assert.deepEqual([id, retry], [reason, 'again']);
    assert.equal(access.loginUrl, '/login');
    assert.equal(access.refusal, null);
  });
  test(`${reason} without a login is a refusal`, async () => {
    const { access } = accessTo(session({ admitted: false, reason }));
    await access.look();
    assert.equal(access.loginUrl, '');
    assert.equal(access.refusal?.id, reason);
  });
}

for (const reason of ['concurrency', 'rate', 'budget']) {
  test(`${reason} offers a later attempt and no login`, async () => {
    const { access } = accessTo(session({ admitted: false, reason, retryAfterMs: 7_200_000, loginUrl: '/login' }));
    const { id, retry, retryAfterMs } = await problemOf(() => access.admit());
    assert.deepEqual([id, retry, retryAfterMs], [reason, 'later', 7_200_000]);
    assert.equal(access.loginUrl, '');
    assert.equal(access.refusal?.id, reason);
  });
}

test('limits are checked only before a conversation starts', async () => {
  const { access, asked } = accessTo({
    '/api/session': () => Response.json(PERSON),
    '/api/session?begins=true': () => Response.json({ admitted: false, reason: 'concurrency' }),
  });
  await access.admit();
  assert.equal(access.session?.admitted, true);
  assert.equal((await problemOf(() => access.admit(true))).id, 'concurrency');
  assert.deepEqual(
    asked.map(([url]) => url),
    ['/api/session', '/api/session?begins=true'],
  );
});

/** @param {() => Response} answer @param {string} [url] */
const whyRefused = async (answer, url = '') => {
  globalThis.location = /** @type {Location} */ ({ origin: 'https://page.example' });
  const { access, asked } = accessTo(
    {
      'https://live.example/api/session?refused=true&begins=true&origin=https%3A%2F%2Fpage.example': answer,
      'https://live.example/own?refused=true&begins=true&origin=https%3A%2F%2Fpage.example': answer,
    },
    url,
  );
  const why = await access.whyRefused('wss://live.example/live?resume=', true);
  assert.equal(asked.length, 1);
  return why;
};

test('after a refused upgrade the service says why, also to a page without a login', async () => {
  const full = { admitted: false, reason: 'capacity', message: 'The service is full.', retryAfterMs: 5000 };
  const why = await whyRefused(() => Response.json(full));
  assert.deepEqual([why?.id, why?.retry, why?.retryAfterMs], ['capacity', 'auto', 5000]);
  assert.equal((await whyRefused(() => Response.json({ admitted: false, reason: 'origin' })))?.retry, 'never');
  assert.equal((await whyRefused(() => Response.json({ admitted: false, reason: 'rate' }), '/own'))?.retry, 'later');
});

test('there is no reason when the service would grant it now, or does not answer', async () => {
  assert.equal(await whyRefused(() => Response.json(PERSON)), null);
  assert.equal(await whyRefused(() => new Response('', { status: 404 })), null);
  assert.equal(await whyRefused(() => new Response('<html>')), null);
  const down = () => {
    throw new TypeError('fetch failed');
  };
  assert.equal(await whyRefused(down), null);
  assert.equal((await whyRefused(() => new Response('', { status: 502 })))?.id, 'unavailable');
});

test('the caller of a ticket is not the caller of the question', async () => {
  const missing = () => Response.json({ admitted: false, reason: 'auth_missing' });
  assert.equal(await whyRefused(missing), null);
  assert.equal((await whyRefused(missing, '/own'))?.id, 'auth_missing');
});

test('a caller without permission gets no offer of a login', async () => {
  const { access } = accessTo(session({ admitted: false, reason: 'forbidden', loginUrl: '/login' }));
  assert.equal((await problemOf(() => access.admit())).id, 'forbidden');
  assert.equal(access.loginUrl, '');
});

for (const [name, answer] of /** @type {[string, () => Response][]} */ ([
  ['an error', () => new Response('', { status: 500 })],
  ['a page', () => new Response('<html>secret</html>')],
  ['a redirection', () => /** @type {Response} */ ({ ok: false, status: 0 })],
  [
    'nothing',
    () => {
      throw new TypeError('fetch failed');
    },
  ],
])) {
  test(`${name} instead of an answer is retried and not shown`, async () => {
    const { access } = accessTo({ '/api/session': answer });
    const { id, retry, detail } = await problemOf(() => access.admit());
    assert.deepEqual([id, retry], ['access_unavailable', 'auto']);
    assert.ok(!detail.includes('secret'), detail);
    await access.look();
  });
}

for (const answer of [null, [], 'yes', 7, {}, { admitted: 'true' }, { admitted: 1 }]) {
  test(`the answer ${JSON.stringify(answer)} is a refusal`, async () => {
    const { access } = accessTo({ '/api/session': () => Response.json(answer) });
    assert.equal((await problemOf(() => access.admit())).id, 'access_unavailable');
    assert.equal(access.session?.admitted, false);
  });
}

for (const url of [
  'https://evil.example/login',
  '//evil.example',
  'javascript:alert(1)',
  '/login?next=//evil',
  7,
  '/',
]) {
  test(`${url} is not accepted as address of login or logout`, async () => {
    const { access } = accessTo(session({ admitted: false, reason: 'auth_missing', loginUrl: url, logoutUrl: url }));
    await access.look();
    assert.equal(access.loginUrl, '');
    assert.equal(access.session?.logoutUrl, '');
  });
}

test('a credential that expires is replaced by a ticket', async () => {
  const { access, asked } = accessTo({
    ...session(PERSON),
    '/api/tickets': () => Response.json({ protocols: ['livebridge', 'livebridge.ticket.q7w8e9'], expiresInMs: 30_000 }),
  });
  assert.equal(await access.renew(60_000), 'livebridge.ticket.q7w8e9');
  assert.deepEqual(
    asked.map(([url, { method }]) => `${method} ${url}`),
    ['GET /api/session', 'POST /api/tickets'],
  );
});

test('a refused caller requests no ticket', async () => {
  const { access, asked } = accessTo(session({ admitted: false, reason: 'auth_expired', loginUrl: '/login' }));
  assert.equal((await problemOf(() => access.renew(60_000))).id, 'auth_expired');
  assert.equal(asked.length, 1);
});

test('a credential that expires no later is not a new one', async () => {
  for (const expiresInMs of [0, 59_000, 61_000]) {
    const { access, asked } = accessTo(session({ ...PERSON, loginUrl: '/login', expiresInMs }));
    assert.equal((await problemOf(() => access.renew(60_000))).id, 'auth_expired');
    assert.equal(access.loginUrl, '/login');
    assert.equal(asked.length, 1);
  }
});

test('an answer without a ticket is an error', async () => {
  for (const answer of [null, {}, { protocols: 'x' }, { protocols: ['livebridge'] }, { protocols: [7] }]) {
    const { access } = accessTo({ ...session(PERSON), '/api/tickets': () => Response.json(answer) });
    assert.equal((await problemOf(() => access.renew(60_000))).id, 'ticket.broken');
  }
});

test('usage is normalized, and empty after an error', async () => {
  let broken = false;
  const { access } = accessTo({
    ...session(PERSON),
    '/api/usage': () =>
      broken
        ? new Response('', { status: 503 })
        : Response.json({
            limits: [
              { scope: 'subject', kind: 'minutes', used: 12.5, limit: 60, resetsInMs: 1000 },
              { scope: 'all', kind: 'usd', used: -1, limit: null },
              null,
            ],
          }),
  });
  await access.admit();
  await access.count();
  assert.deepEqual(access.usage, [
    { scope: 'subject', kind: 'minutes', used: 12.5, limit: 60, resetsInMs: 1000 },
    { scope: 'all', kind: 'usd', used: 0, limit: null, resetsInMs: null },
    { scope: '', kind: '', used: 0, limit: null, resetsInMs: null },
  ]);
  broken = true;
  await access.count();
  assert.deepEqual(access.usage, []);
});
