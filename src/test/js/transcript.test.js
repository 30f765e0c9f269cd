import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardParts, toJson, toMarkdown, toVtt } from '../../main/resources/web/app/state/export.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';

function transcript() {
  let wall = Date.UTC(2026, 0, 2, 10, 2, 11);
  const target = new Transcript(() => {
    wall += 1000;
    return wall;
  });
  return target;
}

/** @param {Transcript} target */
const lines = (target) => target.items.map((item) => `${item.role}${item.turn}: ${item.text}`);

test('fragments become sentences', () => {
  const t = transcript();
  t.user(1, ' What is');
  t.user(1, ' on my desk?');
  t.answered(1);
  t.model(1, 'I can see');
  t.model(1, ' a laptop.');
  t.turnOver(1);
  assert.deepEqual(lines(t), ['user1: What is on my desk?', 'model1: I can see a laptop.']);
  assert.ok(t.items.every((item) => !item.partial && item.endedAt !== null));
});

test('an interim text is replaced, then gives way to the final one', () => {
  const t = transcript();
  t.user(1, 'wat', { interim: true });
  t.user(1, 'what is', { interim: true });
  assert.equal(t.items[0].interim, 'what is');
  t.user(1, 'What is it?');
  assert.equal(t.items[0].text, 'What is it?');
  assert.equal(t.items[0].interim, '');
});

test('an interim text that never became final is kept', () => {
  const t = transcript();
  t.user(1, 'hello', { interim: true });
  t.answered(1);
  assert.deepEqual(lines(t), ['user1: hello']);
});

test('a question transcribed after the answer began stands before it', () => {
  const t = transcript();
  t.answered(1);
  t.model(1, 'Fine, thanks.');
  t.user(1, 'How are');
  t.user(1, ' you?');
  assert.deepEqual(lines(t), ['user1: How are you?', 'model1: Fine, thanks.']);
  assert.deepEqual(
    t.items.map((item) => item.seq),
    [1, 2],
  );
});

test('the tail of a question goes to the question', () => {
  const t = transcript();
  t.user(1, 'How are');
  t.answered(1);
  t.model(1, 'Fine.');
  t.user(1, ' you?');
  assert.deepEqual(lines(t), ['user1: How are you?', 'model1: Fine.']);
});

test('words spoken over the answer stand after it', () => {
  const t = transcript();
  t.user(1, 'Tell me a story.');
  t.answered(1);
  t.model(1, 'Once upon a time');
  t.user(1, 'Stop', { fresh: true });
  t.user(1, ' it.', { fresh: true });
  t.interrupted(1, 5, 10);
  t.turnOver(1);
  assert.deepEqual(lines(t), ['user1: Tell me a story.', 'model1: Once upon a time', 'user1: Stop it.']);
});

test('an interruption keeps what was heard, to the end of the word', () => {
  const t = transcript();
  t.answered(1);
  t.model(1, 'I can see a laptop and a mug');
  t.interrupted(1, 50, 100);
  assert.deepEqual(heardParts(t.items[0]), { heard: 'I can see a laptop', unheard: ' and a mug' });
  t.model(1, ' with a crack');
  assert.equal(heardParts(t.items[0]).unheard, ' and a mug with a crack', 'late words were not heard');
  t.interrupted(1, 100, 100);
  assert.equal(t.items[0].heardChars, 18, 'the first interruption counts');
});

test('nothing heard strikes everything', () => {
  const t = transcript();
  t.model(1, 'I can');
  t.interrupted(1, 0, 0);
  assert.deepEqual(heardParts(t.items[0]), { heard: '', unheard: 'I can' });
});

test('a missing end mark is made good by the next turn', () => {
  const t = transcript();
  t.model(1, 'One.');
  t.model(2, 'Two.');
  t.turnOver(2);
  assert.ok(t.items.every((item) => !item.partial));
});

test('a turn in which the model chose silence leaves no trace', () => {
  const t = transcript();
  t.user(1, 'Hm.');
  t.answered(1);
  t.turnOver(1);
  assert.deepEqual(lines(t), ['user1: Hm.']);
});

