import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TranscriptStore } from '../../main/resources/web/app/platform/transcript-store.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';
import { FakeClock } from './support.js';

const KEY = 'livebridge.transcript';

/** @param {Record<string, string>} [stored] */
function storageWith(stored = {}) {
  const entries = new Map(Object.entries(stored));
  return {
    entries,
    getItem: (/** @type {string} */ key) => entries.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void entries.set(key, value),
    removeItem: (/** @type {string} */ key) => void entries.delete(key),
  };
}

/** @param {(transcript: Transcript) => void} [fill] */
function transcript(fill = () => undefined) {
  const subject = new Transcript(new FakeClock().wall);
  fill(subject);
  return subject;
}

test('a transcript survives a reload with everything that is shown', () => {
  const before = transcript((it) => {
    it.typed(0, 'Tell me a story');
    it.model(1, 'Once upon a time');
    it.grounding(1, [{ kind: 'web', title: 'A page', uri: 'https://example.org/', page: 0 }]);
    it.interrupted(1, 50, 100);
    it.toolCall(2, { id: 'c', name: 'light', args: { on: true } });
    it.toolOutcome('c', { result: { ok: true } });
  });
  const storage = storageWith();
  new TranscriptStore(storage).save(before.items);

  const after = transcript((it) => it.load(new TranscriptStore(storage).load()));

  const shown = (/** @type {Transcript} */ { items }) =>
    items.map(({ role, text, typed, interrupted, heardChars, sources, startedAt, tool }) => {
      return { role, text, typed, interrupted, heardChars, sources, startedAt, result: tool?.result };
    });
  assert.deepEqual(shown(after), shown(before));
  assert.equal(
    after.items.every((item) => !item.partial),
    true,
  );
});

test('words of a later turn with the same number do not end up in a stored item', () => {
  const after = transcript((it) => it.load([{ role: 'model', text: 'Before.' }]));
  after.model(1, 'Now.');
  after.user(1, 'And?');
  assert.deepEqual(
    after.items.map((item) => item.text),
    ['Before.', 'And?', 'Now.'],
  );
  assert.equal(new Set(after.items.map((item) => item.id)).size, 3);
});

test('what is stored is bounded, and the newest stays', () => {
  const long = transcript((it) => {
    for (let turn = 1; turn <= 300; turn++) it.typed(turn, `${turn} ${'x'.repeat(5000)}`);
  });
  const storage = storageWith();
  const store = new TranscriptStore(storage);
  store.save(long.items);
  assert.ok((storage.entries.get(KEY)?.length ?? 0) <= 400_000);
  assert.match(store.load().at(-1)?.text ?? '', /^300 /);
});

for (const [what, stored] of Object.entries({
  'no JSON': '{',
  'no list': '{"role":"user","text":"x"}',
  null: 'null',
  'wrong items':
    '[null,1,"x",{"role":"admin","text":"x"},{"role":"user"},{"role":"tool","text":""},{"role":"user","text":7}]',
})) {
  test(`stored ${what} is left out`, () => {
    assert.deepEqual(new TranscriptStore(storageWith({ [KEY]: stored })).load(), []);
  });
}

test('a stored address that is no web page is left out', () => {
  const sources = [
    { kind: 'web', title: 'bad', uri: 'javascript:alert(1)', page: 0 },
    { kind: 'web', title: 'good', uri: 'https://example.org/', page: 0 },
  ];
  const stored = JSON.stringify([{ role: 'model', text: 'x', sources, suggestions: sources }]);
  const [item] = new TranscriptStore(storageWith({ [KEY]: stored })).load();
  assert.deepEqual(
    [...(item.sources ?? []), ...(item.suggestions ?? [])].map(({ title }) => title),
    ['good', 'good'],
  );
});

test('nothing to keep removes what was stored; a full or missing storage does no harm', () => {
  const storage = storageWith({ [KEY]: '[]' });
  new TranscriptStore(storage).save([]);
  assert.equal(storage.entries.size, 0);
  const items = transcript((it) => it.typed(0, 'Hello')).items;
  const full = {
    ...storageWith(),
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  new TranscriptStore(full).save(items);
  new TranscriptStore(null).save(items);
  assert.deepEqual(new TranscriptStore(null).load(), []);
});

test('elements of one page keep their transcripts apart', () => {
  const storage = storageWith();
  new TranscriptStore(storage, 'left').save(transcript((it) => it.typed(0, 'Left')).items);
  assert.deepEqual(new TranscriptStore(storage, 'right').load(), []);
  assert.equal(new TranscriptStore(storage, 'left').load()[0].text, 'Left');
});

test('a new conversation begins below a divider, and only there', () => {
  const it = transcript();
  it.divide(0);
  assert.equal(it.items.length, 0, 'nothing is divided from nothing');
  it.typed(0, 'Before');
  it.divide(0);
  it.divide(0);
  it.typed(0, 'After');
  assert.deepEqual(
    it.items.map(({ role, text }) => (role === 'notice' ? text : role)),
    ['user', 'notice.new', 'user'],
  );
  assert.deepEqual(
    it.current.map(({ text }) => text),
    ['After'],
  );
});
