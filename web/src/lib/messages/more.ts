const parts: Record<string, string> = { node: 'Machine' };
const workers: Record<string, string> = {
  image: 'Makes pictures',
  video: 'Makes clips',
  chat: 'Writes text',
};

export const more = {
  title: 'More',
  appearance: 'Appearance',
  theme: 'Theme',
  themes: { system: 'System', dark: 'Dark', light: 'Light' },
  models: 'Models',
  modelsAbout: 'What this studio can use, and what it uses now.',
  installed: 'Installed',
  notInstalled: 'Not installed',
  serves: 'Serves',
  servesNothing: 'Not in use: another model serves its kinds.',
  could: 'Could serve',
  missing: (files: number) =>
    `${files === 1 ? 'One file is' : `${files} files are`} not here; “ourvidz models list” says which.`,
  memory: (mb: string) => `${mb} of memory`,
  credits: 'Credits',
  creditsAbout:
    'One credit pays for one picture or one clip; talking is free. What fails or is canceled costs nothing.',
  health: 'Health',
  /** A part of the studio, by the name that the server has for it. */
  part: (name: string) => {
    const [, kind = '', number = '0'] = /^worker:(\w+):(\d+)$/.exec(name) ?? [];
    const made = workers[kind];
    if (made === undefined) return parts[name] ?? name;
    return number === '0' ? made : `${made}, ${Number(number) + 1}`;
  },
  healthOk: 'Everything works.',
  healthDegraded: 'Something needs attention.',
  working: 'Works',
  notWorking: 'Needs attention',
  queue: 'Queue',
  queueOf: (queued: number, running: number) => `${queued} waiting, ${running} running`,
  dead: (count: number) => `${count} given up in the past day`,
  about: 'About',
  version: (version: string) => `OurVidz ${version}`,
  since: (date: string) => `Running since ${date}`,
  shortcuts: 'Keyboard shortcuts',
  showShortcuts: 'Show keyboard shortcuts',
  failed: 'The server does not answer.',
  shortcutGroups: [
    {
      name: 'Everywhere',
      keys: [
        ['?', 'Show this list'],
        ['u', 'Undo what was kept or discarded last'],
        ['/', 'Write a prompt'],
        ['Esc', 'Close what is open'],
      ],
    },
    {
      name: 'Composer',
      keys: [
        ['Enter', 'Generate'],
        ['Ctrl Enter', 'Generate, also on a phone keyboard'],
        ['Shift Enter', 'New line'],
      ],
    },
    {
      name: 'A tile or the viewer',
      keys: [
        ['Arrows', 'From tile to tile'],
        ['Enter', 'Open a tile'],
        ['m', 'More for a tile'],
        ['k', 'Keep'],
        ['d', 'Discard'],
        ['c', 'Choose a draft'],
      ],
    },
    {
      name: 'Viewer',
      keys: [
        ['← →', 'Previous and next'],
        ['Space', 'Play or pause a clip'],
        ['+ − 0', 'Larger, smaller, whole'],
        ['Arrows', 'Move what is enlarged'],
        ['i', 'How this was made'],
        ['a', 'Use all settings'],
        ['r', 'Remix: all but the seed'],
        ['p', 'Use the prompt only'],
        ['s', 'Use the seed only'],
      ],
    },
  ] as { name: string; keys: [string, string][] }[],
};
