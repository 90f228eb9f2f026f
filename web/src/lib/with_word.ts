const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The prompt with another thing in place of a word, and the article before it right. */
export function withWord(prompt: string, word: string, other: string): string {
  const article = /^(?!uni|ufo)[aeiou]/i.test(other) ? 'an' : 'a';
  const wanted = new RegExp(`(^|[^\\p{L}])((an?)(\\s+))?${escaped(word)}(?!\\p{L})`, 'giu');
  return prompt.replace(wanted, (_, before: string, _phrase, written?: string, blank?: string) => {
    if (written === undefined || blank === undefined) return before + other;
    const put = written.startsWith('A') ? article.replace('a', 'A') : article;
    return before + put + blank + other;
  });
}
