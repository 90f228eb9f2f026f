export const library = {
  title: 'Library',
  kept: 'Kept',
  trash: 'Trash',
  view: 'What to show',
  emptyTitle: 'Nothing kept yet',
  emptyText: 'Pictures and clips that you keep in the workspace live here.',
  trashEmptyTitle: 'The trash is empty',
  trashEmptyText: (days: number | null) =>
    days === null
      ? 'What you discard waits here and can be brought back.'
      : `What you discard waits here for ${days === 1 ? 'a day' : `${days} days`} and can be brought back.`,
  trashSize: (count: number, size: string) => `${count === 1 ? '1 item' : `${count} items`}, ${size}`,
  trashAbout: (days: number) =>
    `What you discard waits here for ${days === 1 ? 'a day' : `${days} days`} and can be brought back. Then it is deleted for good, with its files.`,
  emptyTrash: 'Empty trash',
  emptying: 'Emptying…',
  emptyTrashTitle: 'Empty the trash?',
  emptyTrashAsk: (count: number, size: string) =>
    `${count === 1 ? 'The one item' : `All ${count} items`} in it, ${size}, ${count === 1 ? 'is' : 'are'} deleted for good. There is no way back from this.`,
  emptyTrashDo: (count: number) => `Delete ${count === 1 ? '1 item' : `${count} items`} for good`,
  emptied: (count: number, size: string) =>
    `${count === 1 ? '1 item' : `${count} items`} deleted for good. ${size} given back.`,
  emptiedRest: (count: number) =>
    count === 1
      ? 'Something is being made with the other one; it follows by itself.'
      : `The other ${count} follow by themselves.`,
  emptiedAlready: 'The trash is empty.',
  emptiedNone: 'Something is being made with what is left; it is deleted as soon as that is done.',
  grid: 'Your library',
  trashGrid: 'Your trash',
  failed: 'The library could not be read.',
};
