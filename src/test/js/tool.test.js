import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silenceNotice } from '../../main/resources/web/app/state/silence.js';
import { argumentSummary, prettyJson, toolState, toolTitle } from '../../main/resources/web/app/state/tool.js';
import { conversation } from './live-turns.js';

/** @param {object} more */
const tool = (more) => ({ id: '1', name: 'f', args: {}, ...more });

test('a call runs until its outcome is known', () => {
  assert.equal(toolState(tool({})), 'running');
  assert.equal(toolState(tool({ result: 'ok' })), 'done');
  assert.equal(toolState(tool({ result: null })), 'done');
  assert.equal(toolState(tool({ result: { error: 'no such city' } })), 'failed');
  assert.equal(toolState(tool({ result: '', failed: true })), 'failed');
  assert.equal(toolState(tool({ result: 'late', cancelled: true })), 'cancelled');
});

for (const [name, title] of [
  ['get_weather', 'get weather'],
  ['getWeather', 'get weather'],
  ['maps.find-route', 'maps find route'],
  ['天気', '天気'],
  ['__', '__'],
  ['', ''],
]) {
  test(`the function ${name} is called "${title}"`, () => assert.equal(toolTitle(name), title));
}

test('arguments fit in a line', () => {
  assert.equal(
    argumentSummary({ city: 'Berlin', days: 3, hours: [1, 2], more: { a: 1 } }),
    'city: Berlin, days: 3, hours: [2], more: {…}',
  );
  assert.equal(argumentSummary({ text: `a\n${'b'.repeat(500)}` }).length, 121);
  for (const nothing of [undefined, null, 'x', 7]) assert.equal(argumentSummary(nothing), '');
});

test('what JSON cannot represent does not break a card', () => {
  /** @type {Record<string, unknown>} */
  const circle = {};
  circle.self = circle;
  assert.equal(prettyJson(circle), '…');
  assert.equal(prettyJson({ a: 1n }), '…');
  assert.equal(prettyJson(undefined), '');
  assert.equal(prettyJson('plain'), 'plain');
  assert.equal(prettyJson({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}');
});

test('code that the model runs is an item with its output', () => {
  const c = conversation();
  c.say({ type: 'part', turn: 1, part: { executableCode: { language: 'PYTHON', code: 'print(6 * 7)' } } });
  assert.deepEqual(c.transcript.items[0].tool, {
    id: '',
    name: 'code',
    args: { language: 'PYTHON' },
    code: 'print(6 * 7)',
  });
  assert.equal(c.transcript.items[0].partial, true);
  c.say({ type: 'part', turn: 1, part: { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '42\n' } } });
  const ran = /** @type {import('../../main/resources/web/app/state/transcript.js').ToolUse} */ (
    c.transcript.items[0].tool
  );
  assert.equal(ran.result, '42\n');
  assert.equal(ran.failed, false);
  assert.equal(c.transcript.items[0].partial, false);
  c.say({ type: 'part', turn: 1, part: { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'NameError' } } });
  assert.equal(c.transcript.items.length, 2, 'an output without a program is shown, too');
  assert.equal(c.transcript.items[1].tool?.failed, true);
});

test('parts of other kinds, and broken ones, are no items', () => {
  const c = conversation();
  for (const part of [{}, null, 7, { inlineData: {} }, { executableCode: null }, { codeExecutionResult: '' }]) {
    c.say({ type: 'part', turn: 1, part });
  }
  assert.equal(c.transcript.items.length, 0);
  c.say({ type: 'part', turn: 1, part: { executableCode: 'x' } });
  assert.equal(c.transcript.items[0].tool?.code, '');
});

for (const [reason, without, withWords] of /** @type {[string | null, string | null, string | null][]} */ ([
  [null, 'notice.silent', null],
  ['RESPONSE_REJECTED', 'notice.noAnswer', null],
  ['NEED_MORE_INPUT', 'notice.needsMore', null],
  ['MALFORMED_FUNCTION_CALL', 'notice.badCall', 'notice.badCall'],
  ['PROHIBITED_INPUT_CONTENT', 'notice.blockedInput', 'notice.blockedInput'],
  ['GENERATED_AUDIO_SAFETY', 'notice.blocked', 'notice.blocked'],
  ['CONNECTION_LOST', null, null],
  ['SOMETHING_NEW', 'notice.noAnswer', null],
])) {
  test(`${reason} is said where it matters`, () => {
    assert.equal(silenceNotice(reason, false), without);
    assert.equal(silenceNotice(reason, true), withWords);
  });
}

test('thoughts are no answer', () => {
  const c = conversation();
  c.store.dispatch({ type: 'inputComplete', typed: true, at: 0 });
  c.say({ type: 'text', turn: 1, text: 'Hm.', thought: true });
  c.say({ type: 'turnComplete', turn: 1 });
  assert.equal(c.transcript.items.at(-1)?.text, 'notice.silent');
});

test('an answer that is blocked on its way says so', () => {
  const c = conversation();
  c.store.dispatch({ type: 'inputComplete', typed: true, at: 0 });
  c.sound(1);
  c.say({ type: 'transcript', turn: 1, role: 'model', text: 'Well' });
  c.say({ type: 'turnComplete', turn: 1, reason: 'GENERATED_AUDIO_SAFETY' });
  assert.deepEqual(
    c.transcript.items.map(({ text }) => text),
    ['Well', 'notice.blocked'],
  );
});
