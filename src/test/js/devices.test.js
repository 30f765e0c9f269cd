import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixDown } from '../../main/resources/web/app/audio/pcm.js';
import { Microphone } from '../../main/resources/web/app/media/microphone.js';
import { Speaker } from '../../main/resources/web/app/media/speaker.js';
import { constant, FakeClock } from './support.js';

/** Audio contexts, nodes and devices as far as the platform layer uses them; the test plays the browser. */
class FakeContext {
  state = 'running';
  resumed = 0;
  currentTime = 0;
  sampleRate = 48_000;
  /** @type {(() => void) | null} */
  onstatechange = null;
  audioWorklet = { addModule: async () => undefined };
  resume() {
    this.resumed++;
    return new Promise(() => undefined);
  }
  async close() {
    this.state = 'closed';
  }
  createMediaStreamSource() {
    return { connect: () => undefined, disconnect: () => undefined };
  }
  createGain() {
    return { gain: { setTargetAtTime: () => undefined }, connect: (/** @type {unknown} */ next) => next };
  }
  createAnalyser() {
    return { fftSize: 0, connect: () => undefined };
  }
  /** @param {string} state */
  become(state) {
    this.state = state;
    this.onstatechange?.();
  }
}

/** @type {{port: {onmessage: ((event: {data: unknown}) => void) | null, postMessage: () => void}}[]} */
const nodes = [];
Object.assign(globalThis, {
  AudioWorkletNode: class {
    port = { onmessage: null, postMessage: () => undefined };
    constructor() {
      nodes.push(this);
    }
    connect() {}
    disconnect() {}
  },
});

/** @param {{muted?: boolean}[]} [tracksToCome] what each request for the microphone delivers; the last one for ever */
async function microphone(tracksToCome = [{}]) {
  const clock = new FakeClock();
  const context = new FakeContext();
  /** @type {any[]} */
  const tracks = [];
  /** @type {string[]} */
  const events = [];
  const page = { hidden: false, refused: '', changed: () => undefined, devices: () => undefined };
  const environment = {
    clock,
    secure: true,
    permission: async () => 'granted',
    visibility: {
      hidden: () => page.hidden,
      watch(/** @type {() => undefined} */ changed) {
        page.changed = changed;
        return () => undefined;
      },
    },
    mediaDevices: {
      addEventListener: (/** @type {string} */ _type, /** @type {() => undefined} */ listener) => {
        page.devices = listener;
      },
      removeEventListener: () => undefined,
      enumerateDevices: async () => [],
      async getUserMedia() {
        if (page.refused) throw new DOMException('x', page.refused);
        const { muted = false } = tracksToCome[Math.min(tracks.length, tracksToCome.length - 1)];
        const track = { muted, label: 'Desk', enabled: true, stopped: false, getSettings: () => ({}) };
        Object.assign(track, {
          stop: () => {
            track.stopped = true;
          },
        });
        tracks.push(track);
        return { getTracks: () => [track], getAudioTracks: () => [track] };
      },
    },
  };
  const subject = new Microphone(/** @type {any} */ (environment), 'capture.js', {
    onChunk: () => undefined,
    onCapturing: () => undefined,
    onDeaf: (deaf) => events.push(deaf ? 'deaf' : 'hears'),
    onBlocked: (blocked) => events.push(blocked ? 'blocked' : 'free'),
    onProblem: (problem) => events.push(problem ? problem.id : 'no problem'),
    onDevices: () => undefined,
  });
  await subject.open(/** @type {any} */ (context), {});
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    context,
    tracks,
    events,
    page,
    microphone: subject,
    settle,
    /** Sound, or nothing but zeros, for a while. @param {number} ms @param {boolean} silent */
    async hear(ms, silent) {
      for (let at = 0; at < ms; at += 250) {
        nodes.at(-1)?.port.onmessage?.({ data: { pcm: constant(320, silent ? 0 : 7), level: 0, silent, open: true } });
        clock.advance(250);
        await settle();
      }
    },
  };
}

test('a track that the system mutes is requested again and delivers audio', async () => {
  const m = await microphone();
  await m.hear(1000, false);
  m.tracks[0].muted = true;
  m.tracks[0].onmute();
  await m.hear(500, true);
  assert.equal(m.tracks.length, 1, 'it may be a moment only');
  await m.hear(1500, true);
  assert.equal(m.tracks.length, 2);
  assert.equal(m.tracks[0].stopped, true);
  await m.hear(1000, false);
  assert.deepEqual(m.events, [], 'mended before the person noticed');
});

test('a track that the system gives back is left alone', async () => {
  const m = await microphone();
  m.tracks[0].muted = true;
  m.tracks[0].onmute();
  await m.hear(500, true);
  m.tracks[0].muted = false;
  m.tracks[0].onunmute();
  await m.hear(4000, true);
  assert.equal(m.tracks.length, 1);
});

