import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadWorklet, loadWorkletPatiently } from '../../main/resources/web/app/media/worklet.js';
import { FakeClock } from './support.js';

/**
 * @param {number} failures number of attempts that fail
 * @returns {{context: BaseAudioContext, urls: string[]}}
 */
function contextThatFails(failures) {
  /** @type {string[]} */
  const urls = [];
  const audioWorklet = {
    /** @param {string} url */
    async addModule(url) {
      urls.push(url);
      if (urls.length <= failures) throw new DOMException('Unable to load a worklet module.', 'AbortError');
    },
  };
  return { context: /** @type {BaseAudioContext} */ (/** @type {unknown} */ ({ audioWorklet })), urls };
}

test('a module that the service does not deliver is a service that cannot be reached', async () => {
  const { context } = contextThatFails(1);
  await assert.rejects(
    loadWorklet(context, '/capture.js', async () => false),
    { id: 'unreachable', source: 'network' },
  );
});

test("a module that the browser refuses is the browser's error", async () => {
  const { context } = contextThatFails(1);
  await assert.rejects(
    loadWorklet(context, '/capture.js', async () => true),
    { name: 'AbortError' },
  );
});

test('playback is loaded when the service is back', async () => {
  const { context, urls } = contextThatFails(2);
  const clock = new FakeClock();
  const environment = /** @type {import('../../main/resources/web/app/platform/environment.js').PageEnvironment} */ (
    /** @type {unknown} */ ({ clock, reaches: async () => false })
  );
  const loaded = loadWorkletPatiently(context, '/playback.js', environment, () => true);
  for (let waited = 0; waited < 2; waited++) {
    while (clock.pending === 0) await new Promise((resume) => setImmediate(resume));
    clock.advance(2000);
  }
  await loaded;
  assert.deepEqual(urls, ['/playback.js', '/playback.js?attempt=1', '/playback.js?attempt=2']);
});

test('playback of a conversation that is over is not loaded again', async () => {
  const { context, urls } = contextThatFails(9);
  const environment = /** @type {import('../../main/resources/web/app/platform/environment.js').PageEnvironment} */ (
    /** @type {unknown} */ ({ clock: new FakeClock(), reaches: async () => false })
  );
  await assert.rejects(
    loadWorkletPatiently(context, '/playback.js', environment, () => false),
    { id: 'unreachable' },
  );
  assert.equal(urls.length, 1);
});
