// A development aid, never part of the product or of its tests: speaks enough of the API, with painted
// gradients for pictures, to work on the screens without engines. `node dev/mock_server.mjs [port]`; it
// also serves dist/ when that has been built.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paintPng } from './paint.mjs';

const port = Number(process.argv[2] ?? 8090);
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const stepMs = Number(process.env.STEP_MS ?? 250);
const csp =
  "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'";

const generations = new Map();
const assets = new Map();
const previews = new Map();
const streams = new Set();
const log = [];
const now = () => new Date().toISOString();

function emit(type, data, stored) {
  const id = stored ? log.length + 1 : null;
  if (stored) log.push({ id, type, data: JSON.stringify(data) });
  for (const stream of streams) write(stream, type, JSON.stringify(data), id);
}

function write(stream, type, data, id) {
  stream.write(`${id === null ? '' : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`);
}

const sizes = [
  { width: 512, height: 512, label: 'square' },
  { width: 448, height: 576, label: 'portrait' },
  { width: 576, height: 448, label: 'landscape' },
];

function kind(name, medium, extra = {}) {
  return {
    name,
    medium,
    available: true,
    unavailable_reason: null,
    model: 'painted',
    model_title: 'Painted gradients',
    credits: 0,
    batches: medium === 'image' ? [1, 3, 6] : [1],
    sizes: medium === 'chat' ? [] : sizes,
    steps: { min: 1, max: 40, default: 12 },
    guidance: { min: 1, max: 12, default: 4 },
    samplers: medium === 'chat' ? [] : ['euler', 'euler_a', 'dpm++2m'],
    seconds: null,
    image_to_image: medium !== 'chat',
    eta_low_ms: 3000,
    eta_high_ms: 5000,
    prompt_hint: 'Drawn things such as fox, lighthouse, robot, with a colour and a background.',
    example_prompts: ['fox on light blue background', 'red lighthouse', 'robot on yellow background'],
    ...extra,
  };
}

const missing = { available: false, unavailable_reason: 'No model for this is installed.', model: null };
const kinds = [
  kind('sdxl_image_fast', 'image'),
  kind('sdxl_image_high', 'image', { eta_low_ms: null, eta_high_ms: null }),
  kind('image_fast', 'image', { ...missing, model_title: null }),
  kind('image_high', 'image', { ...missing, model_title: null }),
  kind('video_fast', 'video'),
  kind('video_high', 'video', { ...missing, model_title: null }),
  kind('chat_enhance', 'chat'),
  kind('chat_scene', 'chat'),
  kind('chat_scenes', 'chat'),
  kind('chat_conversation', 'chat'),
  kind('chat_unrestricted', 'chat', missing),
];

function show(generation) {
  return { ...generation, assets: generation.assets.map((id) => assets.get(id)) };
}

function create(body) {
  const medium = kinds.find((one) => one.name === body.kind).medium;
  const { kind: name, batch = 1, ...settings } = body;
  delete settings.messages;
  const seed = settings.seed ?? Math.floor(Math.random() * 2 ** 32);
  const generation = {
    id: randomUUID(),
    kind: name,
    medium,
    state: 'queued',
    model: 'painted',
    settings:
      medium === 'chat'
        ? settings
        : { steps: 12, guidance: 4, sampler: 'euler', width: 512, height: 512, ...settings, seed },
    batch,
    created_at: now(),
    started_at: null,
    ended_at: null,
    credits: 0,
    error: null,
    text: medium === 'chat' ? '' : null,
    hint: /unicorn/.test(body.prompt ?? '') ? 'The built-in model does not know the word “unicorn”.' : null,
    progress: null,
    assets: [],
  };
  generations.set(generation.id, generation);
  emit('generation', show(generation), true);
  queue.push(generation);
  void pump();
  return generation;
}

const queue = [];
let busy = false;

async function pump() {
  if (busy) return;
  busy = true;
  while (queue.length > 0) {
    queue.forEach((one, index) => progress(one, { phase: 'queued', queue_position: index }));
    const generation = queue.shift();
    if (generation.state === 'canceled') continue;
    generation.state = 'running';
    generation.started_at = now();
    emit('generation', show(generation), true);
    await (generation.medium === 'chat' ? talk(generation) : draw(generation));
  }
  busy = false;
}

