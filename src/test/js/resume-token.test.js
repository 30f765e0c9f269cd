import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResumeToken } from '../../main/resources/web/app/platform/resume-token.js';

function tab() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

test('a token survives a reload, until it expires', () => {
  const storage = tab();
  let now = 1000;
  new ResumeToken(() => now, storage).keep('opaque', 60_000);
  assert.equal(new ResumeToken(() => now, storage).value, 'opaque');
  now += 59_000;
  assert.equal(new ResumeToken(() => now, storage).value, null);
  assert.equal(storage.kept.size, 0);
});

test('a conversation without microphone is taken up without one', () => {
  const storage = tab();
  const written = new ResumeToken(() => 0, storage);
  assert.equal(written.textOnly, false);
  written.textOnly = true;
  written.keep('opaque', 60_000);
  assert.equal(new ResumeToken(() => 0, storage).textOnly, true);
});

test('conversations of one page do not take each other up', () => {
  const storage = tab();
  new ResumeToken(() => 0, storage, 'left').keep('l', 60_000);
  assert.equal(new ResumeToken(() => 0, storage, 'right').value, null);
  assert.equal(new ResumeToken(() => 0, storage, 'left').value, 'l');
});

test('an empty or expired token replaces the former one too', () => {
  for (const [token, expiresInMs] of /** @type {[string, number][]} */ ([
    ['', 60_000],
    ['x', 0],
    ['x', Number.NaN],
  ])) {
    const subject = new ResumeToken(() => 0, null);
    subject.keep('former', 60_000);
    subject.keep(token, expiresInMs);
    assert.equal(subject.value, null);
  }
});

test('what else lies in the storage is not a token', () => {
  for (const stored of ['{', '7', '{"token":7,"until":1}', '{"token":"x"}', 'null']) {
    const storage = tab();
    storage.setItem('livebridge.resume', stored);
    assert.equal(new ResumeToken(() => 0, storage).value, null);
  }
});

test('refused storage leaves this page its token', () => {
  const refuse = () => {
    throw new Error('storage is switched off');
  };
  const subject = new ResumeToken(() => 0, { getItem: refuse, setItem: refuse, removeItem: refuse });
  subject.keep('opaque', 60_000);
  assert.equal(subject.value, 'opaque');
  subject.forget();
  assert.equal(subject.value, null);
});
