// graphile-worker as a peer: `node graphile.mjs CONNECTION_STRING MODULES`. For each line "N" on the standard input it
// adds N jobs, one at a time to an idle worker, and prints [[milliseconds from the call to the handler's start,
// milliseconds from the answer to the handler's start], …] as one line.
import { createRequire } from "node:module";
import { join } from "node:path";
import { serve } from "./rounds.mjs";

const [connectionString, modules] = process.argv.slice(2);
const { run, makeWorkerUtils, Logger } = createRequire(join(modules, "package.json"))("graphile-worker");

const logger = new Logger(() => () => {});
const utils = await makeWorkerUtils({ connectionString, logger });
await utils.migrate();
let started = () => {};
const runner = await run({ connectionString, logger, concurrency: 1, taskList: { job: async () => started() } });
await serve(
    (handler) => (started = handler),
    () => utils.addJob("job", {}),
);
await runner.stop();
await utils.release();