test('thoughts are apart from the answer', () => {
  const t = transcript();
  t.model(1, 'Let me see.', { thought: true });
  t.model(1, 'Four.');
  assert.equal(t.items[0].text, 'Four.');
  assert.equal(t.items[0].thought, 'Let me see.');
});

test('tools are called, answered and cancelled', () => {
  const t = transcript();
  t.user(1, 'Weather?');
  t.toolCall(1, { id: 'a', name: 'get_weather', args: { city: 'Lyon' } });
  t.toolCall(1, { id: 'b', name: 'get_time', args: {} });
  t.toolOutcome('a', { result: '14 °C' });
  t.toolOutcome('b', { cancelled: true });
  t.toolOutcome('unknown', { cancelled: true });
  assert.deepEqual(t.items[1].tool, { id: 'a', name: 'get_weather', args: { city: 'Lyon' }, result: '14 °C' });
  assert.equal(t.items[2].tool?.cancelled, true);
  assert.equal(t.items[0].partial, false, 'a call is content: the question is over');
});

test('sources are collected once', () => {
  const t = transcript();
  const source = { title: 'Example', uri: 'https://example.org/' };
  t.sources(1, [source]);
  t.sources(1, [source, { title: 'Other', uri: 'https://example.net/' }]);
  assert.equal(t.items[0].sources.length, 2);
});

test('items are replaced, never changed', () => {
  const t = transcript();
  t.model(1, 'One');
  const before = t.items[0];
  t.model(1, ' two');
  assert.equal(before.text, 'One');
  assert.notEqual(t.items[0], before);
  assert.equal(t.items[0].id, before.id);
});

const names = { user: 'You', model: 'Model', tool: 'Tool', interrupted: 'interrupted' };

function sample() {
  const t = transcript();
  t.user(1, 'Is 1 < 2?');
  t.answered(1);
  t.model(1, 'Yes it is & was');
  t.interrupted(1, 1, 2);
  t.turnOver(1);
  t.sources(1, [{ title: 'A [b]', uri: 'https://example.org/' }]);
  t.toolCall(2, { id: 'a', name: 'get_weather', args: { city: 'Lyon' } });
  return t;
}

test('export as Markdown', () => {
  const text = toMarkdown(sample().items, names);
  assert.match(text, /\*\*You\*\* 10:02:12\n\nIs 1 < 2\?/);
  assert.match(text, /Yes it is ~~& was~~ \(interrupted\)/);
  assert.match(text, /\[A \\\[b\\\]\]\(<https:\/\/example\.org\/>\)/);
  assert.match(text, /`get_weather` `\{"city":"Lyon"\}`/);
});

test('export as JSON names its schema', () => {
  const parsed = JSON.parse(toJson(sample().items, { session: 's', model: 'm' }));
  assert.equal(parsed.schema, 'livebridge-transcript/1');
  assert.equal(parsed.session, 's');
  assert.equal(parsed.items.length, 3);
});

test('export as WebVTT has ordered cues with escaped words', () => {
  const text = toVtt(sample().items, names);
  assert.ok(text.startsWith('WEBVTT\n\n1\n00:00:00.000 --> 00:00:0'));
  assert.match(text, /<v You>Is 1 &lt; 2\?/);
  assert.match(text, /<v Model>Yes it is\n/, 'only what was heard');
  const times = [...text.matchAll(/^(\S+) --> (\S+)$/gm)];
  assert.equal(times.length, 2);
  assert.ok(times.every(([, from, to]) => from < to));
});

test('an empty conversation exports to something valid', () => {
  assert.equal(toMarkdown([], names), '\n');
  assert.equal(toVtt([], names), 'WEBVTT\n\n\n');
  assert.deepEqual(JSON.parse(toJson([], { session: null, model: null })).items, []);
});

test('words that come after their turn was cut were not heard', () => {
  const transcript = new Transcript(() => 0);
  transcript.interrupted(1, 4800, 24_000);
  transcript.model(1, 'Once upon a time');
  transcript.model(1, ' there was');
  transcript.model(2, 'Yes?');
  assert.deepEqual(
    transcript.items.map(({ interrupted, heardChars }) => ({ interrupted, heardChars })),
    [
      { interrupted: true, heardChars: 0 },
      { interrupted: false, heardChars: null },
    ],
  );
});
