import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComposing, shortcutKey } from '../../main/resources/web/app/ui/keys.js';

/** @param {Partial<KeyboardEvent>} members */
const press = (members) =>
  /** @type {KeyboardEvent} */ ({ key: '', code: '', shiftKey: false, isComposing: false, keyCode: 0, ...members });

test('a press that belongs to an input method says so in one of two ways', () => {
  assert.equal(isComposing(press({ key: 'Enter', keyCode: 13 })), false);
  assert.equal(isComposing(press({ key: 'Enter', keyCode: 13, isComposing: true })), true, 'Chrome, Firefox');
  assert.equal(isComposing(press({ key: 'Enter', keyCode: 229 })), true, 'Safari, behind compositionend');
});

test('Latin characters count as they are, wherever their keys are', () => {
  assert.equal(shortcutKey(press({ key: 'M', code: 'KeyM', shiftKey: true })), 'm');
  assert.equal(shortcutKey(press({ key: 's', code: 'Semicolon' })), 's', 'Dvorak');
  assert.equal(shortcutKey(press({ key: 'o', code: 'KeyS' })), 'o', 'Dvorak');
  assert.equal(shortcutKey(press({ key: '/', code: 'Digit7', shiftKey: true })), '/', 'German');
  assert.equal(shortcutKey(press({ key: '?', code: 'Minus', shiftKey: true })), '?', 'German');
  assert.equal(shortcutKey(press({ key: ' ', code: 'Space' })), ' ');
});

for (const [layout, key, code, shiftKey, character] of /** @type {[string, string, string, boolean, string][]} */ ([
  ['Russian', '\u044c', 'KeyM', false, 'm'],
  ['Russian', '\u042c', 'KeyM', true, 'm'],
  ['Russian', '\u0431', 'Comma', false, ','],
  ['Greek', '\u03bc', 'KeyM', false, 'm'],
  ['Hebrew', '\u05e6', 'KeyM', false, 'm'],
  ['Hebrew', '\u05da', 'KeyL', false, 'l'],
  ['Arabic', '\u0638', 'Slash', false, '/'],
  ['Arabic', '\u061f', 'Slash', true, '?'],
  ['Korean', '\u3161', 'KeyM', false, 'm'],
  ['Thai', '\u0e17', 'KeyM', false, 'm'],
  ['full width', '\uff4d', 'KeyM', false, 'm'],
  ['full width', '\u3000', 'Space', false, ' '],
  ['dead key', 'Dead', 'KeyV', false, 'v'],
  ['input method', 'Process', 'Space', false, ' '],
  ['old browser', 'Unidentified', 'KeyS', false, 's'],
]))
  test(`${key} of ${layout} is ${character}`, () => {
    assert.equal(shortcutKey(press({ key, code, shiftKey })), character);
  });

test('named keys and keys without a letter are no shortcut', () => {
  assert.equal(shortcutKey(press({ key: 'Enter', code: 'Enter' })), 'Enter');
  assert.equal(shortcutKey(press({ key: 'Escape', code: 'Escape' })), 'Escape');
  assert.equal(shortcutKey(press({ key: 'F2', code: 'F2' })), 'F2');
  assert.equal(shortcutKey(press({ key: '\u044d', code: 'Quote' })), '');
});
