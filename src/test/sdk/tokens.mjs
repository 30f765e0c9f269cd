// Creates ephemeral tokens through Google's own SDK in all three forms of a lock, talks with them, and lists the models.
// Prints what came of it as one line of JSON. Arguments: the service's address, the name of the SDK's package, an API key with
// the role to issue tokens. Ends by itself after 60 seconds.
const [baseUrl, sdk, apiKey] = process.argv.slice(2);
const { GoogleGenAI, Modality } = await import(sdk);

const MODEL = 'gemini-3.8-live';
const ECHO = 'livebridge-simulator: echo';
const SOUND = Buffer.from('livebridge'.repeat(32)).toString('base64');
const deadline = setTimeout(() => finish('nothing happened for 60 seconds'), 60_000);
const result = { tokens: [], answers: {}, refused: '', models: [], pages: 0, one: '' };

function finish(error) {
  clearTimeout(deadline);
  console.log(JSON.stringify({ ...result, error: error ?? null }));
  process.exit(error ? 1 : 0);
}

// docs:create
const server = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });

async function create(config) {
  const token = await server.authTokens.create({ config });
  return token.name;
}
// docs:end

/** Talks with a token and returns the sound of the answer to SOUND, or '' if the answer is another. */
async function talk(token, systemInstruction) {
  // docs:connect
  const client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl } });
  // docs:end
  let session;
  const heard = await new Promise((resolve, reject) => {
    let sound = '';
    client.live
      .connect({
        model: MODEL,
        config: { responseModalities: [Modality.AUDIO], systemInstruction },
        callbacks: {
          onmessage(message) {
            if (message.setupComplete) {
              // The promise of connect() may be settled later.
              setTimeout(() => {
                session.sendRealtimeInput({ audio: { data: SOUND, mimeType: 'audio/pcm;rate=16000' } });
                session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'thanks' }] }], turnComplete: true });
              }, 50);
            }
            for (const part of message.serverContent?.modelTurn?.parts ?? []) sound += part.inlineData?.data ?? '';
            if (sound) resolve(sound);
          },
          onerror: (event) => reject(new Error(event.message)),
          onclose: (event) => reject(new Error(`closed: ${event.code} ${event.reason}`)),
        },
      })
      .then((connected) => {
        session = connected;
      }, reject);
  });
  session.close();
  return heard.startsWith(SOUND.slice(0, 8)) ? 'echo' : 'speech';
}

try {
  const constraints = { model: MODEL, config: { systemInstruction: ECHO, responseModalities: [Modality.AUDIO] } };
  const forms = {
    nothing: { uses: 1 },
    everything: { uses: 1, liveConnectConstraints: constraints },
    set: { uses: 1, liveConnectConstraints: constraints, lockAdditionalFields: [] },
    fields: { uses: 1, liveConnectConstraints: constraints, lockAdditionalFields: ['temperature', 'tools'] },
  };
  for (const [form, config] of Object.entries(forms)) {
    const token = await create(config);
    result.tokens.push(token.slice(0, 'auth_tokens/'.length));
    result.answers[form] = await talk(token, 'be loud');
    if (form === 'nothing') result.refused = await talk(token).catch((error) => error.message);
  }

  const pager = await server.models.list({ config: { pageSize: 2 } });
  for (let more = true; more; more = pager.hasNextPage() && (await pager.nextPage())) {
    result.pages += 1;
    for (const model of pager.page) result.models.push(model.name);
  }
  result.one = (await server.models.get({ model: MODEL })).displayName;
  finish();
} catch (failed) {
  finish(String(failed?.message ?? failed));
}
