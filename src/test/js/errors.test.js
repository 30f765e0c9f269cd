import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelay } from '../../main/resources/web/app/net/backoff.js';
import { closeProblem, mediaProblem, screenProblem, serviceProblem } from '../../main/resources/web/app/net/errors.js';

const media = (/** @type {string} */ name, page = {}) =>
  mediaProblem('microphone', { name, message: 'x' }, { secure: true, permission: 'denied', ...page }).id;

test('a rejected microphone has a problem for each cause', () => {
  assert.equal(media('NotAllowedError'), 'microphone.blocked');
  assert.equal(media('NotAllowedError', { permission: 'prompt' }), 'microphone.dismissed');
  assert.equal(media('NotFoundError'), 'microphone.none');
  assert.equal(media('NotReadableError'), 'microphone.busy');
  assert.equal(media('AbortError'), 'microphone.busy');
  assert.equal(media('TypeError'), 'microphone.other');
  assert.equal(media('NotAllowedError', { secure: false }), 'insecure');
  assert.equal(mediaProblem('camera', undefined, { secure: true, permission: null }).id, 'camera.other');
});

test('a dismissed picker is a cancel', () => {
  assert.equal(screenProblem({ name: 'NotAllowedError' }), null);
  assert.equal(screenProblem({ name: 'AbortError' }), null);
  assert.equal(screenProblem({ name: 'NotReadableError' })?.id, 'screen.other');
});

test('refusals are not retried by themselves', () => {
  const retry = (/** @type {string} */ code) => serviceProblem({ code }).retry;
  for (const code of [
    'policy',
    'bad_setup',
    'upstream_credentials',
    'upstream_region',
    'upstream_model',
    'upstream_rejected',
  ]) {
    assert.equal(retry(code), 'never', code);
  }
  for (const code of ['concurrency', 'budget', 'upstream_quota']) assert.equal(retry(code), 'later', code);
  for (const code of ['idle_timeout', 'max_duration', 'something_new']) assert.equal(retry(code), 'again', code);
  for (const code of ['drain', 'upstream_lost', 'upstream_unreachable', 'internal'])
    assert.equal(retry(code), 'auto', code);
});

test("the service's own words and the session travel along", () => {
  const problem = serviceProblem(
    { code: 'upstream_quota', message: 'Quota.', remedy: 'Wait.', retryAfter: 60_000 },
    's-7',
  );
  assert.deepEqual(problem.params, { message: 'Quota. Wait.', session: 's-7' });
  assert.equal(problem.detail, 'upstream_quota, session s-7');
  assert.equal(problem.retryAfterMs, 60_000);
});

test('close codes without an error before them', () => {
  const close = (/** @type {number} */ code, opened = true) => closeProblem({ code, reason: '', opened });
  assert.equal(close(1006).id, 'lost');
  assert.equal(close(1006, false).id, 'unreachable');
  assert.equal(close(1006).retry, 'auto');
  assert.equal(close(1012).id, 'drain');
  assert.equal(close(1008).retry, 'never');
  assert.equal(close(1013).retry, 'auto');
  assert.equal(close(4000).id, 'idle_timeout');
  assert.equal(close(4001).id, 'max_duration');
  assert.equal(close(4004).id, 'budget');
  assert.equal(close(4004).retry, 'later');
  assert.equal(close(1011).retry, 'auto');
});

test('waits grow to eight seconds, with full jitter', () => {
  const longest = [1, 2, 3, 4, 5, 6, 60].map((attempt) => retryDelay(attempt, () => 1));
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.ok([1, 5].every((attempt) => retryDelay(attempt, () => 0) === 100));
  assert.equal(
    retryDelay(3, () => 0.5),
    1050,
  );
});
