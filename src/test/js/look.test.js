import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from '../../main/resources/web/app/net/errors.js';
import { isSimulated, lookOf, mainAction } from '../../main/resources/web/app/state/look.js';
import { initialState } from '../../main/resources/web/app/state/machine.js';

const SESSION = { id: 's', backend: 'gemini', model: 'm', notices: [] };
const SETTINGS = { bargeIn: true };

/** @param {Partial<import('../../main/resources/web/app/state/machine.js').State>} members */
const state = (members) => ({ ...initialState(), ...members });

test('a conversation that another tab has is no failure', () => {
  const moved = state({ phase: 'failed', session: SESSION, problem: problem('moved', 'service') });
  const { look, caption } = lookOf(moved, 0, SETTINGS);
  assert.deepEqual([look, caption], ['ended', 'caption.moved']);
  assert.equal(mainAction(moved), 'continueHere');
});

test('what the person can mend is not shown as a failure of the service', () => {
  const blocked = state({ phase: 'failed', problem: problem('microphone.blocked', 'microphone') });
  const { look, caption } = lookOf(blocked, 0, SETTINGS);
  assert.deepEqual([look, caption], ['attention', 'caption.notBegun']);
  assert.equal(mainAction(blocked), 'tryAgain');
});

test('a conversation stops only if it has begun', () => {
  const captions = [null, SESSION].map(
    (session) =>
      lookOf(state({ phase: 'failed', session, problem: problem('internal', 'service') }), 0, SETTINGS).caption,
  );
  assert.deepEqual(captions, ['caption.notBegun', 'caption.failed']);
});

test('the session decides who answers; before it the configuration does', () => {
  assert.equal(isSimulated(state({}), { simulated: true }), true);
  assert.equal(isSimulated(state({ session: SESSION }), { simulated: true }), false);
  assert.equal(isSimulated(state({ session: { ...SESSION, backend: 'simulator' } }), { simulated: false }), true);
});
