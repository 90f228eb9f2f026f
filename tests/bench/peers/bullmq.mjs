// BullMQ as a peer: `node bullmq.mjs REDIS_SOCKET MODULES`. Speaks as graphile.mjs does.
import { createRequire } from "node:module";
import { join } from "node:path";
import { serve } from "./rounds.mjs";

const [path, modules] = process.argv.slice(2);
const { Queue, Worker } = createRequire(join(modules, "package.json"))("bullmq");

const connection = { path, maxRetriesPerRequest: null };
const queue = new Queue("jobs", { connection });
let started = () => {};
const worker = new Worker("jobs", async () => started(), { connection, concurrency: 1 });
await worker.waitUntilReady();
await serve(
    (handler) => (started = handler),
    () => queue.add("job", {}, { removeOnComplete: true }),
);
await worker.close();
await queue.close();
