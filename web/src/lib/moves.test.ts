import { beforeEach, describe, expect, it, vi } from 'vitest';
import { announcement } from './announce';
import { aGeneration, anAsset } from './fixtures';
import { tellEnd } from './endings';
import { tellMove, untellMove } from './moves';
import { emptyStudio } from './studio';
import { dismissToast, runToast, toast, toastStore, undoLast } from './toasts';

const texts = () => toastStore.get().map(({ text }) => text);
const move = (id: string, to: 'kept' | 'discarded') => ({
  asset: anAsset({ id }),
  to,
  done: Promise.resolve(true),
});

beforeEach(() => toastStore.set(() => []));

describe('quick decisions', () => {
  it('are one toast with one Undo', () => {
    const undo = vi.fn();
    for (const id of ['a', 'b', 'c']) tellMove(move(id, 'kept'), undo);
    expect(texts()).toEqual(['3 kept']);
    expect(announcement.get()).toBe('3 kept');
    const shown = toastStore.get()[0];
    expect(shown?.action?.label).toBe('Undo all');
    if (shown) runToast(shown);
    expect(undo).toHaveBeenCalledExactlyOnceWith(['a', 'b', 'c'].map((id) => move(id, 'kept')));
    expect(texts()).toEqual([]);
  });
  it('are taken back one by one by the key, the last first', () => {
    const undo = vi.fn();
    tellMove(move('a', 'kept'), undo);
    tellMove(move('b', 'discarded'), undo);
    expect(undoLast()).toBe(true);
    expect(undo).toHaveBeenLastCalledWith([move('b', 'discarded')]);
    expect(texts()).toEqual(['Kept in your library.']);
    expect(undoLast()).toBe(true);
    expect(undo).toHaveBeenLastCalledWith([move('a', 'kept')]);
    expect(texts()).toEqual([]);
    expect(undoLast()).toBe(false);
  });
  it('say what became of how many', () => {
    tellMove(move('a', 'kept'), vi.fn());
    expect(texts()).toEqual(['Kept in your library.']);
    tellMove(move('b', 'discarded'), vi.fn());
    expect(texts()).toEqual(['1 kept, 1 discarded']);
  });
  it('begin anew when the toast has gone', () => {
    tellMove(move('a', 'kept'), vi.fn());
    dismissToast(toastStore.get()[0]?.id ?? '');
    tellMove(move('b', 'discarded'), vi.fn());
    expect(texts()).toEqual(['Moved to the trash.']);
  });
  it('are told no longer when the server refuses them', () => {
    const refused = move('a', 'kept');
    tellMove(refused, vi.fn());
    tellMove(move('b', 'discarded'), vi.fn());
    const undo = vi.fn();
    untellMove(refused, undo);
    expect(texts()).toEqual(['Moved to the trash.']);
    undoLast();
    expect(undo).toHaveBeenCalledExactlyOnceWith([move('b', 'discarded')]);
    tellMove(refused, vi.fn());
    untellMove(refused, vi.fn());
    expect(texts()).toEqual([]);
  });
  it('leave what else is said alone', () => {
    toast('The disk is full.', { tone: 'danger' });
    tellMove(move('a', 'kept'), vi.fn());
    tellMove(move('b', 'kept'), vi.fn());
    expect(texts()).toEqual(['The disk is full.', '2 kept']);
  });
});

describe('the end of a generation', () => {
  const studio = { ...emptyStudio, generations: { g1: aGeneration({ state: 'running' }) } };
  beforeEach(() => announcement.set(() => ''));
  it('is announced when it is done', () => {
    tellEnd(studio, aGeneration({ state: 'succeeded' }));
    expect(announcement.get()).toBe('Ready: a fox');
  });
  it('is announced with the reason when it has failed', () => {
    tellEnd(studio, aGeneration({ state: 'failed', error: { code: 'engine_failed', detail: 'No memory.' } }));
    expect(announcement.get()).toBe('Did not work: a fox. No memory.');
  });
  it('is not announced twice, nor for what nobody waited for', () => {
    const over = { ...emptyStudio, generations: { g1: aGeneration({ state: 'succeeded' }) } };
    tellEnd(over, aGeneration({ state: 'succeeded' }));
    tellEnd(emptyStudio, aGeneration({ state: 'succeeded' }));
    tellEnd(studio, aGeneration({ state: 'running' }));
    expect(announcement.get()).toBe('');
  });
});
