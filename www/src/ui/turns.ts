/** Work that can wait a little: some of it after each picture of the page, so that none of it holds the page up for long. */
import { tick } from 'svelte';

/** What is worked on after one picture, in milliseconds: a piece that takes longer has a turn of its own. */
const TURN_MS = 4;

const waiting: (() => void)[] = [];
let running = false;
/** Where the next piece is put: what is made of a piece comes before what stands behind it. */
let place = Infinity;

/** A page that is not looked at has no pictures: then it goes on by the clock. */
function pictured(): Promise<void> {
  return new Promise((resolve) => {
    const clock = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(clock);
      setTimeout(resolve);
    });
  });
}

async function run(): Promise<void> {
  running = true;
  while (waiting.length > 0) {
    await pictured();
    const begin = performance.now();
    while (waiting.length > 0 && performance.now() - begin < TURN_MS) await next();
  }
  running = false;
}

/** One piece, until it stands in the page. */
async function next(): Promise<void> {
  place = 0;
  waiting.shift()?.();
  await tick();
  place = Infinity;
}

/** Does it when its turn comes, or after all else that waits now; returns the way to let it be. */
export function inTurn(work: () => void, late = false): () => void {
  waiting.splice(late ? waiting.length : place, 0, work);
  if (!late) place += 1;
  if (!running) void run();
  return () => {
    const at = waiting.indexOf(work);
    if (at < 0) return;
    waiting.splice(at, 1);
    if (at < place) place -= 1;
  };
}
