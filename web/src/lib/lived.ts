const tickMs = 1_000;

/**
 * Calls `act` once the page has lived through so many seconds, asked anew each time, and answers how to stop that. A page that
 * slept, or whose timers the browser holds back, wakes up to news that came meanwhile: however long that took, it is one second,
 * so that the page does not take its own absence for somebody's silence.
 */
export function afterLiving(seconds: () => number, act: () => void): () => void {
  let lived = 0;
  const timer = setInterval(() => {
    lived++;
    if (lived < seconds()) return;
    clearInterval(timer);
    act();
  }, tickMs);
  return () => clearInterval(timer);
}
