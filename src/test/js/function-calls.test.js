import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FunctionCalls } from '../../main/resources/web/app/conversation/function-calls.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';

/** @param {{answered?: boolean}} [how] */
function functions({ answered = true } = {}) {
  const transcript = new Transcript(() => 0);
  /** @type {object[]} */
  const sent = [];
  const service = { ready: true };
  const connection = /** @type {import('../../main/resources/web/app/net/connection.js').Connection} */ (
    /** @type {unknown} */ ({
      send(/** @type {object} */ message) {
        if (service.ready) sent.push(message);
        return service.ready;
      },
    })
  );
  const calls = new FunctionCalls({
    transcript,
    connection: () => connection,
    offer: () => answered,
    changed: () => undefined,
  });
  for (const id of ['a', 'b']) transcript.toolCall(1, { id, name: 'f', args: {} });
  const result = (/** @type {string} */ id, value = 1) => ({ id, name: 'f', response: { value } });
  return { calls, transcript, sent, service, result };
}

test('an unanswered call gets an error response', () => {
  const f = functions({ answered: false });
  f.calls.onCalls([{ id: 'a', name: 'f', args: {} }]);
  assert.equal(f.sent.length, 1);
});

test('each call is answered once', () => {
  const f = functions();
  f.calls.respond([f.result('a')]);
  f.calls.respond([f.result('a', 2), f.result('b')]);
  f.calls.respond([f.result('b', 3)]);
  assert.deepEqual(f.sent, [
    { toolResponse: { functionResponses: [f.result('a')] } },
    { toolResponse: { functionResponses: [f.result('b')] } },
  ]);
  assert.deepEqual(f.transcript.items[0].tool?.result, { value: 1 });
});

test('a result that is ready while the connection is gone goes along when the conversation is there again', () => {
  const f = functions();
  f.service.ready = false;
  f.calls.respond([f.result('a')]);
  assert.deepEqual(f.sent, []);
  f.service.ready = true;
  f.calls.ready(true);
  f.calls.ready(true);
  assert.deepEqual(f.sent, [{ toolResponse: { functionResponses: [f.result('a')] } }]);
});

test('a new conversation gets no results of the former one', () => {
  const f = functions();
  f.service.ready = false;
  f.calls.respond([f.result('a')]);
  f.service.ready = true;
  f.calls.ready(false);
  assert.deepEqual(f.sent, []);
  f.calls.respond([f.result('a')]);
  assert.equal(f.sent.length, 1, 'numbers may come again');
});

test('a result that can not be written is not shown as given', () => {
  const f = functions();
  f.calls.respond([f.result('b')]);
  const connection = { send: (/** @type {object} */ message) => JSON.stringify(message) !== '' };
  const calls = new FunctionCalls({
    transcript: f.transcript,
    connection: () =>
      /** @type {import('../../main/resources/web/app/net/connection.js').Connection} */ (
        /** @type {unknown} */ (connection)
      ),
    offer: () => true,
    changed: () => undefined,
  });
  assert.throws(() => calls.respond([{ id: 'a', name: 'f', response: { value: 1n } }]), TypeError);
  assert.equal(f.transcript.items[0].tool?.result, undefined);
});
