import { more as words } from '@/lib/messages/more';
import { shortcutsHelp } from '@/lib/shortcuts_help';
import { useStore } from '@/lib/store';
import { Sheet } from './sheet';

export function ShortcutsSheet() {
  const open = useStore(shortcutsHelp);
  return (
    <Sheet open={open} onOpenChange={(next) => shortcutsHelp.set(() => next)} title={words.shortcuts}>
      <div className="grid gap-5 sm:grid-cols-2">
        {words.shortcutGroups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h3 className="mb-2 text-sm font-semibold text-text-muted">{group.name}</h3>
            <dl className="grid gap-2">
              {group.keys.map(([key, meaning]) => (
                <div key={key} className="flex items-baseline justify-between gap-4">
                  <dt className="order-2 shrink-0">
                    <kbd className="rounded-sm border border-line-strong px-1.5 py-0.5 font-sans text-xs">
                      {key}
                    </kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}
