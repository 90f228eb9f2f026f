import { expect, it } from 'vitest';
import { nothingSent, reduceSending, type SendingAction } from './sending';

const outgoing = { text: 'Hello', parentId: null, stop: false, silent: false };
const after = (...actions: SendingAction[]) => actions.reduce(reduceSending, nothingSent);
const begin: SendingAction = { type: 'begin', place: 'new', outgoing };

it('stop is remembered until there is something to stop, also when the conversation has only begun', () => {
  const state = after(begin, { type: 'stop', place: 'new' }, { type: 'move', from: 'new', to: 'c' });
  expect(state.outgoing).toEqual({ c: { ...outgoing, stop: true } });
  expect(after({ type: 'stop', place: 'c' })).toEqual(nothingSent);
});

it('what has an answer is not on its way any more, and what has failed says why until it is sent again', () => {
  const fault = { text: 'No.', unsure: null };
  const failed = after(begin, { type: 'end', place: 'new', fault });
  expect(failed).toEqual({ outgoing: {}, faults: { new: fault } });
  expect(reduceSending(failed, begin).faults).toEqual({});
  expect(reduceSending(failed, { type: 'forgive', place: 'new' })).toEqual(nothingSent);
  expect(after(begin, { type: 'end', place: 'new', fault: null })).toEqual(nothingSent);
});
