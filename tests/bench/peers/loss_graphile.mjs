// graphile-worker in the run of loss.py: `node loss_graphile.mjs CONNECTION_STRING MODULES LOCK_MS prepare|add COUNT|work
// FILE`. LOCK_MS is not used: for how long a job is locked cannot be set. A worker whose database is away ends, and is
// started again by loss.py.
import { createRequire } from "node:module";
import { join } from "node:path";
import { addAll, effect } from "./loss.mjs";

const [connectionString, modules, , what, argument] = process.argv.slice(2);
const { run, makeWorkerUtils, Logger } = createRequire(join(modules, "package.json"))("graphile-worker");
const { Pool } = createRequire(join(modules, "package.json"))("pg");
const logger = new Logger(() => () => {});
const pgPool = new Pool({ connectionString });
pgPool.on("error", () => {});

if (what === "work") {
    const runner = await run({
        pgPool, logger, concurrency: 3, noHandleSignals: true,
        taskList: { job: ({ number }) => effect(argument, number) },
    });
    await runner.promise;
} else {
    const utils = await makeWorkerUtils({ pgPool, logger });
    if (what === "prepare") await utils.migrate();
    else await addAll(Number(argument), (number) => utils.addJob("job", { number }, { jobKey: `job-${number}` }));
    await utils.release();
    await pgPool.end();
}
