import { beforeEach, describe, expect, it } from 'vitest';
import { changeDraft, draftStore, emptyDraft } from './draft';
import { bringBackDraft, earlierDraft, isJustReplaced, putEarlierAway, replaceDraft } from './draft_history';

beforeEach(() => {
  draftStore.set(() => emptyDraft);
  putEarlierAway();
});

describe('what the composer held', () => {
  it('comes back whole', () => {
    changeDraft({ prompt: 'half wri', seed: '7' });
    const before = draftStore.get();
    replaceDraft((draft) => ({ ...draft, prompt: 'a fox', seed: '1', steps: 20 }));
    expect(draftStore.get().prompt).toBe('a fox');
    bringBackDraft();
    expect(draftStore.get()).toEqual(before);
    expect(earlierDraft.get()).toBeNull();
  });
  it('is not kept when nothing of a person is lost', () => {
    replaceDraft((draft) => ({ ...draft, prompt: 'a fox' }));
    expect(earlierDraft.get()).toBeNull();
    replaceDraft((draft) => ({ ...draft, seed: '3' }));
    expect(earlierDraft.get()).toBeNull();
  });
  it('is kept when only a setting is lost', () => {
    changeDraft({ negativePrompt: 'text' });
    replaceDraft((draft) => ({ ...draft, negativePrompt: '' }));
    expect(earlierDraft.get()?.draft.negativePrompt).toBe('text');
  });
  it('takes turns with what was written since', () => {
    changeDraft({ prompt: 'half wri' });
    replaceDraft((draft) => ({ ...draft, prompt: 'a fox' }));
    changeDraft({ prompt: 'a fox in snow' });
    bringBackDraft();
    expect(draftStore.get().prompt).toBe('half wri');
    bringBackDraft();
    expect(draftStore.get().prompt).toBe('a fox in snow');
  });
  it('is meant by Ctrl+Z until the new words are changed', () => {
    changeDraft({ prompt: 'half wri' });
    replaceDraft((draft) => ({ ...draft, prompt: 'a fox' }));
    expect(isJustReplaced()).toBe(true);
    changeDraft({ prompt: 'a fox in snow' });
    expect(isJustReplaced()).toBe(false);
  });
});
