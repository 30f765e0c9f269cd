import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stampOf, toMarkdown } from '../../main/resources/web/app/state/export.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';

const NAMES = { user: 'You', model: 'Model', tool: 'Tool', interrupted: 'interrupted', suggestions: 'Search' };
/** Local time. */
const AT = new Date(2026, 10, 27, 16, 5, 9).getTime();

test('a file has the local date and time in its name', () => {
  assert.equal(stampOf(AT), '2026-11-27-1605');
});

test('a program and its output are code, and cannot end it', () => {
  const transcript = new Transcript(() => AT);
  transcript.code(1, { code: 'print("<b>")\n~~~\n[x](javascript:1)', language: 'PYTHON' });
  transcript.codeOutcome(1, { output: '<img>', failed: false });
  const text = toMarkdown(transcript.items, NAMES);
  assert.equal(text.match(/^~~~$/gm)?.length, 4);
  assert.doesNotMatch(text, /<img|<b>|\]\(javascript/);
});

test('times are those of the screen, and the result of a function is there', () => {
  const transcript = new Transcript(() => AT);
  transcript.typed(0, 'Light, please');
  transcript.toolCall(1, { id: 'c', name: 'light', args: { on: true } });
  transcript.toolOutcome('c', { result: { ok: true, html: '<b>' } });
  const text = toMarkdown(transcript.items, NAMES);
  assert.match(text, /^\*\*You\*\* 16:05:09\n/);
  assert.match(text, /`light` `\{"on":true\}` → `\{"ok":true,"html":"\\u003cb\\u003e"\}`/);
});
