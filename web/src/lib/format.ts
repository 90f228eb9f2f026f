const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

type Span = { unit: 's' | 'min' | 'h'; low: number; high: number };

/** An honest range in the unit that people would use; never zero, never "8–8". */
function span(lowMs: number, highMs: number): Span {
  const unit = highMs < 100_000 ? 's' : highMs < 5_400_000 ? 'min' : 'h';
  const size = unit === 's' ? 1_000 : unit === 'min' ? 60_000 : 3_600_000;
  const low = Math.max(1, Math.floor(lowMs / size));
  return { unit, low, high: Math.max(low, Math.ceil(highMs / size)) };
}

export function formatSpan(lowMs: number, highMs: number): string {
  const { unit, low, high } = span(lowMs, highMs);
  return low === high ? `${low} ${unit}` : `${low}–${high} ${unit}`;
}

/** The middle, and what it may take at most when it goes badly: "40 s, up to 2 min". */
export function formatUpTo(middleMs: number, highMs: number): string {
  const middle = span(middleMs, middleMs);
  const high = span(highMs, highMs);
  const usual = `${middle.high} ${middle.unit}`;
  return middle.unit === high.unit && high.high <= middle.high
    ? usual
    : `${usual}, up to ${high.high} ${high.unit}`;
}

/** How long something has taken. */
export function formatTook(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Minutes and seconds, as players show them. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function formatAge(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  if (Number.isNaN(seconds)) return '';
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(0, 'minute');
}

export function formatDate(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : dateTime.format(at);
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
