import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costs, sumOf } from '../../main/resources/web/app/metrics/cost.js';
import { EventLog } from '../../main/resources/web/app/state/event-log.js';

test('media between two messages is one event of each kind and direction', () => {
  const log = new EventLog();
  log.message(1, true, '{"setup":{}}');
  for (let at = 2; at < 12; at++) {
    log.media(at, true, 1, 100);
    log.media(at, false, 129, 200);
  }
  log.message(12, false, '{"type":"turnComplete"}');
  log.media(13, true, 1, 100);
  assert.deepEqual(
    log.events.map(({ at, up, kind, count, bytes }) => [at, up, kind, count, bytes]),
    [
      [1, true, 0, 1, 12],
      [2, true, 1, 10, 1000],
      [2, false, 129, 10, 2000],
      [12, false, 0, 1, 23],
      [13, true, 1, 1, 100],
    ],
  );
});

test('the log is bounded in number and size', () => {
  const log = new EventLog();
  for (let at = 0; at < 1000; at++) log.message(at, true, 'x'.repeat(30_000));
  assert.equal(log.events.length, 400);
  assert.equal(log.events[0].at, 600);
  assert.ok(log.events.every(({ text, bytes }) => text.length === 20_000 && bytes === 30_000));
});

const PRICE = { inputText: 1, inputAudio: 2, inputImage: 4, outputText: 8, outputAudio: 16 };

test('each modality has its price, thoughts are text, and what has no modality is text', () => {
  const metadata = {
    thoughtsTokenCount: 10,
    promptTokensDetails: [
      { modality: 'AUDIO', tokenCount: 100 },
      { modality: 'VIDEO', tokenCount: 50 },
    ],
    responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 30 }],
  };
  const [turn] = costs([{ turn: 1, promptTokens: 200, responseTokens: 40, totalTokens: 250, metadata }], PRICE);
  assert.deepEqual([turn.input, turn.output], [200, 50]);
  assert.equal(turn.usd, (10 * 8 + 100 * 2 + 50 * 4 + 50 * 1 + 30 * 16 + 10 * 8) / 1_000_000);
});

test('without a price there is no cost, and broken counts are none', () => {
  const broken = { thoughtsTokenCount: -3, promptTokensDetails: [null, { modality: 7 }], responseTokensDetails: 'x' };
  const usage = { turn: 1, promptTokens: 10, responseTokens: 5, totalTokens: 15, metadata: broken };
  assert.deepEqual(costs([usage], undefined), [{ turn: 1, input: 10, output: 5, usd: null }]);
  assert.equal(costs([usage], PRICE)[0].usd, (10 + 40) / 1_000_000);
  assert.equal(sumOf(costs([usage], undefined)).usd, null);
  assert.deepEqual(sumOf([]), { input: 0, output: 0, usd: null });
});
