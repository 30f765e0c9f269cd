import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchConfiguration } from '../../main/resources/web/app/net/configuration.js';

const PAGE = 'https://shop.example';
const SERVICE = 'https://live.example.com/embed/gemini-live.js';
const COMPLETE = {
  endpoint: '/live',
  captureUrl: '/static/bundle/capture-1.js',
  playbackUrl: '/static/bundle/playback-1.js',
  sessionUrl: '',
  models: [{ id: 'gemini-3.8-live' }],
  agents: [],
  limits: { framesPerSecond: 1 },
};

/** @param {string} body @param {ResponseInit} [how] */
const answering = (body, how) => async () => new Response(body, how);
/** @param {string} service @param {() => Promise<Response>} fetch */
const problemOf = async (service, fetch) => {
  try {
    await fetchConfiguration(service, PAGE, fetch);
  } catch (error) {
    return /** @type {import('../../main/resources/web/app/net/errors.js').Problem} */ (error);
  }
  throw new Error('nothing was thrown');
};

test('the configuration comes from the service that the script comes from, without cookies', async () => {
  /** @type {[string, RequestInit | undefined][]} */
  const asked = [];
  const configuration = await fetchConfiguration(SERVICE, PAGE, async (url, how) => {
    asked.push([String(url), how]);
    return new Response(JSON.stringify(COMPLETE));
  });
  assert.equal(configuration.captureUrl, COMPLETE.captureUrl);
  assert.equal(asked[0][0], 'https://live.example.com/live/config');
  assert.equal(asked[0][1]?.credentials, 'omit');
});

test('a page that may not use the service learns so', async () => {
  const body = '{"error":{"code":"origin","message":"not in the list"}}';
  const { id, params, detail } = await problemOf(SERVICE, answering(body, { status: 403 }));
  assert.deepEqual([id, params], ['origin', { message: 'not in the list' }]);
  assert.equal(detail, 'https://shop.example at https://live.example.com: HTTP 403');
});

test('a service without an address is a fault of the page', async () => {
  const { id, retry } = await problemOf('https://[', answering('{}'));
  assert.deepEqual([id, retry], ['target', 'never']);
});

/** @type {[string, () => Promise<Response>][]} */
const others = [
  ['no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['a refusal of a proxy', answering('<h1>403</h1>', { status: 403 })],
  ['another refusal', answering('{"error":{"code":"other"}}', { status: 403 })],
  ['an error', answering(JSON.stringify(COMPLETE), { status: 503 })],
  ['no JSON', answering('gone')],
  ['null', answering('null')],
  ['no models', answering(JSON.stringify({ ...COMPLETE, models: 1 }))],
  ['no agents', answering(JSON.stringify({ ...COMPLETE, agents: undefined }))],
  ['no worklet', answering(JSON.stringify({ ...COMPLETE, captureUrl: null }))],
  ['no limits', answering(JSON.stringify({ ...COMPLETE, limits: null }))],
];
for (const [what, fetch] of others) {
  test(`instead of a configuration: ${what}`, async () => {
    const { id, detail } = await problemOf(SERVICE, fetch);
    assert.equal(id, 'unreachable');
    assert.match(detail, /^configuration: https:\/\/live\.example\.com: /);
  });
}
