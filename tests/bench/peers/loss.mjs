// What both peers of loss.py do: add each job until it is answered, and have its effect.
import { appendFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const WORK_MS = 60;
const AGAIN_MS = 100;
const SIDE_BY_SIDE = 8;

// Each number from 0 to count - 1 is written to the standard output once `add` has answered.
export async function addAll(count, add) {
    let next = 0;
    const lane = async () => {
        for (let number = next++; number < count; number = next++) {
            while (!(await add(number).then(() => true, () => false))) await sleep(AGAIN_MS);
            writeSync(1, `${number}\n`);
        }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
}

export async function effect(file, number) {
    await sleep(WORK_MS);
    appendFileSync(file, `${number}\n`);
}
