// BullMQ in the run of loss.py: `node loss_bullmq.mjs REDIS_SOCKET MODULES LOCK_MS prepare|add COUNT|work FILE`.
// Each job has its number as its id, under which BullMQ takes it once.
import { createRequire } from "node:module";
import { join } from "node:path";
import { addAll, effect } from "./loss.mjs";

const [path, modules, lockMs, what, argument] = process.argv.slice(2);
const { Queue, Worker } = createRequire(join(modules, "package.json"))("bullmq");
const connection = { path, maxRetriesPerRequest: null, retryStrategy: () => 100 };

if (what === "add") {
    const queue = new Queue("jobs", { connection });
    queue.on("error", () => {});
    await addAll(Number(argument), (number) => queue.add("job", { number }, { jobId: `job-${number}` }));
    await queue.close();
} else if (what === "work") {
    const lock = { lockDuration: Number(lockMs), stalledInterval: Number(lockMs), maxStalledCount: 20 };
    const worker = new Worker("jobs", (job) => effect(argument, job.data.number), { connection, concurrency: 3, ...lock });
    worker.on("error", () => {});
}
