import { replaceEqualDeep, type QueryClient } from '@tanstack/react-query';
import { api, ProblemError } from '@/api/client';
import type { AssetPage, Generation, Run } from '@/api/types';
import { fromBase } from './base';
import { showInLibrary } from './apply_event';
import { noteEnd } from './canceling';
import { dropConversation, foldConversation, readConversationsAgain } from './conversations';
import { tellEnd } from './endings';
import { EventParser, type StreamEvent } from './event_stream';
import { firstLists, readActive, readNewestRuns } from './first_screen';
import { afterLiving } from './lived';
import { tellWhatWasPutAway } from './put_away';
import { queryKeys } from './query_keys';
import { Store } from './store';
import { emptyStudio, fold, fromLists, readEvent, type Studio, type StudioEvent } from './studio';

/** `lost` begins with the first failed connection, or with one that is there and says nothing: `silent`. */
type Connection = { state: 'connecting' } | { state: 'live' } | { state: 'lost'; silent: boolean };

export const connection = new Store<Connection>({ state: 'connecting' });

function lose(silent: boolean): void {
  connection.set((now) => (now.state === 'lost' && now.silent === silent ? now : { state: 'lost', silent }));
}

const retryMsMin = 400;
const retryMsMax = 8_000;
/** A stream shows every four seconds that it is there. One that has been silent for longer is cut and opened again, without a gap. */
const silenceSeconds = { seen: 9, hidden: 60 };
const fellSilent = Symbol('fell silent');
/** A studio that has not begun to speak by then is said to be away; it may still begin. */
const firstWordSeconds = 4;
/** By then it is asked again. */
const firstWordSecondsMax = 15;
const drawnEveryMs = 100;
const recentGenerations = 60;
const stagingPage = 100;
const openRuns = 50;

/** Of a choice that has waited for long: its drafts, which no other list has any more. */
async function readDrafts(runs: readonly Run[], seen: readonly Generation[]): Promise<Generation[]> {
  const known = new Set(seen.map(({ id }) => id));
  const steps = runs.flatMap((run) => run.steps.map((step) => step.generation_id));
  const read = async (id: string) => {
    try {
      return [await api.generation(id)];
    } catch (error) {
      // One that cannot be had is no reason to show nothing at all.
      if (error instanceof ProblemError) return [];
      throw error;
    }
  };
  return (await Promise.all(steps.filter((id) => !known.has(id)).map(read))).flat();
}

