import { fromBase, linksFromBase } from '@/lib/base';
import { afterLiving } from '@/lib/lived';
import type {
  Asset,
  AssetPage,
  AssetState,
  Conversation,
  ConversationChange,
  ConversationPage,
  Deleted,
  Generation,
  GenerationEdit,
  GenerationPage,
  Health,
  KindList,
  Ledger,
  ModelList,
  NewConversation,
  NewGeneration,
  NewMessage,
  Problem,
  Run,
  RunPage,
  RunRequest,
  SentMessage,
  Trash,
  WholeConversation,
} from './types';

/** The server answered, and the answer was no. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }
}

/** No answer came, at all or in time: the server is gone, or stands still, or the network is gone. */
export class UnreachableError extends Error {
  constructor() {
    super('unreachable');
    this.name = 'UnreachableError';
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

async function readProblem(response: Response): Promise<Error> {
  try {
    const body: unknown = await response.json();
    if (isProblem(body)) return new ProblemError(body);
  } catch {
    // Not our server's words: a proxy in between has answered.
  }
  return new UnreachableError();
}

/** How long the studio may be silent before a request counts as unanswered. What changes something is answered at once. */
const silenceSecondsMax = { reading: 30, changing: 10 };
/** An upload has the time that it takes on a line as slow as this. */
const slowBytesPerSecond = 32_000;

function silenceSeconds(method: string, body: RequestInit['body']): number {
  if (method === 'GET') return silenceSecondsMax.reading;
  return silenceSecondsMax.changing + (body instanceof Blob ? body.size / slowBytesPerSecond : 0);
}

async function request<Answer>(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const seconds = silenceSeconds(method, init.body);
  const silence = new AbortController();
  const watch = () =>
    afterLiving(
      () => seconds,
      () => silence.abort(),
    );
  let stopWatching = watch();
  try {
    const response = await fetch(fromBase(path), { ...init, method, signal: silence.signal });
    stopWatching();
    stopWatching = watch();
    if (!response.ok) throw await readProblem(response);
    const text = await response.text();
    return JSON.parse(text === '' ? 'null' : text, linksFromBase) as Answer;
  } catch (error) {
    // Whatever else went wrong, this is not the studio's answer.
    throw error instanceof ProblemError ? error : new UnreachableError();
  } finally {
    stopWatching();
  }
}

function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

const id = encodeURIComponent;
const json = { 'Content-Type': 'application/json' };

export const api = {
  kinds: () => request<KindList>('GET', '/api/v1/kinds'),
  balance: () => request<Ledger>('GET', `/api/v1/ledger${query({ limit: 1 })}`),
  models: () => request<ModelList>('GET', '/api/v1/models'),
  health: () => request<Health>('GET', '/api/v1/health'),

  generations: (filter: {
    active?: boolean;
    medium?: 'image' | 'video' | 'chat';
    cursor?: string | null;
    limit?: number;
  }) => request<GenerationPage>('GET', `/api/v1/generations${query(filter)}`),
  generation: (generationId: string) => request<Generation>('GET', `/api/v1/generations/${id(generationId)}`),
  /** The key makes sending again safe: the same key never starts a second generation. */
  create: (body: NewGeneration, idempotencyKey: string) =>
    request<Generation>('POST', '/api/v1/generations', {
      body: JSON.stringify(body),
      headers: { ...json, 'Idempotency-Key': idempotencyKey },
    }),
  cancel: (generationId: string) =>
    request<Generation>('POST', `/api/v1/generations/${id(generationId)}/cancel`),
  pause: (generationId: string) =>
    request<Generation>('POST', `/api/v1/generations/${id(generationId)}/pause`),
  resume: (generationId: string) =>
    request<Generation>('POST', `/api/v1/generations/${id(generationId)}/resume`),
  move: (generationId: string, before: string | null) =>
    request<Generation>('POST', `/api/v1/generations/${id(generationId)}/move`, {
      body: JSON.stringify({ before }),
      headers: json,
    }),
  edit: (generationId: string, change: GenerationEdit) =>
    request<Generation>('PATCH', `/api/v1/generations/${id(generationId)}`, {
      body: JSON.stringify(change),
      headers: json,
    }),

  runs: (filter: { active?: boolean; generation_id?: string; cursor?: string | null; limit?: number }) =>
    request<RunPage>('GET', `/api/v1/runs${query(filter)}`),
  createRun: (body: RunRequest, idempotencyKey: string) =>
    request<Run>('POST', '/api/v1/runs', {
      body: JSON.stringify(body),
      headers: { ...json, 'Idempotency-Key': idempotencyKey },
    }),
  approveRun: (runId: string, assetId: string) =>
    request<Run>('POST', `/api/v1/runs/${id(runId)}/approve`, {
      body: JSON.stringify({ asset_id: assetId }),
      headers: json,
    }),
  cancelRun: (runId: string) => request<Run>('POST', `/api/v1/runs/${id(runId)}/cancel`),

  conversations: (filter: { cursor?: string | null; limit?: number }) =>
    request<ConversationPage>('GET', `/api/v1/conversations${query(filter)}`),
  conversation: (conversationId: string) =>
    request<WholeConversation>('GET', `/api/v1/conversations/${id(conversationId)}`),
  createConversation: (body: NewConversation, idempotencyKey: string) =>
    request<WholeConversation>('POST', '/api/v1/conversations', {
      body: JSON.stringify(body),
      headers: { ...json, 'Idempotency-Key': idempotencyKey },
    }),
  changeConversation: (conversationId: string, change: ConversationChange) =>
    request<Conversation>('PATCH', `/api/v1/conversations/${id(conversationId)}`, {
      body: JSON.stringify(change),
      headers: json,
    }),
  removeConversation: (conversationId: string) =>
    request<null>('DELETE', `/api/v1/conversations/${id(conversationId)}`),
  say: (conversationId: string, body: NewMessage, idempotencyKey: string) =>
    request<SentMessage>('POST', `/api/v1/conversations/${id(conversationId)}/messages`, {
      body: JSON.stringify(body),
      headers: { ...json, 'Idempotency-Key': idempotencyKey },
    }),

  assets: (filter: { state?: AssetState; cursor?: string | null; limit?: number }) =>
    request<AssetPage>('GET', `/api/v1/assets${query(filter)}`),
  keep: (assetId: string) => request<Asset>('POST', `/api/v1/assets/${id(assetId)}/keep`),
  discard: (assetId: string) => request<Asset>('POST', `/api/v1/assets/${id(assetId)}/discard`),
  restore: (assetId: string) => request<Asset>('POST', `/api/v1/assets/${id(assetId)}/restore`),
  asset: (assetId: string) => request<Asset>('GET', `/api/v1/assets/${id(assetId)}`),
  deleteForGood: (assetId: string) => request<Deleted>('DELETE', `/api/v1/assets/${id(assetId)}`),
  trash: () => request<Trash>('GET', '/api/v1/trash'),
  emptyTrash: () => request<Deleted>('DELETE', '/api/v1/trash'),
  upload: (file: Blob) =>
    request<Asset>('POST', '/api/v1/assets', { body: file, headers: { 'Content-Type': file.type } }),
};
