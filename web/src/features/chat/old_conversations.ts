import * as z from 'zod/mini';
import type { BroughtMessage, NewConversation } from '@/api/types';
import { readStored, writeStored } from '@/lib/storage';

/** As conversations were kept before the studio had them: in the browser, each a list. */
const conversationsSchema = z.object({
  conversations: z.array(
    z.object({
      id: z.string(),
      changedAt: z.number(),
      messages: z.array(
        z.object({
          id: z.string(),
          role: z.enum(['user', 'assistant']),
          text: z.string(),
          state: z.enum(['done', 'writing', 'stopped', 'failed']),
        }),
      ),
    }),
  ),
  /** They were not to be brought in. */
  left: z.optional(z.boolean()),
});
type Old = z.infer<typeof conversationsSchema>;
export type OldConversation = Old['conversations'][number];

const storageKey = 'ourvidz.conversations';
const messageBytesMax = 4096;
const answerBytesMax = 32_768;

const read = (): Old =>
  readStored(storageKey, (raw) => z.parse(conversationsSchema, raw)) ?? { conversations: [] };

/** Those that only this browser has, oldest first, so that the newest is the last to be changed. */
export function oldConversations(): OldConversation[] {
  const { conversations, left } = read();
  if (left === true) return [];
  return conversations
    .filter(({ messages }) => messages.length > 0)
    .toSorted((a, b) => a.changedAt - b.changedAt);
}

/** Another tab may have brought in some of them meanwhile: what is there now counts. */
export function forgetOld(id: string): void {
  const { conversations, ...rest } = read();
  writeStored(storageKey, { ...rest, conversations: conversations.filter((one) => one.id !== id) });
}

export function leaveOld(): void {
  writeStored(storageKey, { ...read(), left: true });
}

/** The longest beginning that fits; never half a letter. */
export function cutToBytes(text: string, bytesMax: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return text;
  return new TextDecoder().decode(bytes.subarray(0, bytesMax)).replace(/\uFFFD+$/u, '');
}

const refused = /[\p{Cc}\p{Noncharacter_Code_Point}]/gu;

/** Without the characters that the studio takes in no text. */
const clean = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(refused, (one) => (one === '\n' || one === '\t' ? one : ''));

type OldMessage = OldConversation['messages'][number];

/** The answer as it is brought in; a question that never got one is one whose answer failed, and can be asked again. */
function answerOf(message: OldMessage | null, question: OldMessage): BroughtMessage {
  const said = clean(message?.text ?? '');
  const brought = { parent_id: question.id, role: 'assistant' } as const;
  if (!message || said.trim() === '') {
    return { ...brought, id: message?.id ?? `no-answer-${question.id}`, text: '', state: 'failed' };
  }
  const state = message.state === 'writing' ? 'stopped' : message.state;
  return { ...brought, id: message.id, text: cutToBytes(said, answerBytesMax), state };
}

/** What was said in it, each behind the one before. */
export function broughtFromOld(old: OldConversation): NewConversation {
  const messages: BroughtMessage[] = [];
  const bring = (question: OldMessage, answer: OldMessage | null) => {
    const asked = clean(question.text);
    if (asked.trim() === '') return;
    const parent = messages.at(-1)?.id ?? null;
    messages.push(
      { id: question.id, parent_id: parent, role: 'user', text: cutToBytes(asked, messageBytesMax) },
      answerOf(answer, question),
    );
  };
  let open: OldMessage | null = null;
  for (const message of old.messages) {
    if (open) bring(open, message.role === 'assistant' ? message : null);
    open = message.role === 'user' ? message : null;
  }
  if (open) bring(open, null);
  return { messages };
}
