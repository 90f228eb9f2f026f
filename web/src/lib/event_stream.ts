/** One server-sent event. `id` is null for events that are not stored and never replayed. */
export interface StreamEvent {
  type: string;
  data: string;
  id: string | null;
}

/** Longest unfinished line that is kept; a server that sends more is not ours. */
const maxPendingChars = 4 * 1024 * 1024;

/** Cuts a stream of text, in pieces of any length, into server-sent events. */
export class EventParser {
  private pending = '';
  private type = '';
  private data: string[] = [];
  private id: string | null = null;

  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.pending += text;
    let start = 0;
    for (;;) {
      const end = this.pending.indexOf('\n', start);
      if (end < 0) break;
      const stop = end > start && this.pending[end - 1] === '\r' ? end - 1 : end;
      const event = this.line(this.pending.slice(start, stop));
      if (event) events.push(event);
      start = end + 1;
    }
    this.pending = this.pending.slice(start);
    if (this.pending.length > maxPendingChars) throw new Error('event too long');
    return events;
  }

  private line(line: string): StreamEvent | null {
    if (line === '') return this.finish();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'event') this.type = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id') this.id = value;
    return null;
  }

  private finish(): StreamEvent | null {
    const event =
      this.data.length > 0
        ? { type: this.type === '' ? 'message' : this.type, data: this.data.join('\n'), id: this.id }
        : null;
    this.type = '';
    this.data = [];
    this.id = null;
    return event;
  }
}
