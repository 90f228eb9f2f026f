const waitMsMax = 4_000;

/** Runs when the page has loaded and nothing else is to be done. */
export function whenIdle(run: () => void): void {
  const soon = () => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: waitMsMax });
    else setTimeout(run, waitMsMax / 2);
  };
  if (document.readyState === 'complete') soon();
  else window.addEventListener('load', soon, { once: true });
}

/** By then a first screen has its pictures even over a slow network; what nobody waits for stays out of its way. */
const firstScreenMs = 2_000;

export function afterFirstScreen(run: () => void): void {
  whenIdle(() => setTimeout(() => whenIdle(run), firstScreenMs));
}
