import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit } from '../../main/resources/web/app/media/video.js';
import { buildSetup, DEFAULTS, historyTurns, readSettings } from '../../main/resources/web/app/state/setup.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';

/** @type {import('../../main/resources/web/app/state/setup.js').Capabilities} */
const model = {
  id: 'm',
  displayName: 'M',
  voices: ['Kore', 'Puck'],
  textInput: true,
  video: true,
  languages: ['de-DE'],
  thinkingLevels: ['LOW'],
  search: true,
  history: true,
};

test('the defaults ask for sound and transcripts, nothing else', () => {
  assert.deepEqual(buildSetup(DEFAULTS, model), {
    generationConfig: { responseModalities: ['AUDIO'] },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  });
});

test('functions of the host page are declared, beside Search and beside an agent', () => {
  const functions = [{ name: 'stock' }];

  assert.deepEqual(buildSetup(DEFAULTS, model, functions).tools, [{ functionDeclarations: functions }]);
  assert.deepEqual(buildSetup({ ...DEFAULTS, search: true }, model, functions).tools, [
    { googleSearch: {} },
    { functionDeclarations: functions },
  ]);
  assert.deepEqual(buildSetup({ ...DEFAULTS, agent: 'desk' }, model, functions).tools, [
    { functionDeclarations: functions },
  ]);
});

test('an agent replaces everything but transcripts and push-to-talk', () => {
  const chosen = { ...DEFAULTS, agent: 'desk', model: 'm', voice: 'Kore', instruction: 'Be rude.', search: true };

  assert.deepEqual(buildSetup(chosen, model), {
    model: 'models/agent-desk',
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  });
  assert.deepEqual(buildSetup({ ...chosen, turns: 'ptt' }, model).realtimeInputConfig, {
    automaticActivityDetection: { disabled: true },
  });
});

test('every setting finds its place', () => {
  const setup = buildSetup(
    {
      ...DEFAULTS,
      model: 'm',
      voice: 'Kore',
      language: 'de-DE',
      thinking: 'LOW',
      instruction: ' Be brief. ',
      search: true,
      startSensitivity: 'LOW',
      endSensitivity: 'HIGH',
      silenceMs: 500,
      prefixMs: 100,
      bargeIn: false,
    },
    model,
  );
  assert.deepEqual(setup, {
    model: 'models/m',
    generationConfig: {
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } }, languageCode: 'de-DE' },
      thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true },
    },
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    tools: [{ googleSearch: {} }],
    realtimeInputConfig: {
      automaticActivityDetection: {
        startOfSpeechSensitivity: 'START_SENSITIVITY_LOW',
        endOfSpeechSensitivity: 'END_SENSITIVITY_HIGH',
        silenceDurationMs: 500,
        prefixPaddingMs: 100,
      },
      activityHandling: 'NO_INTERRUPTION',
    },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  });
});

test('push to talk switches the detection off and sends none of its settings', () => {
  const setup = buildSetup({ ...DEFAULTS, turns: 'ptt', silenceMs: 500 }, model);
  assert.deepEqual(setup.realtimeInputConfig, { automaticActivityDetection: { disabled: true } });
});

test('what the model can not do is not asked', () => {
  const plain = { ...model, voices: [], languages: [], thinkingLevels: [], search: false };
  const requested = { ...DEFAULTS, voice: 'Kore', language: 'de-DE', thinking: 'LOW', search: true };
  assert.deepEqual(buildSetup(requested, plain), buildSetup(DEFAULTS, plain));
  assert.deepEqual(buildSetup(requested, undefined), buildSetup(DEFAULTS, undefined));
});

test('stored settings of any age are made fit', () => {
  assert.deepEqual(readSettings(null), DEFAULTS);
  assert.deepEqual(readSettings('x'), DEFAULTS);
  const read = readSettings({ voice: 'Kore', volume: 'loud', gone: 1, bargeIn: false });
  assert.deepEqual(read, { ...DEFAULTS, voice: 'Kore', bargeIn: false });
});

test('a new session gets the spoken and the played text as history', () => {
  const transcript = new Transcript(() => 0);
  transcript.user(1, 'Tell me a story.');
  transcript.model(1, 'Once upon a time');
  transcript.interrupted(1, 1, 2);
  transcript.toolCall(1, { id: 'a', name: 'f' });
  transcript.notice(1, 'Reconnected');
  assert.deepEqual(historyTurns(transcript.items), [
    { role: 'user', parts: [{ text: 'Tell me a story.' }] },
    { role: 'model', parts: [{ text: 'Once upon' }] },
  ]);
});

test('pictures are scaled down, never up, and keep their shape', () => {
  assert.deepEqual(fit(1280, 720), { width: 768, height: 432 });
  assert.deepEqual(fit(720, 1280), { width: 432, height: 768 });
  assert.deepEqual(fit(640, 480), { width: 640, height: 480 });
  assert.deepEqual(fit(4000, 2), { width: 768, height: 1 });
});
