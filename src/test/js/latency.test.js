import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceClock } from '../../main/resources/web/app/metrics/clock.js';
import { barsToCsv, Latency } from '../../main/resources/web/app/metrics/latency.js';
import { SpeechDetector } from '../../main/resources/web/app/metrics/speech.js';
import { BitRate, Sample } from '../../main/resources/web/app/metrics/statistics.js';

test('percentiles by nearest rank', () => {
  const sample = new Sample();
  assert.equal(sample.percentile(50), null);
  for (const value of [15, 20, 35, 40, 50]) sample.add(value);
  assert.equal(sample.percentile(5), 15);
  assert.equal(sample.percentile(30), 20);
  assert.equal(sample.percentile(50), 35);
  assert.equal(sample.percentile(95), 50);
  assert.equal(sample.last, 50);
});

test('old values are forgotten', () => {
  const sample = new Sample(3);
  for (const value of [1, 2, 3, 4]) sample.add(value);
  assert.deepEqual(sample.values, [2, 3, 4]);
});

test('bit rate over five seconds', () => {
  const rate = new BitRate();
  for (let at = 0; at < 5000; at += 20) rate.add(at, 648);
  assert.equal(Math.round(rate.value(4999)), 259_200);
  assert.equal(rate.value(20_000), 0);
});

test('the wait is split without mixing clocks', () => {
  const latency = new Latency();
  latency.asked('text', 1000);
  latency.chunk(1, 1600, 9600, 40);
  latency.chunk(1, 1620, 9600, 40);
  latency.serviceTook(1, {
    inputReceived: 5000,
    inputWritten: 5002,
    firstAudioReceived: 5500,
    firstAudioWritten: 5503,
  });
  assert.equal(latency.firstAudioPlayed(1, 1700), 700);
  assert.equal(latency.firstAudioPlayed(1, 1800), null, 'heard once');
  const [bar] = latency.bars();
  assert.deepEqual(bar, { turn: 1, origin: 'text', total: 700, network: 40, service: 5, model: 555, buffer: 100 });
  assert.equal(bar.network + (bar.service ?? 0) + bar.model + bar.buffer, bar.total);
  assert.equal(latency.chunkGap.last, 20);
});

test('without stamps the service is part of the model, and the sum still holds', () => {
  const latency = new Latency();
  latency.asked('speech', 0);
  latency.chunk(3, 500, 100, null);
  latency.firstAudioPlayed(3, 580);
  assert.deepEqual(latency.bars(), [
    { turn: 3, origin: 'speech', total: 580, network: 0, service: null, model: 500, buffer: 80 },
  ]);
});

test('an answer without input has no bar', () => {
  const latency = new Latency();
  latency.chunk(1, 100, 100, null);
  assert.equal(latency.firstAudioPlayed(1, 200), null);
  assert.deepEqual(latency.bars(), []);
});

test('an answer is not heard before it has arrived', () => {
  const latency = new Latency();
  latency.asked('text', 1000);
  latency.chunk(1, 1100, 100, null);

  assert.equal(latency.firstAudioPlayed(1, 980), 100);

  assert.equal(latency.firstAudio.last, 100);
  assert.deepEqual(latency.bars(), [
    { turn: 1, origin: 'text', total: 100, network: 0, service: null, model: 100, buffer: 0 },
  ]);
});

test('silence does not come before the interruption', () => {
  const latency = new Latency();
  latency.interrupted(1, null, 100);

  assert.equal(latency.silenced(1, 95), 0);

  assert.deepEqual(latency.interruption.values, [0]);
  assert.deepEqual(latency.summary(0).interruptions, [{ turn: 1, onset: null, message: 100, silent: 100 }]);
});

test('gaps are measured within a turn only', () => {
  const latency = new Latency();
  latency.chunk(1, 0, 1, null);
  latency.chunk(1, 30, 1, null);
  latency.chunk(2, 9000, 1, null);
  assert.deepEqual(latency.chunkGap.values, [30]);
});

test('an interruption is measured from message to silence', () => {
  const latency = new Latency();
  latency.interrupted(1, 90, 100);
  latency.silenced(1, 118);
  latency.silenced(1, 500);
  assert.deepEqual(latency.interruption.values, [18]);
  assert.deepEqual(latency.summary(0).interruptions, [{ turn: 1, onset: 90, message: 100, silent: 118 }]);
});

test('bars as comma-separated values', () => {
  const csv = barsToCsv([
    { turn: 1, origin: 'text', total: 700.04, network: 40, service: null, model: 560, buffer: 100 },
  ]);
  assert.equal(csv, 'turn,origin,total_ms,network_ms,service_ms,model_ms,buffer_ms\n1,text,700,40,,560,100');
});

test('offset and round trip come from the quickest ping', () => {
  const clock = new ServiceClock();
  assert.equal(clock.offset, null);
  // The service is 5000 ahead; 20 ms each way, 3 ms inside.
  assert.equal(clock.add(100, 5120, 5123, 143), 40);
  assert.equal(clock.offset, 5000);
  // A jammed way back spoils this one.
  clock.add(1000, 6020, 6021, 1321);
  assert.equal(clock.rtt, 320);
  assert.equal(clock.offset, 5000);
  clock.reset();
  assert.equal(clock.rtt, null);
});

/** @param {SpeechDetector} detector @param {number} from @param {number} ms @param {number} level */
function hear(detector, from, ms, level) {
  const events = [];
  for (let at = from + 20; at <= from + ms; at += 20) {
    const event = detector.push(level, 20, at);
    if (event) events.push(event);
  }
  return events;
}

test('speech is noticed and its end dated to the last voice', () => {
  const detector = new SpeechDetector();
  assert.deepEqual(hear(detector, 0, 1000, 0.002), []);
  const [start] = hear(detector, 1000, 800, 0.1);
  assert.deepEqual(start, { type: 'start', at: 1000 });
  const [end] = hear(detector, 1800, 1000, 0.002);
  assert.deepEqual(end, { type: 'end', at: 1800, voicedMs: 800 });
  assert.equal(detector.speaking, false);
});

test('a click is not speech, a pause for breath does not end it', () => {
  const detector = new SpeechDetector();
  assert.deepEqual(hear(detector, 0, 40, 0.3), []);
  assert.deepEqual(hear(detector, 40, 500, 0.002), []);
  assert.equal(hear(detector, 1000, 500, 0.1).length, 1);
  assert.deepEqual(hear(detector, 1500, 400, 0.002), []);
  assert.deepEqual(hear(detector, 1900, 300, 0.1), []);
  assert.equal(detector.speaking, true);
});

test('a steady hum becomes the background', () => {
  const detector = new SpeechDetector();
  hear(detector, 0, 20_000, 0.006);
  assert.equal(detector.speaking, false);
  assert.deepEqual(hear(detector, 20_000, 500, 0.012), [], 'hardly above the hum');
  assert.equal(hear(detector, 20_500, 500, 0.1).length, 1);
});

test('mute ends a running utterance at once', () => {
  const detector = new SpeechDetector();
  assert.equal(detector.reset(), null);
  hear(detector, 0, 400, 0.1);
  assert.deepEqual(detector.reset(), { type: 'end', at: 400, voicedMs: 400 });
});