function progress(generation, change) {
  generation.progress = {
    generation_id: generation.id,
    queue_position: null,
    phase: 'sampling',
    fraction: 0,
    position: 0,
    step: null,
    steps: null,
    eta_low_ms: null,
    eta_high_ms: null,
    preview_url: null,
    ...generation.progress,
    ...change,
  };
  emit('progress', generation.progress, false);
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function finish(generation, state, change = {}) {
  if (generation.state === 'canceled') return;
  Object.assign(generation, { state, ended_at: now(), progress: null, ...change });
  emit('generation', show(generation), true);
}

async function draw(generation) {
  const { steps, seed, width, height, prompt } = generation.settings;
  const failed = { code: 'engine_failed', detail: 'The engine ran out of memory while loading the model.' };
  progress(generation, { phase: 'loading', queue_position: null });
  await wait(stepMs);
  if (/broken/.test(prompt)) return finish(generation, 'failed', { error: failed });
  for (let position = 0; position < generation.batch; position++) {
    for (let step = 1; step <= steps; step++) {
      await wait(stepMs);
      if (generation.state === 'canceled') return;
      const done = (position + step / steps) / generation.batch;
      previews.set(generation.id, paintPng(seed + position, 64, 64 * (height / width), 1 - step / steps));
      const left = (1 - done) * generation.batch * steps * stepMs;
      progress(generation, {
        phase: 'sampling',
        position,
        step,
        steps,
        fraction: done,
        eta_low_ms: left,
        eta_high_ms: left * 1.4,
        preview_url: `/api/v1/generations/${generation.id}/preview?n=${position}-${step}`,
      });
    }
    addAsset(generation, position);
  }
  finish(generation, 'succeeded');
}

function addAsset(generation, position) {
  const { width, height, seed, prompt } = generation.settings;
  const id = randomUUID();
  const held = /held/.test(prompt);
  const base = `/api/v1/assets/${id}/content`;
  const asset = {
    id,
    generation_id: generation.id,
    position,
    medium: 'image',
    state: 'staging',
    content_type: 'image/png',
    width,
    height,
    duration_ms: null,
    bytes: 123_456,
    seed: seed + position,
    recipe: { model: 'painted', engine: 'paint.mjs', settings: generation.settings },
    created_at: now(),
    verdict: held
      ? {
          decision: 'hold',
          sentence: 'A check is not sure about this result, so a person has to look at it.',
        }
      : { decision: 'allow' },
    links: held
      ? {}
      : {
          original: base,
          thumbnail: `${base}?variant=thumbnail`,
          download: `${base}?download=true`,
        },
  };
  assets.set(id, asset);
  generation.assets.push(id);
  emit('asset', asset, true);
}

async function talk(generation) {
  const words =
    'A fox sits on a hill above the sea, its coat warm in the evening light, while a small lighthouse begins to turn. ';
  generation.text = '';
  for (const word of words.repeat(2).match(/\S+\s*/g)) {
    await wait(stepMs / 4);
    if (generation.state === 'canceled') return;
    emit(
      'text',
      { generation_id: generation.id, offset: Buffer.byteLength(generation.text), text: word },
      false,
    );
    generation.text += word;
  }
  finish(generation, 'succeeded');
}

function cancel(generation) {
  if (['queued', 'running'].includes(generation.state)) {
    Object.assign(generation, { state: 'canceled', ended_at: now(), progress: null });
    emit('generation', show(generation), true);
  }
  return show(generation);
}

function moveAsset(asset, state) {
  asset.state = state;
  emit('asset', asset, true);
  return asset;
}

function page(items, url) {
  const limit = Number(url.searchParams.get('limit') ?? 50);
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const sorted = [...items].sort((a, b) => b.created_at.localeCompare(a.created_at));
  const end = from + limit;
  return { items: sorted.slice(from, end), next_cursor: end < sorted.length ? String(end) : null };
}

function openStream(request, response, url) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const after = request.headers['last-event-id'] ?? url.searchParams.get('after');
  write(response, 'hello', JSON.stringify({ last_event_id: log.length }), null);
  if (after) for (const event of log.slice(Number(after))) write(response, event.type, event.data, event.id);
  for (const one of generations.values()) {
    if (one.progress) write(response, 'progress', JSON.stringify(one.progress), null);
    if (one.medium === 'chat' && one.state === 'running') {
      const text = { generation_id: one.id, offset: 0, text: one.text };
      write(response, 'text', JSON.stringify(text), null);
    }
  }
  streams.add(response);
  request.on('close', () => streams.delete(response));
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sendJson = (response, body, status = 200) => {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
};

const sendProblem = (response, status, code, detail, field) => {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail, field }));
};

