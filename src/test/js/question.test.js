import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openQuestion } from '../../main/resources/web/app/state/question.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';

const transcript = () => new Transcript(() => 0);

test('the open question is the last one, typed or spoken, and not one that was answered', () => {
  const t = transcript();
  assert.equal(openQuestion(t.items), '');
  t.typed(0, 'Two and two?');
  assert.equal(openQuestion(t.items), 'Two and two?');
  t.model(1, 'Four.');
  t.turnOver(1);
  assert.equal(openQuestion(t.items), '', 'it has been answered');
  t.user(2, 'And three', { interim: true });
  assert.equal(openQuestion(t.items), 'And three');
  t.user(2, 'And three and three?');
  assert.equal(openQuestion(t.items), 'And three and three?');
  t.notice(2, 'notice.rebuilt');
  assert.equal(openQuestion(t.items), 'And three and three?');
  t.typed(2, 'Please.');
  assert.equal(openQuestion(t.items), 'Please.');
});

test('a function call is an answer for the time being', () => {
  const t = transcript();
  t.typed(0, 'The weather?');
  t.toolCall(1, { id: 'a', name: 'f', args: {} });
  assert.equal(openQuestion(t.items), '');
});
