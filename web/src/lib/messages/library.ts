export const library = {
  title: 'Library',
  kept: 'Kept',
  trash: 'Trash',
  view: 'What to show',
  emptyTitle: 'Nothing kept yet',
  emptyText: 'Pictures and clips that you keep in the workspace live here.',
  trashEmptyTitle: 'The trash is empty',
  trashEmptyText: 'What you discard waits here and can be brought back.',
  grid: 'Your library',
  trashGrid: 'Your trash',
  failed: 'The library could not be read.',
};
