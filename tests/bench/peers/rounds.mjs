// The measuring loop that the peers share.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const IDLE_MS = 20; // so that the worker waits for work again, as ours does

export async function serve(onStart, add) {
    console.log("ready");
    for await (const line of createInterface({ input: process.stdin })) {
        const times = [];
        for (let left = Number(line); left > 0; left -= 1) {
            const start = new Promise((resolve) => onStart(() => resolve(performance.now())));
            const called = performance.now();
            await add();
            const answered = performance.now();
            const started = await start;
            times.push([started - called, started - answered]);
            await sleep(IDLE_MS);
        }
        console.log(JSON.stringify(times));
    }
}