test('a microphone that delivers nothing is asked for three times, and then when something has changed', async () => {
  const m = await microphone();
  await m.hear(120_000, true);
  assert.equal(m.tracks.length, 4);
  assert.deepEqual(m.events, ['deaf'], 'said once, and not taken back by asking');
  m.page.changed();
  await m.settle();
  assert.equal(m.tracks.length, 5, 'the page is seen again');
  m.page.devices();
  await m.hear(1000, true);
  assert.equal(m.tracks.length, 6, 'other devices are there');
  await m.hear(60_000, true);
  assert.equal(m.tracks.length, 6);
  await m.hear(500, false);
  assert.equal(m.events.at(-1), 'hears');
  await m.hear(6000, true);
  assert.equal(m.tracks.length, 7, 'a microphone that was heard has its three attempts again');
});

test('a hidden page does not ask; it does when it is seen again', async () => {
  const m = await microphone();
  m.page.hidden = true;
  m.page.changed();
  m.tracks[0].muted = true;
  m.tracks[0].onmute();
  await m.hear(30_000, true);
  assert.equal(m.tracks.length, 1);
  m.page.hidden = false;
  m.page.changed();
  await m.settle();
  assert.equal(m.tracks.length, 2);
});

test('a page that hears is not disturbed by being hidden and seen', async () => {
  const m = await microphone();
  await m.hear(1000, false);
  m.page.changed();
  m.page.devices();
  await m.hear(1000, false);
  assert.equal(m.tracks.length, 1);
});

test('who muted it themselves is not asked', async () => {
  const m = await microphone();
  m.microphone.mute(true);
  m.tracks[0].muted = true;
  m.tracks[0].onmute();
  await m.hear(30_000, true);
  assert.equal(m.tracks.length, 1);
  assert.deepEqual(m.events, []);
});

test('a failed repair is repeated, and its problem is cleared afterwards', async () => {
  const m = await microphone();
  m.tracks[0].muted = true;
  m.tracks[0].onmute();
  m.page.refused = 'NotReadableError';
  await m.hear(2500, true);
  assert.ok(m.events.includes('microphone.busy'));
  m.page.refused = '';
  await m.hear(2500, true);
  assert.equal(m.events.at(-1), 'no problem');
  assert.equal(m.tracks.length, 2);
});

test('a suspended capture context is reported, and resumed by a gesture in any state', async () => {
  for (const state of ['suspended', 'interrupted']) {
    const m = await microphone();
    m.context.state = state;
    m.clock.advance(1000);
    assert.deepEqual(m.events, []);
    m.clock.advance(1000);
    assert.deepEqual(m.events, ['blocked']);
    m.context.resumed = 0;
    m.microphone.resume();
    assert.equal(m.context.resumed, 1, state);
    m.context.state = 'running';
    m.clock.advance(500);
    assert.deepEqual(m.events, ['blocked', 'free']);
  }
});

test('a microphone that is closed asks for nothing more', async () => {
  const m = await microphone();
  m.tracks[0].muted = true;
  m.tracks[0].onmute();
  m.microphone.close();
  m.page.changed();
  m.clock.advance(60_000);
  await m.settle();
  assert.equal(m.tracks.length, 1);
  assert.equal(m.tracks[0].onmute, null);
});

test('sound that the browser keeps off is resumed by a gesture in every state that offers it', () => {
  for (const state of ['suspended', 'interrupted']) {
    const clock = new FakeClock();
    const context = new FakeContext();
    /** @type {boolean[]} */
    const blocked = [];
    const speaker = new Speaker(
      /** @type {any} */ (context),
      /** @type {any} */ ({ clock }),
      /** @type {any} */ ({ onBlocked: (/** @type {boolean} */ value) => blocked.push(value) }),
    );
    context.become(state);
    clock.advance(2000);
    assert.equal(blocked.at(-1), true, `${state}: the button is there`);
    context.resumed = 0;
    speaker.resume();
    assert.equal(context.resumed, 1, `${state}: and it does something`);
    context.become('running');
    assert.equal(blocked.at(-1), false);
    clock.advance(2000);
    assert.equal(blocked.at(-1), false);
    speaker.close();
  }
});

test('an interrupted context is not resumed without a gesture', () => {
  const clock = new FakeClock();
  const context = new FakeContext();
  const speaker = new Speaker(
    /** @type {any} */ (context),
    /** @type {any} */ ({ clock }),
    /** @type {any} */ ({ onBlocked: () => undefined }),
  );
  context.become('interrupted');
  clock.advance(10_000);
  assert.equal(context.resumed, 0);
  speaker.close();
});

test('all channels are mixed in equal parts', () => {
  const silent = new Float32Array(4);
  const voice = Float32Array.of(0.5, -0.5, 1, -1);
  const mixed = new Float32Array(4);
  assert.deepEqual([...mixDown([silent, voice], mixed)], [0.25, -0.25, 0.5, -0.5]);
  assert.deepEqual([...mixDown([voice, silent], mixed)], [0.25, -0.25, 0.5, -0.5]);
  assert.deepEqual([...mixDown([voice, voice], mixed)], [...voice], 'no louder than a channel');
  assert.equal(mixDown([voice], mixed), voice, 'nothing is copied for one channel');
  assert.equal(mixDown([silent, silent, silent, voice], new Float32Array(9)).length, 4);
});
