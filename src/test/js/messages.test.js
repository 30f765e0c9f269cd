import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '../../main/resources/web/app/proto/messages.js';

const decode = (/** @type {unknown} */ value) => decodeMessage(JSON.stringify(value));

test('known messages keep their members', () => {
  assert.deepEqual(decode({ type: 'transcript', turn: 2, role: 'user', text: ' hi', interim: true, extra: 1 }), {
    type: 'transcript',
    turn: 2,
    role: 'user',
    text: ' hi',
    interim: true,
    finished: false,
  });
  assert.deepEqual(decode({ type: 'pong', t: 1.5, received: 2, sent: 3 }), {
    type: 'pong',
    t: 1.5,
    received: 2,
    sent: 3,
  });
  assert.deepEqual(decode({ type: 'turnComplete', turn: 1 }), { type: 'turnComplete', turn: 1, reason: null });
  assert.deepEqual(decode({ type: 'error', code: 'capacity', message: 'Full.', fatal: true }), {
    type: 'error',
    code: 'capacity',
    message: 'Full.',
    remedy: null,
    fatal: true,
    retryAfter: null,
  });
});

test('nothing that arrives can throw', () => {
  for (const frame of ['', '{', '[]', 'null', '7', '{}', '{"type":7}']) {
    assert.equal(decodeMessage(frame).type, 'malformed', frame);
  }
  assert.deepEqual(decode({ type: 'brandNew' }), { type: 'unknown', name: 'brandNew' });
  for (const type of [
    'ready',
    'transcript',
    'text',
    'toolCall',
    'toolCallCancellation',
    'grounding',
    'usage',
    'pong',
    'error',
    'timing',
    'status',
    'part',
    'voiceActivity',
  ]) {
    assert.equal(
      decode({ type, turn: 'x', notices: 3, calls: { a: 1 }, ids: 'y', groundingMetadata: [], setup: 4 }).type,
      type,
    );
  }
});

test('only addresses a browser may open become links', () => {
  const message = decode({
    type: 'grounding',
    turn: 1,
    groundingMetadata: {
      groundingChunks: [
        { web: { uri: 'https://example.org/', title: 'Example' } },
        { web: { uri: 'javascript:alert(1)', title: 'No' } },
        { web: { uri: 'data:text/html,x' } },
        {},
      ],
    },
  });
  assert.deepEqual(message, {
    type: 'grounding',
    turn: 1,
    sources: [{ kind: 'web', title: 'Example', uri: 'https://example.org/', page: 0 }],
    suggestions: [],
  });
});

test('pages that were read are sources too', () => {
  const message = decode({
    type: 'grounding',
    turn: 1,
    urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'https://a.example/' }] },
  });
  assert.deepEqual(message.type === 'grounding' && message.sources, [
    { kind: 'read', title: 'https://a.example/', uri: 'https://a.example/', page: 0 },
  ]);
});

test('how a conversation goes on is read with suspicion', () => {
  assert.deepEqual(decodeMessage('{"type":"resumeToken","token":"t","expiresInMs":300000}'), {
    type: 'resumeToken',
    token: 't',
    expiresInMs: 300_000,
  });
  assert.deepEqual(decodeMessage('{"type":"migrate","token":7}'), { type: 'migrate', token: '', expiresInMs: 0 });
  assert.deepEqual(decodeMessage('{"type":"upstream","state":"reconnecting","attempt":2,"retryInMs":750}'), {
    type: 'upstream',
    state: 'reconnecting',
    memory: 'new',
    retryInMs: 750,
  });
  assert.deepEqual(decodeMessage('{"type":"warning","code":"idle_timeout","message":"Quiet.","inMs":60000}'), {
    type: 'warning',
    code: 'idle_timeout',
    message: 'Quiet.',
    inMs: 60_000,
  });
});

test('a transcript that came with ready has only entries with words', () => {
  const transcript = [{ role: 'user', text: 'Hi' }, { role: 'else', text: 'Hello' }, { role: 'model' }, 'x', null];
  const ready = decodeMessage(JSON.stringify({ type: 'ready', resumed: true, memory: 'strange', transcript }));
  assert.equal(ready.type, 'ready');
  assert.deepEqual(ready.type === 'ready' && [ready.resumed, ready.memory, ready.transcript], [
    true,
    'new',
    [
      { role: 'user', text: 'Hi' },
      { role: 'model', text: 'Hello' },
    ],
  ]);
});
