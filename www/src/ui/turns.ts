/** Work that can wait a little: one piece after each picture of the page, so that none of them holds it up for long. */

const waiting: (() => void)[] = [];
let running = false;

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
    waiting.shift()?.();
  }
  running = false;
}

/** Does it when its turn comes; returns the way to let it be. */
export function inTurn(work: () => void): () => void {
  waiting.push(work);
  if (!running) void run();
  return () => {
    const at = waiting.indexOf(work);
    if (at >= 0) waiting.splice(at, 1);
  };
}
