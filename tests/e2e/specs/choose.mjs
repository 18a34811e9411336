// Choosing a file as the page asks for it, or one of a list.

/** Presses a key that asks for a file and gives it one: a path, or a name with bytes. */
export async function choose(page, key, file) {
  const asking = page.waitForEvent('filechooser');
  // The browser has to know that somebody is listening before the page asks.
  await page.evaluate(() => document.readyState);
  await page.keyboard.press(key);
  await (await asking).setFiles(file);
}

/** Chooses one of a list. */
export async function pick(page, label, option) {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).first().click();
}
