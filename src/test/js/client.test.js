import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { LiveClient, LiveError } from '../../../clients/js/src/client.js';

/**
 * @typedef {import('ws').WebSocket} Socket
 * @typedef {import('../../../clients/js/src/client.js').Options} Options
 */

const READY = { type: 'ready', session: 's-1', model: 'gemini-3.8-live', setup: {}, notices: [], t: 1 };
/** @type {(() => void)[]} */
const cleanups = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/**
 * A service: each socket is handled by the next function, the last one repeats.
 * @param {((socket: Socket, path: string) => void)[]} handlers
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} [http]
 * @param {(request: import('node:http').IncomingMessage) => boolean} [admits]
 */
async function service(handlers, http, admits = () => true) {
  const server = createServer(http ?? ((_, response) => response.writeHead(404).end()));
  const sockets = new WebSocketServer({ noServer: true });
  let connections = 0;
  server.on('upgrade', (request, socket, head) => {
    if (!admits(request)) {
      connections++;
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const handle = handlers[Math.min(connections++, handlers.length - 1)];
      handle(accepted, request.url ?? '');
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  cleanups.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}

/** @param {Options} options */
function clientOf(options) {
  const client = new LiveClient({
    WebSocket: /** @type {Options['WebSocket']} */ (/** @type {unknown} */ (WebSocket)),
    ...options,
  });
  cleanups.push(() => client.close());
  return client;
}

/** Messages of a client, pings left out. @param {Socket} socket @param {(message: any, binary: Buffer | null) => void} hear */
function hearing(socket, hear) {
  socket.on('message', (/** @type {Buffer} */ bytes, /** @type {boolean} */ binary) => {
    if (binary) hear(null, bytes);
    else {
      const message = JSON.parse(bytes.toString());
      if (!message.ping) hear(message, null);
    }
  });
}

/** @param {Socket} socket @param {unknown} message */
const say = (socket, message) => socket.send(JSON.stringify(message));

/** @param {LiveClient} client @param {string} [code] */
async function refusal(client, code) {
  /** @type {unknown} */
  let error;
  try {
    await client.connect();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof LiveError, String(error));
  if (code) assert.equal(error.code, code);
  assert.equal(client.running, false);
  return error;
}

/** @template {keyof import('../../../clients/js/src/client.js').Events} K @param {LiveClient} client @param {K} type */
const next = (client, type) =>
  /** @type {Promise<import('../../../clients/js/src/client.js').Events[K]>} */ (
    new Promise((resolve) => {
      const stop = client.on(type, (event) => {
        stop();
        resolve(event);
      });
    })
  );

test('a conversation: setup, text, sound both ways, a function, the end', async () => {
  /** @type {any[]} */
  const heard = [];
  const { url } = await service([
    (socket, path) => {
      heard.push(path);
      hearing(socket, (message, binary) => {
        heard.push(message ?? [...(binary ?? [])].filter((_, at) => at === 0 || at >= 8));
        if (message?.setup) say(socket, READY);
        if (message?.text) {
          say(socket, { type: 'transcript', turn: 1, role: 'model', text: 'Hello.' });
          socket.send(Buffer.from([129, 3, 1, 0, 0, 0, 0, 0, 0x34, 0x12]));
          say(socket, { type: 'toolCall', turn: 1, calls: [{ id: 'c1', name: 'stock', args: { tea: 'Assam' } }] });
        }
        if (message?.toolResponse) say(socket, { type: 'turnComplete', turn: 1 });
      });
      socket.on('close', (/** @type {number} */ code) => heard.push(code));
    },
  ]);
  const client = clientOf({ url, setup: { model: 'models/m' } });
  /** @type {string[]} */
  const types = [];
  client.on('message', ({ type }) => types.push(type));
  client.on('toolCall', ({ calls }) =>
    client.respond([{ id: calls[0].id, name: calls[0].name, response: { packets: 3 } }]),
  );
  const sound = next(client, 'audio');

  const ready = await client.connect();
  assert.equal(ready.session, 's-1');
  assert.equal(client.running, true);
  client.sendAudio(Int16Array.of(1, -1));
  assert.equal(client.sendPicture(Uint8Array.of(7).buffer, 'screen'), true);
  const complete = next(client, 'turnComplete');
  assert.equal(client.sendText('hi'), true);
  await complete;

  assert.deepEqual(await sound, { turn: 1, first: true, last: true, pcm: Int16Array.of(0x1234) });
  const closed = next(client, 'closed');
  client.close();
  assert.equal(await closed, null);
  assert.deepEqual(types, ['ready', 'transcript', 'toolCall', 'turnComplete']);
  assert.deepEqual(heard.slice(0, 5), [
    '/live',
    { setup: { model: 'models/m' } },
    [1, 1, 0, 255, 255],
    [3, 7],
    { text: 'hi' },
  ]);
  assert.equal(client.sendText('too late'), false);
});

test('a broken connection is made again, and the conversation resumes', async () => {
  /** @type {any[]} */
  const openings = [];
  let drop = () => {};
  const { url } = await service([
    (socket, path) =>
      hearing(socket, (message) => {
        openings.push([path, message]);
        say(socket, READY);
        say(socket, { type: 'resumeToken', token: 't-1', expiresInMs: 60_000 });
        say(socket, { type: 'text', turn: 1, text: 'before' });
        drop = () => socket.terminate();
      }),
    (socket, path) =>
      hearing(socket, (message) => {
        openings.push([path, message]);
        say(socket, { ...READY, resumed: true });
      }),
  ]);
  const client = clientOf({ url: `${url}/live?agent=desk`, setup: () => ({ a: 1 }) });
  const lost = next(client, 'lost');
  client.on('text', () => drop());
  await client.connect();
  const { attempt, cause } = await lost;
  assert.deepEqual([attempt, cause], [1, 'lost']);

  const again = await next(client, 'ready');

  assert.equal(again.resumed, true);
  assert.deepEqual(openings, [
    ['/live?agent=desk', { setup: { a: 1 } }],
    ['/live?agent=desk&resume=', { resume: { token: 't-1' } }],
  ]);
});

test('a refused setup rejects with its code and is not tried again', async () => {
  const { url, connections } = await service([
    (socket) =>
      hearing(socket, () => {
        say(socket, { type: 'error', code: 'policy', message: 'Not this model.', fatal: true });
        socket.close(1008);
      }),
  ]);
  const error = await refusal(clientOf({ url }), 'policy');
  assert.match(error.message, /Not this model/);
  assert.equal(connections(), 1);
});

test('a failure before the first ready rejects, too', async () => {
  const { url, connections } = await service([(socket) => socket.close(1011, 'oops')]);
  await refusal(clientOf({ url }), 'internal');
  assert.equal(connections(), 1);
});

test('an ending later is an event, with the problem', async () => {
  const { url } = await service([
    (socket) =>
      hearing(socket, () => {
        say(socket, READY);
        say(socket, { type: 'error', code: 'max_duration', message: 'Two hours.', fatal: true });
        socket.close(4001);
      }),
  ]);
  const client = clientOf({ url });
  const closed = next(client, 'closed');
  await client.connect();
  assert.equal((await closed)?.id, 'max_duration');
  assert.equal(client.running, false);
});

test('a refused upgrade rejects with the reason of the service', async () => {
  /** @type {any} */
  let session = { admitted: false, reason: 'capacity', message: 'All places are taken.', retryAfterMs: 9000 };
  const { url, connections } = await service(
    [],
    (request, response) => {
      if (request.url?.startsWith('/api/session')) response.end(JSON.stringify(session));
      else response.writeHead(403).end('{}');
    },
    () => false,
  );
  const { problem } = await refusal(clientOf({ url }), 'capacity');
  assert.equal(problem.retryAfterMs, 9000);
  session = { admitted: false, reason: 'auth_missing', message: 'No credential.' };
  await refusal(clientOf({ url, protocols: () => ['livebridge', 'wrong'] }), 'auth_invalid');
  session = { admitted: true };
  await refusal(clientOf({ url }), 'unreachable');
  session = undefined;
  await refusal(clientOf({ url }), 'origin');
  assert.equal(connections(), 4);
});

test('nothing there, and no ticket', async () => {
  await refusal(clientOf({ url: 'http://127.0.0.1:1' }), 'unreachable');
  const { message } = await refusal(
    clientOf({ url: 'http://127.0.0.1:1', protocols: () => Promise.reject(new Error('ticket server gone')) }),
    'ticket.refused',
  );
  assert.match(message, /ticket server gone/);
});

test('close during the start rejects', async () => {
  /** @type {LiveClient | null} */
  let client = null;
  const { url } = await service([(socket) => hearing(socket, () => client?.close())]);
  client = clientOf({ url });
  await refusal(client, 'closed');
});

test('mistakes of the program are errors at once', async () => {
  const Socket = /** @type {Options['WebSocket']} */ (/** @type {unknown} */ (WebSocket));
  for (const url of ['', 'live.example.com', 'ftp://live.example.com', 'mailto:a@b.example']) {
    assert.throws(() => new LiveClient({ url, WebSocket: Socket }), TypeError, url);
  }
  if (!globalThis.WebSocket) assert.throws(() => new LiveClient({ url: 'ws://127.0.0.1' }), /no WebSocket/);
  const { url } = await service([(socket) => hearing(socket, () => say(socket, READY))]);
  const client = clientOf({ url });
  await client.connect();
  assert.throws(() => client.connect(), /runs already/);
});
