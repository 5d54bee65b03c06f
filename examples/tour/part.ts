/** Runs one part of the tour under a heading. */
export async function part(title: string, body: () => Promise<unknown>): Promise<void> {
  console.log(`\n== ${title}`);
  await body();
}
