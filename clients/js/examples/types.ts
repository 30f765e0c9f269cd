import { LiveClient, LiveError, type Options } from 'livebridge-client';
import 'livebridge-client/element';

const options: Options = { url: 'https://live.example.com', setup: { model: 'models/gemini-3.8-live' } };
const client = new LiveClient(options);
client.on('toolCall', ({ calls }) =>
  client.respond(calls.map(({ id, name }) => ({ id, name, response: { packets: 12 } }))),
);
client.on('audio', ({ pcm }) => pcm.length);
client.on('closed', (problem) => problem?.retryAfterMs);
client.connect().catch((error: unknown) => error instanceof LiveError && error.code);

const live = document.querySelector('gemini-live');
live?.addEventListener('gl-tool', (event) => event.detail.respond([]));
if (live) live.tools = [{ name: 'stock' }];

// @ts-expect-error No such message.
client.on('sound', () => {});
// @ts-expect-error 8-bit samples.
client.sendAudio(new Uint8Array(320));
