import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toJson, toMarkdown, toVtt } from '../../main/resources/web/app/state/export.js';
import { heardParts } from '../../main/resources/web/app/state/heard.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';

function transcript() {
  let wall = Date.UTC(2026, 0, 2, 10, 2, 11);
  const target = new Transcript(() => {
    wall += 1000;
    return wall;
  });
  return target;
}

/**
 * @param {string} title
 * @param {string} uri
 * @returns {import('../../main/resources/web/app/proto/grounding.js').Source}
 */
const page = (title, uri) => ({ kind: 'web', title, uri, page: 0 });

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

test('an interruption keeps the played text, to the end of the word', () => {
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

test('without played audio the whole text is struck', () => {
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
  const source = page('Example', 'https://example.org/');
  const document = { ...page('Manual', ''), kind: /** @type {const} */ ('document') };
  const search = { title: 'q', uri: 'https://www.google.com/search?q=q' };
  t.grounding(1, [source, document], [search]);
  t.grounding(1, [source, document, page('Other', 'https://example.net/')], [search]);
  assert.deepEqual(
    t.items[0].sources.map(({ title }) => title),
    ['Example', 'Manual', 'Other'],
  );
  assert.equal(t.items[0].suggestions.length, 1);
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

const names = { user: 'You', model: 'Model', tool: 'Tool', interrupted: 'interrupted', suggestions: 'Search' };

function sample() {
  const t = transcript();
  t.user(1, 'Is 1 < 2?');
  t.answered(1);
  t.model(1, 'Yes it is & was');
  t.interrupted(1, 1, 2);
  t.turnOver(1);
  t.grounding(1, [page('A [b]', 'https://example.org/')]);
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

test('text that arrives after the interruption of its turn counts as unheard', () => {
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

for (const blank of [' ', '\n', ' \t\r\n', '\u200b', '\ufeff\u200d']) {
  test(`a fragment of nothing to see makes no bubble: ${JSON.stringify(blank)}`, () => {
    const t = transcript();
    t.user(1, blank);
    t.user(1, blank, { interim: true });
    t.user(1, blank, { finished: true });
    t.answered(1);
    t.model(1, blank);
    t.model(1, blank, { thought: true });
    t.turnOver(1);
    t.closeAll();
    assert.deepEqual(lines(t), []);
  });
}

test('white space between fragments joins them', () => {
  const t = transcript();
  t.user(1, 'one');
  t.user(1, ' ');
  t.user(1, 'two');
  t.model(1, 'three');
  t.model(1, '\n');
  t.model(1, 'four');
  assert.deepEqual(lines(t), ['user1: one two', 'model1: three\nfour']);
});

test('preliminary words that are taken back leave no bubble', () => {
  const t = transcript();
  t.user(1, 'hm', { interim: true });
  t.user(1, ' ', { interim: true });
  t.answered(1);
  t.model(1, 'Yes?');
  assert.deepEqual(lines(t), ['model1: Yes?']);
  assert.equal(t.items[0].seq, 1);
});

test('an utterance that ends without final words keeps its preliminary ones', () => {
  const t = transcript();
  t.user(1, 'hello there', { interim: true });
  t.user(1, '', { finished: true });
  assert.deepEqual(lines(t), ['user1: hello there']);
  const other = transcript();
  other.user(1, 'hello there', { interim: true });
  other.user(1, ' ');
  other.user(1, 'Hello there.');
  assert.deepEqual(lines(other), ['user1: Hello there.'], 'a space is not the end of the preliminary words');
});

test('speech in Chinese is cut where it was cut off', () => {
  const t = transcript();
  const text =
    '\u4eca\u5929\u5929\u6c14\u5f88\u597d\uff0c\u6211\u4eec\u53bb\u516c\u56ed\u6563\u6b65\u5427\u3002'.repeat(3);
  t.model(1, text);
  t.interrupted(1, 2, 8);
  const { heard, unheard } = heardParts(t.items[0]);
  assert.ok(
    heard.length >= text.length / 4 && heard.length <= text.length / 4 + 4,
    `${heard.length} of ${text.length}`,
  );
  assert.equal(heard + unheard, text);
});

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  'a <b onclick=alert(1)>b</b>',
  '<script>alert(1)</script>',
  'x <\nscript>',
  '<!-- hidden',
  '<javascript:alert(1)>',
  '[a](javascript:alert(1))',
  '[a](< javascript:alert(1)>)',
  '[a]( \n javascript:alert(1))',
  '[a\\](javascript:alert(1))',
  '[a](java\\script\\:alert(1))',
  '[a](javascript&colon;alert(1))',
  '[a](&#106;avascript:alert(1))',
  '[a](data:text/html,x)',
  '[a]\n\n[a]: javascript:alert(1)',
  '[a]\n\n[a]:\n  < javascript:alert(1)>',
  '![t](https://evil.example/x.png)',
  '![t][r]\n\n[r]: https://evil.example/x.png',
  '[![t](https://evil.example/x.png)](javascript:alert(1))',
  '`<img src=x>`',
  '```\n<img src=x>\n```',
];

/** What a program that shows Markdown with its HTML would make of a file. @param {string} markdown */
async function shown(markdown) {
  const { Marked } = await import('marked');
  return /** @type {string} */ (new Marked({ async: false }).parse(markdown));
}

/** @param {string} html */
function assertInert(html) {
  assert.doesNotMatch(html, /<(img|script|b|svg|iframe|style|!--)/i, html);
  for (const [, href] of html.matchAll(/href="([^"]*)"/g)) {
    const decoded = href.replace(/&amp;/g, '&').replace(/&lt;/g, '<');
    const { protocol } = new URL(decoded, 'https://base.example/');
    assert.match(protocol, /^(https?|mailto):$/, html);
  }
}

for (const words of HOSTILE) {
  test(`an exported Markdown file does nothing: ${JSON.stringify(words)}`, async () => {
    const t = transcript();
    t.user(1, words);
    t.answered(1);
    t.model(1, words);
    t.turnOver(1);
    t.model(2, `Good. ${words}`);
    t.interrupted(2, 1, 9);
    t.grounding(2, [page(words, 'https://ok.example/?a=%22%3E%3Cimg%20src=x%3E'), page(words, '')]);
    t.toolCall(3, { id: 'a', name: words, args: { [words]: words } });
    assertInert(await shown(toMarkdown(t.items, names)));
    assert.doesNotMatch(toJson(t.items, { session: words, model: words }), /[<>]/);
    assert.equal(JSON.parse(toJson(t.items, { session: words, model: 'm' })).session, words, 'and is still JSON');
    assert.doesNotMatch(toVtt(t.items, names).replace(/<v (You|Model)>|-->/g, ''), /[<>]/);
  });
}

test('a source address cannot break out of its link', async () => {
  const t = transcript();
  t.model(1, 'Yes.');
  t.grounding(1, [page('t', 'https://ok.example/?a="><img src=x onerror=alert(1)>')]);
  const markdown = toMarkdown(t.items, names);
  assertInert(await shown(markdown));
  assert.match(markdown, /\(<https:\/\/ok\.example\/\?a=%22%3E%3Cimg%20src=x%20onerror=alert%281%29%3E>\)/);
});

test('the address of a numbered host stays one', () => {
  const t = transcript();
  t.model(1, 'Yes.');
  t.grounding(1, [page('t', 'https://[2001:db8::1]:8443/a_[b]')]);
  assert.ok(toMarkdown(t.items, names).includes('(<https://[2001:db8::1]:8443/a%5F%5Bb%5D>)'));
});

test('Markdown that does no harm stays as it was written', () => {
  const t = transcript();
  const words = '**Yes**, see [this](https://ok.example/a:b) & `handlers[i](event)`; 1 < 2, 3 > 2, AT&T';
  t.model(1, words);
  t.turnOver(1);
  assert.ok(toMarkdown(t.items, names).includes(words));
});

test('captions cannot be split by any kind of line end', () => {
  const t = transcript();
  t.model(1, 'one\r\r00:00:00.000 --> 00:00:09.000\rtwo\n\nthree');
  t.turnOver(1);
  const cues = toVtt(t.items, names).split(/(?:\r\n|\r|\n){2,}/);
  assert.equal(cues.length, 2, JSON.stringify(cues));
});

test('what JSON can not say does not cost the rest', () => {
  /** @type {Record<string, unknown>} */
  const circle = {};
  circle.self = circle;
  const t = transcript();
  t.model(1, 'Yes.');
  t.toolCall(1, { id: 'a', name: 'f', args: {} });
  t.toolOutcome('a', { result: circle });
  const { items } = JSON.parse(toJson(t.items, { session: null, model: null }));
  assert.equal(items[0].text, 'Yes.');
  assert.equal(items[1].tool.name, 'f');
});

test('suggested searches are exported under their heading', () => {
  const t = transcript();
  t.model(1, 'Yes.');
  t.grounding(1, [], [{ title: 'moon', uri: 'https://www.google.com/search?q=moon' }]);
  assert.match(
    toMarkdown(t.items, names),
    /Yes\.\n\nSearch:\n\n- \[moon\]\(<https:\/\/www\.google\.com\/search\?q=moon>\)/,
  );
});
