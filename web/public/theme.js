// Runs before the first paint, so that nobody sees the other theme flash by.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('ourvidz.theme');
  } catch {
    // Storage may be closed to us; the system's choice is a good one.
  }
  var light =
    choice === 'light' || (choice !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