const health = {
  status: 'ok',
  version: '0.1.0-mock',
  started_at: now(),
  parts: [
    { name: 'database', ok: true, detail: 'SQLite in memory' },
    { name: 'node', ok: true, detail: 'painting gradients' },
    { name: 'worker:video:0', ok: false, detail: 'not started' },
  ],
  queue: { queued: 0, running: 0, dead: 0 },
};

const models = [
  {
    name: 'painted',
    title: 'Painted gradients',
    family: 'none',
    engine: 'diffusion',
    licence: 'CC0',
    installed: true,
    missing: [],
    bytes: 17_000_000,
    memory_mb: 60,
    kinds: ['sdxl_image_fast', 'sdxl_image_high'],
    serves: ['sdxl_image_fast', 'sdxl_image_high'],
  },
  {
    name: 'wan',
    title: 'Wan 2.1 T2V 1.3B',
    family: 'wan',
    engine: 'diffusion',
    licence: 'Apache-2.0',
    installed: false,
    missing: ['wan2.1-t2v-1.3b.safetensors', 'umt5-xxl-q8_0.gguf'],
    bytes: 9_000_000_000,
    memory_mb: 30_000,
    kinds: ['image_fast', 'image_high', 'video_fast', 'video_high'],
    serves: [],
  },
];

async function postGeneration(request, response) {
  const body = JSON.parse(String(await readBody(request)));
  if (body.prompt === 'refused') {
    return sendProblem(response, 422, 'refused', 'These words cannot be used here.', 'prompt');
  }
  if (body.steps === 13) return sendProblem(response, 422, 'invalid_field', 'Not 13.', 'steps');
  sendJson(response, show(create(body)), 202);
}

const assetStates = { keep: 'kept', discard: 'discarded', restore: 'staging' };

async function answer(request, response) {
  const url = new URL(request.url, 'http://mock');
  const [, , , place, id, verb] = url.pathname.split('/');
  const found = place === 'generations' ? generations.get(id) : assets.get(id);
  if (place === 'events') return openStream(request, response, url);
  if (place === 'runs') return sendJson(response, { items: [], next_cursor: null });
  if (place === 'kinds') return sendJson(response, { items: kinds });
  if (place === 'models') return sendJson(response, { items: models });
  if (place === 'health') return sendJson(response, health);
  if (id && !found) return sendProblem(response, 404, 'not_found', 'There is no such thing.');
  if (place === 'generations') {
    if (request.method === 'POST' && !id) return postGeneration(request, response);
    if (verb === 'cancel') return sendJson(response, cancel(found));
    if (verb === 'preview') return response.end(previews.get(id));
    if (id) return sendJson(response, show(found));
    const active = url.searchParams.get('active') === 'true';
    const chosen = [...generations.values()].filter((one) => !active || /queued|running/.test(one.state));
    return sendJson(response, page(chosen.map(show), url));
  }
  if (request.method === 'POST' && !id) {
    return sendProblem(response, 409, 'held', 'Uploads are held until the upload checks are installed.');
  }
  if (verb === 'content') {
    const side = url.searchParams.get('variant') === 'thumbnail' ? 0.5 : 1;
    response.writeHead(200, { 'Content-Type': 'image/png', 'Cache-Control': 'max-age=3600' });
    return response.end(paintPng(found.seed, found.width * side, found.height * side, 0));
  }
  if (verb) return sendJson(response, moveAsset(found, assetStates[verb]));
  if (id) return sendJson(response, found);
  const state = url.searchParams.get('state');
  sendJson(
    response,
    page(
      [...assets.values()].filter((one) => !state || one.state === state),
      url,
    ),
  );
}

const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

async function serveFile(request, response) {
  const path = new URL(request.url, 'http://mock').pathname;
  const file = extname(path) === '' ? 'index.html' : path;
  const body = await readFile(join(dist, file)).catch(() => null);
  response.writeHead(body ? 200 : 404, {
    'Content-Type': types[extname(file)] ?? 'text/plain',
    'Content-Security-Policy': csp,
  });
  response.end(body ?? '');
}

createServer((request, response) => {
  const handle = request.url.startsWith('/api/') ? answer : serveFile;
  handle(request, response).catch((error) => sendProblem(response, 500, 'internal', String(error)));
}).listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port}`));