/** Keeps the query cache equal to the server: reads the lists once, then folds every event into them. */
export class LiveStudio {
  private lastEventId: string | null = null;
  private stopped = false;
  private retryMs = retryMsMin;
  private knowsPast = false;
  private abort = new AbortController();
  /** Events that arrive while the lists are being read; they are folded in afterwards. */
  private waiting: StudioEvent[] | null = null;
  private wake: (() => void) | null = null;
  /** Taken, and to be applied at once or with what comes next. */
  private taken: StudioEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly cache: QueryClient) {}

  start(): () => void {
    const wakeUp = () => this.wake?.();
    window.addEventListener('online', wakeUp);
    document.addEventListener('visibilitychange', wakeUp);
    void this.showFirst();
    void this.run();
    return () => {
      this.stopped = true;
      this.abort.abort();
      this.wake?.();
      window.removeEventListener('online', wakeUp);
      document.removeEventListener('visibilitychange', wakeUp);
    };
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      try {
        await this.readStream();
      } catch {
        // Whatever cut the stream, the answer is the same: connect again and resume.
      }
      if (this.isStopped()) return;
      // That connection may be all that is broken: nobody is told unless the next one says nothing either.
      if (this.abort.signal.reason === fellSilent) continue;
      lose(this.abort.signal.aborted);
      await this.pause();
    }
  }

  private isStopped(): boolean {
    return this.stopped;
  }

  private async pause(): Promise<void> {
    const ms = this.retryMs * (0.75 + Math.random() / 2);
    this.retryMs = Math.min(this.retryMs * 2, retryMsMax);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  private async readStream(): Promise<void> {
    this.abort = new AbortController();
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.lastEventId !== null) headers['Last-Event-ID'] = this.lastEventId;
    const spoke = afterLiving(
      () => firstWordSeconds,
      () => lose(true),
    );
    let stopWatching = afterLiving(
      () => firstWordSecondsMax,
      () => this.abort.abort(),
    );
    try {
      const response = await fetch(fromBase('/api/v1/events'), {
        headers,
        cache: 'no-store',
        signal: this.abort.signal,
      });
      if (!response.ok || !response.body) throw new Error('no stream');
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new EventParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        spoke();
        stopWatching();
        stopWatching = this.watch();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) this.take(event);
        this.applySoon();
      }
    } finally {
      spoke();
      stopWatching();
    }
  }

  private watch(): () => void {
    const { seen, hidden } = silenceSeconds;
    const seconds = () => (document.visibilityState === 'visible' ? seen : hidden);
    return afterLiving(seconds, () => this.abort.abort(fellSilent));
  }

  private take(event: StreamEvent): void {
    if (event.id !== null) this.lastEventId = event.id;
    if (event.type === 'hello') return this.greet(event.data);
    if (event.type === 'reset') return void this.readLists();
    const meaning = readEvent(event.type, event.data);
    if (!meaning) return;
    (this.waiting ?? this.taken).push(meaning);
  }

  /** Words and progress may come faster than a phone can draw them: those wait a little and are drawn together. */
  private applySoon(): void {
    if (this.taken.every(({ type }) => type === 'text' || type === 'progress')) {
      this.timer ??= setTimeout(() => this.applyTaken(), drawnEveryMs);
    } else {
      this.applyTaken();
    }
  }

  private applyTaken(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const events = this.taken;
    this.taken = [];
    this.apply(events);
  }

  private greet(data: string): void {
    const resuming = this.lastEventId !== null;
    if (!resuming) {
      const newest = (JSON.parse(data) as { last_event_id?: number }).last_event_id;
      if (newest !== undefined) this.lastEventId = String(newest);
    }
    this.retryMs = retryMsMin;
    const wasLost = connection.get().state === 'lost';
    connection.set(() => ({ state: 'live' }));
    if (!resuming || this.cache.getQueryData(queryKeys.studio) === undefined) void this.readLists();
    if (!wasLost) return;
    void this.cache.invalidateQueries({ queryKey: queryKeys.server });
    readConversationsAgain(this.cache);
  }

  private show(generations: readonly Generation[], staging: AssetPage, runs: readonly Run[]): void {
    this.cache.setQueryData<Studio>(queryKeys.studio, (before) => {
      const now = fromLists(before ?? emptyStudio, generations, runs, staging);
      // What is the same stays the same object, and is not drawn again.
      return replaceEqualDeep(before, now);
    });
  }

  /** A first screen without waiting for the stream. Events may have been missed before that begins, so all is read again then. */
  private async showFirst(): Promise<void> {
    try {
      const [active, staging, runs] = await firstLists;
      if (this.cache.getQueryData(queryKeys.studio) === undefined)
        this.show(active.items, staging, runs.items);
    } catch {
      // The stream tells that the studio is away.
    }
  }

  /** Used at the start, and again when the server no longer has the events that we missed. */
  private async readLists(): Promise<void> {
    if (this.waiting) return;
    this.applyTaken();
    this.waiting = [];
    try {
      const [active, staging, runs, open] = await Promise.all([
        readActive(),
        api.assets({ state: 'staging', limit: stagingPage }),
        readNewestRuns(),
        api.runs({ active: true, limit: openRuns }),
      ]);
      const known = [...open.items, ...runs.items];
      // The first screen does not wait for the largest of the lists, which tells of what is over.
      if (!this.knowsPast) this.show(active.items, staging, known);
      const recent = await api.generations({ limit: recentGenerations });
      const seen = [...recent.items, ...active.items];
      const drafts = await readDrafts(open.items, seen);
      this.show([...drafts, ...seen], staging, known);
      this.knowsPast = true;
      readConversationsAgain(this.cache);
      void tellWhatWasPutAway(this.cache);
      await this.cache.invalidateQueries({ queryKey: queryKeys.library });
    } catch {
      // Without the lists the screen would lie: cut the stream, and begin again from nothing.
      this.lastEventId = null;
      this.abort.abort();
    }
    const waited = this.waiting;
    this.waiting = null;
    this.apply(waited);
  }

  private apply(events: readonly StudioEvent[]): void {
    if (events.length === 0) return;
    const before = this.cache.getQueryData<Studio>(queryKeys.studio) ?? emptyStudio;
    this.cache.setQueryData<Studio>(queryKeys.studio, events.reduce<Studio>(fold, before));
    for (const event of events) {
      showInLibrary(this.cache, event);
      if (event.type === 'conversation') foldConversation(this.cache, event.conversation);
      if (event.type === 'gone' && event.name === 'conversation') dropConversation(this.cache, event.id);
      if (event.type !== 'generation') continue;
      noteEnd(event.generation);
      tellEnd(before, event.generation);
    }
  }
}
