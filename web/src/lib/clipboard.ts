import { assets as words } from './messages/assets';
import { toast } from './toasts';

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(words.copied);
  } catch {
    toast(words.copyFailed, { tone: 'danger' });
  }
}
