interface PromptChipsProps {
  /** What they are for, before them. */
  label: string;
  chips: readonly { text: string; run: () => void }[];
}

/** What can be taken in place of what was written, with one touch. */
export function PromptChips({ label, chips }: PromptChipsProps) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex shrink-0 items-center gap-1 overflow-x-auto pb-1 text-sm lg:flex-wrap"
    >
      <span aria-hidden className="mr-1 shrink-0 text-text-muted">
        {label}
      </span>
      {chips.map(({ text, run }) => (
        <button
          key={text}
          type="button"
          onClick={run}
          className="min-h-11 min-w-11 shrink-0 rounded-md border border-line-strong px-3 text-text hover:bg-surface-hover"
        >
          {text}
        </button>
      ))}
    </div>
  );
}
