/** Sentences on the page in place of figures, and of all of a page. */

/** Says something in place of a figure. Its still picture, if it has one, is seen below. */
export function sayInPlaceOf(host: Element, sentence: string): void {
  sayBesideStill(host, sentence);
  host.shadowRoot?.replaceChildren(document.createElement("slot"));
}

/** Says something at the top of a page that was saved as a file, in `page`, its first element. */
export function sayOfPage(page: Element, sentence: string): void {
  if (page.firstElementChild) sayBesideStill(page.firstElementChild, sentence);
  page.classList.add("broken"); // shown by the page's own styles
}

/** Says something above a figure's still picture, where a slot of the figure shows them. It is a new element, because the old one is hidden for the time in which figures usually appear. */
export function sayBesideStill(place: Element, sentence: string): void {
  const alert = document.createElement("div");
  alert.setAttribute("role", "alert");
  alert.textContent = sentence;
  const old = place.querySelector(":scope > span, :scope > [role=alert]");
  if (old) old.replaceWith(alert);
  else place.prepend(alert);
}

/** What went wrong, for readers. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
