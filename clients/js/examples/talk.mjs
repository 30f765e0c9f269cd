import { LiveClient } from 'livebridge-client';
import WebSocket from 'ws';

const client = new LiveClient({ url: process.argv[2], WebSocket, setup: { outputAudioTranscription: {} } });
let samples = 0;
client.on('audio', ({ pcm }) => {
  samples += pcm.length;
});
client.on('transcript', ({ text }) => process.stdout.write(text));
client.on('turnComplete', () => client.close());
client.on('closed', (problem) => console.log(problem ? problem.id : `\n${samples} samples`));
await client.connect();
client.sendText('What is two and two?');
