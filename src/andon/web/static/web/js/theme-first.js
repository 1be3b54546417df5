// Runs before the first paint, so that a remembered theme never flashes. Not a module on purpose.
try {
  const remembered = localStorage.getItem("andon.theme");
  if (remembered === "light" || remembered === "dark") document.documentElement.dataset.theme = remembered;
} catch {
  // Storage is refused: the device's own choice holds.
}
