import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SettingsStore } from '../../main/resources/web/app/platform/settings-store.js';

/** @type {Map<string, string>} */
const stored = new Map();
Object.assign(globalThis, {
  localStorage: {
    getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value),
    removeItem: (/** @type {string} */ key) => stored.delete(key),
  },
});

beforeEach(() => stored.clear());

test('a choice is kept, and what the page asks for is not kept as a choice', () => {
  const before = new SettingsStore();
  before.load({ instruction: 'You sell tea.', voice: 'Kore' });
  before.change({ voice: 'Puck', volume: 0.5 });

  const after = new SettingsStore();
  after.load({ instruction: 'You sell coffee.', voice: 'Kore' });

  assert.equal(after.value.instruction, 'You sell coffee.');
  assert.equal(after.value.voice, 'Puck');
  assert.equal(after.value.volume, 0.5);
});

test('nothing is kept when the person does not want it', () => {
  const store = new SettingsStore();
  store.load({});
  store.change({ volume: 0.5 });
  store.change({ remember: false });

  assert.equal(stored.size, 0);
});
