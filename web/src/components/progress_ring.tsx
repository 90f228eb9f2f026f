/** A thin ring around the middle of a tile; `fraction` from 0 to 1. */
export function ProgressRing({ fraction, label }: { fraction: number; label: string }) {
  const radius = 21;
  const length = 2 * Math.PI * radius;
  const shown = Math.min(1, Math.max(0, fraction));
  return (
    <svg
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shown * 100)}
      viewBox="0 0 48 48"
      className="size-12 -rotate-90"
    >
      <circle cx="24" cy="24" r="23" className="fill-scrim" />
      <circle cx="24" cy="24" r={radius} fill="none" strokeWidth="2.5" className="stroke-on-scrim/25" />
      <circle
        cx="24"
        cy="24"
        r={radius}
        fill="none"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray={length}
        strokeDashoffset={length * (1 - shown)}
        className="stroke-accent transition-[stroke-dashoffset] duration-200"
      />
    </svg>
  );
}
