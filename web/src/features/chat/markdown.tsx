import Markdown, { type Components } from 'react-markdown';

/** An answer is read as text with marks and never as HTML. Pictures are not fetched from anywhere: their words are shown. */
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-accent underline">
      {children}
    </a>
  ),
  img: ({ alt }) => <span>{alt}</span>,
  h1: ({ children }) => <h3 className="text-lg font-semibold">{children}</h3>,
  h2: ({ children }) => <h3 className="text-lg font-semibold">{children}</h3>,
  h3: ({ children }) => <h3 className="font-semibold">{children}</h3>,
  ul: ({ children }) => <ul className="list-disc ps-6">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="list-decimal ps-6">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote className="border-s-2 border-line ps-3">{children}</blockquote>,
  code: ({ children }) => <code className="rounded-sm bg-surface-hover px-1 text-sm">{children}</code>,
  pre: ({ children }) => (
    // It scrolls by keyboard, too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} className="max-w-full overflow-x-auto rounded-md bg-surface-hover p-3">
      {children}
    </pre>
  ),
};

export default function MarkdownText({ text }: { text: string }) {
  return <Markdown components={components}>{text}</Markdown>;
}
