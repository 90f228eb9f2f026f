export const staging = {
  title: 'Workspace',
  about: 'Watch it being made, then keep it or let it go.',
  emptyTitle: 'What would you like to see?',
  emptyText: 'Write it below, or begin with one of these:',
  useExample: (prompt: string) => `Use the prompt: ${prompt}`,
  grid: 'Being made and waiting for you',
  keepAll: (count: number) => `Keep all ${count}`,
  ready: (prompt: string) => `Ready: ${prompt}`,
  failed: (prompt: string, why: string) => `Did not work: ${prompt}. ${why}`,
  progressOf: (prompt: string) => `Being made: ${prompt}`,
  understands: 'What the model understands',
};
