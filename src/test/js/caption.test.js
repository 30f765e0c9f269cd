import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestWords } from '../../main/resources/web/app/state/caption.js';

test('a caption has no code, no table and no markup', () => {
  const answer = [
    '## A table',
    'Here is a **table**, and `code` from [the page](https://example.com).',
    '',
    '| Signal | Rate |',
    '| --- | --- |',
    '| speech | 24 kHz |',
    '',
    '```js',
    'await live.start();',
    '```',
    '- That is all.',
  ].join('\n');

  assert.equal(newestWords(answer), 'A table Here is a table, and code from the page. That is all.');
});

test('a code block that is not complete yet is left out', () => {
  assert.equal(newestWords('Some code:\n```js\nconst a = 1;'), 'Some code:');
  assert.equal(newestWords('```'), '');
});

test('a long text is cut before a word', () => {
  const caption = newestWords('lighthouse '.repeat(40));

  assert.ok(caption.length <= 110 && caption.length > 90, caption);
  assert.match(caption, /^lighthouse /u);
});

test('a language without spaces is cut by length', () => {
  assert.equal(newestWords('灯'.repeat(300)), '灯'.repeat(110));
});

test('text that only looks like markup stays', () => {
  assert.equal(newestWords('2 * 3 | 4 and snake_case - yes'), '2 * 3 | 4 and snake_case - yes');
});
